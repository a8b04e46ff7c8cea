/**
 * Philox 4×32-10 (Salmon et al., SC 2011): random numbers as a pure function of a counter and a key.
 *
 * The product's counter is (sample, block of four elements, step, stream) and its key is the seed, so a number
 * depends neither on the tile size nor on the thread nor on the engine that draws it.
 */

/** The upper 32 bits of a product, without 64-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const carry = (aLow * bLow) >>> 16;
  const first = aHigh * bLow + carry;
  const second = aLow * bHigh + (first & 0xffff);
  return aHigh * bHigh + Math.floor(first / 65536) + Math.floor(second / 65536);
}

export type Words = readonly [number, number, number, number];

export function philox4x32(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** In (0, 1), exact in float32, so every engine draws the very same number. */
export const uniformFromWord = (word: number): number => ((word >>> 9) + 0.5) * 2 ** -23;

/** Two independent standard normals from two words (Box–Muller); the tails reach 6.7 σ. */
export function normalsFromWords(a: number, b: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(Math.fround(Math.fround(Math.fround(a) + 0.5) * 2 ** -32)));
  const angle = 2 * Math.PI * uniformFromWord(b);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Splits any non-negative integer seed into a key. */
export const keyOf = (seed: number): readonly [number, number] => [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
