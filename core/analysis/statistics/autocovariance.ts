/**
 * Autocovariance of a quantity over independent replicas about a given mean, by Fourier transforms: C(k) is the sum over
 * replicas and times of (x(t) − μ)(x(t + k) − μ), divided by the number of all values. Lags in frames; unit squared.
 * So divided, C(k) holds the weight 1 − k/n with which the variance of a replica's mean counts it.
 */

/** Replicas may differ in length; lags up to the longest. */
export function autocovariance(replicas: readonly ArrayLike<number>[], mean: number): Float64Array {
  const longest = replicas.reduce((most, { length }) => Math.max(most, length), 0);
  const count = replicas.reduce((sum, { length }) => sum + length, 0);
  let size = 1;
  while (size < 2 * longest) size *= 2;
  const power = new Float64Array(size);
  for (const replica of replicas) {
    const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
    for (let t = 0; t < replica.length; t++) real[t] = replica[t]! - mean;
    transform(real, imaginary);
    for (let i = 0; i < size; i++) power[i]! += real[i]! ** 2 + imaginary[i]! ** 2;
  }
  // The power spectrum is symmetric, so that transforming it forward is transforming it back.
  transform(power, new Float64Array(size));
  return power.slice(0, longest).map((value) => value / size / count);
}

/** In place; the length is a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [real[i], real[j]] = [real[j]!, real[i]!];
    [imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!];
  }
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k++) {
      const [cosine, sine] = [Math.cos((Math.PI * k) / half), -Math.sin((Math.PI * k) / half)];
      for (let i = k; i < size; i += 2 * half) {
        const j = i + half;
        const a = cosine * real[j]! - sine * imaginary[j]!;
        const b = cosine * imaginary[j]! + sine * real[j]!;
        [real[j], imaginary[j]] = [real[i]! - a, imaginary[i]! - b];
        real[i]! += a;
        imaginary[i]! += b;
      }
    }
  }
}
