/**
 * Importance weights of configurations, from their logarithms: how many configurations they are worth, and which ones to
 * take, each as often as its weight says. Not here: where the weights come from.
 */

/** exp of the logarithms, 1 on average. */
export function weightsOf(logarithms: ArrayLike<number>): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logarithms.length; i++) largest = Math.max(largest, logarithms[i]!);
  return normalised(Float64Array.from(logarithms, (one) => Math.exp(one - largest)));
}

const normalised = (weights: Float64Array): Float64Array => {
  const mean = weights.reduce((total, weight) => total + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
};

/** Of all weights, the largest ones, which no others exceed once they are bounded. */
const BOUNDED = 1e-3;

/** Fitted weights at the rim of the data are chance, and one of them may outweigh all others: none exceeds those of the last thousandth. */
export function boundedWeights(weights: Float64Array): Float64Array {
  const sorted = weights.toSorted();
  const most = sorted[Math.floor((1 - BOUNDED) * (sorted.length - 1))]!;
  return normalised(weights.map((weight) => Math.min(weight, most)));
}

/** (Σw)²/Σw²: how many independent configurations of equal weight would tell as much. */
export function effectiveCount(weights: ArrayLike<number>): number {
  let [total, squares] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    total += weights[i]!;
    squares += weights[i]! ** 2;
  }
  return squares > 0 ? total ** 2 / squares : 0;
}

/**
 * `count` indices in rising order, each as often as its weight says, rounded up or down: systematic resampling, of all ways
 * to draw the one that adds the least noise.
 */
export function drawnByWeight(weights: ArrayLike<number>, count = weights.length): Uint32Array {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  const drawn = new Uint32Array(count);
  let [taken, sum] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    while (taken < count && (taken + 0.5) * total <= sum * count) drawn[taken++] = i;
  }
  // Rounding of the sums may leave the last one out.
  drawn.fill(weights.length - 1, taken);
  return drawn;
}
