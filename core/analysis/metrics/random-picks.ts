/**
 * Random parts of a set of frames, without repetition: the same for the same seed. Not the draws of a model.
 */
import { uniformSource } from '../../systems/toys/gaussian.ts';
import type { Picked } from './sorted-values.ts';

export interface Pick extends Picked {
  readonly indices: Uint32Array;
}

export class RandomPicks {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = uniformSource(seed);
  }

  /** So many of `size` frames for each part; no frame is in two of them. */
  parts(size: number, ...counts: readonly number[]): Pick[] {
    const order = Uint32Array.from({ length: size }, (_, i) => i);
    const wanted = counts.reduce((sum, count) => sum + count, 0);
    for (let i = 0; i < wanted; i++) {
      const j = i + Math.floor((this.#next() / 2 ** 32) * (size - i));
      const frame = order[j]!;
      order[j] = order[i]!;
      order[i] = frame;
    }
    let start = 0;
    return counts.map((count) => {
      start += count;
      return pickOf(order.subarray(start - count, start), size);
    });
  }
}

function pickOf(indices: Uint32Array, size: number): Pick {
  const has = new Uint8Array(size);
  for (const index of indices) has[index] = 1;
  return { count: indices.length, has, indices };
}
