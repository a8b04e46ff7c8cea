/**
 * Curves that can be read under noise: at each point the mean of an exponential mean over about `points` points before
 * it and one over as many after it, so that a falling curve is not drawn late. Each is divided by the weight it has so
 * far, which takes the bias from its ends. Values that are no numbers leave a gap and are not averaged.
 */
export function smoothed(values: ArrayLike<number>, points: number): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  const keep = Math.exp(-1 / Math.max(points, 1e-3));
  sweep(values, keep, 0, 1, (i, mean) => {
    result[i] = mean / 2;
  });
  sweep(values, keep, values.length - 1, -1, (i, mean) => {
    result[i]! += mean / 2;
  });
  return result;
}

function sweep(
  values: ArrayLike<number>,
  keep: number,
  from: number,
  step: 1 | -1,
  at: (i: number, mean: number) => void,
) {
  let sum = 0;
  let weight = 0;
  for (let i = from; i >= 0 && i < values.length; i += step) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    at(i, sum / weight);
  }
}
