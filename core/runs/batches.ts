/**
 * Which samples each training step sees: passes over the shuffled data, one after the other.
 * A batch is a function of seed and step alone, so a resumed run sees what an uninterrupted one would have seen.
 */
import { keyOf, philox4x32 } from '../program/philox.ts';
import type { DataSet } from './training-data.ts';

export class Batches {
  readonly #data: DataSet;
  readonly #batch: number;
  readonly #key: readonly [number, number];
  #pass = -1;
  #order = new Uint32Array(0);

  constructor(data: DataSet, batch: number, seed: number) {
    this.#data = data;
    this.#batch = batch;
    this.#key = keyOf(seed);
  }

  /** The samples of `count` steps from step `from` on, one after the other. */
  steps(from: number, count: number): Float32Array {
    const { dimension, count: samples, values } = this.#data;
    const rows = count * this.#batch;
    const out = new Float32Array(rows * dimension);
    for (let row = 0; row < rows; row++) {
      const position = from * this.#batch + row;
      const pass = Math.floor(position / samples);
      if (pass !== this.#pass) this.#shuffle(pass);
      const sample = this.#order[position - pass * samples]!;
      for (let axis = 0; axis < dimension; axis++) out[row * dimension + axis] = values[sample * dimension + axis]!;
    }
    return out;
  }

  /** Fisher–Yates with counter-based draws. */
  #shuffle(pass: number): void {
    const order = Uint32Array.from({ length: this.#data.count }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const [word] = philox4x32([i, 0, pass, SHUFFLE_STREAM], this.#key);
      const j = Math.floor(((word + 0.5) / 2 ** 32) * (i + 1));
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    this.#order = order;
    this.#pass = pass;
  }
}

/** Apart from every stream of `diffusion/streams.ts`. */
const SHUFFLE_STREAM = 0xffff;
