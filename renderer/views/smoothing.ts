/**
 * Curves that can be read under noise: an exponential mean over about `points` points, without the bias of its start
 * (divided by the weight it has so far). Values that are no numbers leave a gap and are not averaged.
 */
export function smoothed(values: ArrayLike<number>, points: number): Float64Array {
  const keep = Math.exp(-1 / Math.max(points, 1e-3));
  const result = new Float64Array(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      result[i] = Number.NaN;
      continue;
    }
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    result[i] = sum / weight;
  }
  return result;
}
