/**
 * Quantiles of one-dimensional samples, linear between neighbouring values, and the Wasserstein-2 distance of two samples
 * from a thousand of them, √∫(F⁻¹ − G⁻¹)² (method §9): in the unit of the samples, which may differ in size. What is rarer
 * than one value in two thousand hardly counts in it.
 */

const QUANTILES = 1000;

/** `sorted`: rising. `fraction`: from 0 to 1. */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  const at = fraction * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  return at === below ? low : low + (at - below) * (sorted[below + 1]! - low);
}

/** In the middle of each of a thousand equal parts. */
export const quantilesOf = (sorted: ArrayLike<number>): Float32Array =>
  Float32Array.from({ length: QUANTILES }, (_, i) => quantile(sorted, (i + 0.5) / QUANTILES));

/** Of two samples by their `quantilesOf`. */
export function wasserstein2(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < QUANTILES; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / QUANTILES);
}
