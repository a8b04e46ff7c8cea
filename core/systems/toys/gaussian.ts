/**
 * A seeded stream of standard normal numbers for generating toy data: xoshiro128** (Blackman and Vigna, 2018) seeded
 * by splitmix32, turned into pairs by Box–Muller. A sequential stream for one chain only; models, training and
 * dynamics draw from the counter-based generator of `program/philox.ts`.
 */
import { ErgodicError } from '../../errors.ts';

function splitmix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}

/** Uniform unsigned 32-bit integers. */
export function uniformSource(seed: number): () => number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ErgodicError(`A seed must be a whole number from 0 to 2^53 − 1, not ${seed}.`);
  }
  const low = splitmix32(seed);
  const high = splitmix32(Math.floor(seed / 2 ** 32) ^ 0x5bd1e995);
  let a = low() ^ high();
  let b = low() ^ high();
  let c = low() ^ high();
  let d = low() ^ high() || 1;
  return () => {
    const m = Math.imul(b, 5);
    const result = Math.imul((m << 7) | (m >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
}

/** Independent normal numbers of mean 0 and variance 1. */
export function gaussianSource(seed: number): () => number {
  const next = uniformSource(seed);
  let spare = 0;
  let hasSpare = false;
  return () => {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    // 53 bits in (0, 1]: the logarithm is finite and the tail reaches beyond 8 standard deviations.
    const uniform = ((next() >>> 5) * 67108864 + (next() >>> 6) + 1) / 9007199254740992;
    const radius = Math.sqrt(-2 * Math.log(uniform));
    const angle = 2 * Math.PI * (next() / 4294967296);
    spare = radius * Math.sin(angle);
    hasSpare = true;
    return radius * Math.cos(angle);
  };
}
