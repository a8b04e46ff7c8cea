/**
 * The random numbers of a whole batch at once, for engines that take them from the host.
 *
 * Number for number what `philox4x32` gives for the counter (sample, block, step, stream), written without an
 * allocation per block. Not a source of its own: `philox.ts` says what the numbers are.
 */
import { keyOf, uniformFromWord } from './philox.ts';

export interface Draw {
  readonly kind: 'uniform' | 'normal';
  /** Numbers per sample. */
  readonly size: number;
  readonly samples: number;
  readonly firstSample: number;
  readonly step: number;
  readonly stream: number;
  readonly seed: number;
}

const words = new Uint32Array(4);

function multiplyHigh(aLow: number, aHigh: number, b: number): number {
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const first = aHigh * bLow + ((aLow * bLow) >>> 16);
  const second = aLow * bHigh + (first & 0xffff);
  return (Math.imul(aHigh, bHigh) + (first >>> 16) + (second >>> 16)) | 0;
}

function fillWords(sample: number, block: number, step: number, stream: number, k0: number, k1: number): void {
  let c0 = sample | 0;
  let c1 = block | 0;
  let c2 = step | 0;
  let c3 = stream | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0x1f53, 0xd251, c0);
    const high1 = multiplyHigh(0x8d57, 0xcd9e, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    c0 = high1 ^ c1 ^ k0;
    c1 = Math.imul(0xcd9e8d57, c2);
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

const { fround, sqrt, log, cos, sin, PI } = Math;

/** Row-major [samples, size]. */
export function randomArray({ kind, size, samples, firstSample, step, stream, seed }: Draw): Float32Array {
  const out = new Float32Array(samples * size);
  const [k0, k1] = keyOf(seed);
  for (let s = 0; s < samples; s++) {
    const end = (s + 1) * size;
    for (let at = s * size, block = 0; at < end; at += 4, block++) {
      fillWords(firstSample + s, block, step, stream, k0, k1);
      const count = Math.min(4, end - at);
      if (kind === 'uniform') {
        for (let w = 0; w < count; w++) out[at + w] = uniformFromWord(words[w]!);
        continue;
      }
      for (let w = 0; w < count; w += 2) {
        const radius = sqrt(-2 * log(fround(fround(fround(words[w]!) + 0.5) * 2 ** -32)));
        const angle = 2 * PI * uniformFromWord(words[w + 1]!);
        out[at + w] = radius * cos(angle);
        if (w + 1 < count) out[at + w + 1] = radius * sin(angle);
      }
    }
  }
  return out;
}
