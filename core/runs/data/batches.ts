/**
 * Which configurations each training step sees: passes over the shuffled data, one after the other. Molecules of
 * different sizes, or with different kinds of beads where a network knows beads by them, cannot share a step, as nothing is
 * padded: every size has chunks of steps in proportion to its data. A batch is a function of seed and step alone, so a resumed run sees what an uninterrupted one would have seen.
 */

import { type ColumnName, columns as columnKinds } from '../../models/columns.ts';
import type { ConfigurationSize } from '../../models/network.ts';
import { keyOf, philox4x32 } from '../../program/philox.ts';
import { sizeOf } from '../../program/tensor.ts';
import { alike, sizeOfSet, type TrainingSet } from './data-set.ts';

/** Steps of one size before another may follow: changing it costs a copy of the weights. */
const CHUNK_STEPS = 16;

export interface Chunk {
  /** Index in `shapes`. */
  readonly size: number;
  readonly count: number;
}

export class Batches {
  readonly #batch: number;
  readonly #sizes: readonly Shuffled[];
  /** Size of each chunk so far, and how many chunks each size had before it. */
  readonly #order: number[] = [];
  readonly #before: number[][] = [];

  /** `wanted`: columns that every set has; positions, and features where there are any, unless given. */
  constructor(sets: readonly TrainingSet[], batch: number, seed: number, wanted?: readonly ColumnName[]) {
    this.#batch = batch;
    this.#sizes = alike(sets).map((own, i) => new Shuffled(own, seed, i, wanted));
  }

  /** One for each size of molecule. */
  get sizes(): readonly ConfigurationSize[] {
    return this.#sizes.map(({ size }) => size);
  }

  /** Steps from `from` on, at most `most`, that are of one size. */
  chunk(from: number, most: number): Chunk {
    if (this.#sizes.length === 1) return { size: 0, count: most };
    const chunk = Math.floor(from / CHUNK_STEPS);
    return { size: this.#sizeAt(chunk), count: Math.min(most, (chunk + 1) * CHUNK_STEPS - from) };
  }

  /** The program inputs of the wanted columns, by their names, one sample after the other. */
  inputs(from: number, { size, count }: Chunk): Readonly<Record<string, Float32Array>> {
    const own = this.#sizes[size]!;
    const first = this.#sizes.length === 1 ? from : this.#stepsBefore(size, from);
    return own.rows(first * this.#batch, count * this.#batch);
  }

  /** Always the size that is furthest behind its fraction of the steps. */
  #sizeAt(chunk: number): number {
    const total = this.#sizes.reduce((sum, { count }) => sum + count, 0);
    while (this.#order.length <= chunk) {
      const i = this.#order.length;
      const before = i === 0 ? this.#sizes.map(() => 0) : [...this.#before[i - 1]!];
      if (i > 0) before[this.#order[i - 1]!]!++;
      const behind = this.#sizes.map(({ count }, size) => ((i + 1) * count) / total - before[size]!);
      this.#before.push(before);
      this.#order.push(behind.indexOf(Math.max(...behind)));
    }
    return this.#order[chunk]!;
  }

  #stepsBefore(size: number, step: number): number {
    const chunk = Math.floor(step / CHUNK_STEPS);
    this.#sizeAt(chunk);
    return this.#before[chunk]![size]! * CHUNK_STEPS + (step % CHUNK_STEPS);
  }
}

/** Where each sample is in its batch, in [0, 1), batch after batch: the input `stratum` of programs that train. */
export const strataOf = (batch: number, batches = 1): Float32Array =>
  Float32Array.from({ length: batches * batch }, (_, row) => (row % batch) / batch);

/** Configurations of one size, in passes. */
class Shuffled {
  readonly size: ConfigurationSize;
  readonly count: number;
  readonly #sets: readonly TrainingSet[];
  readonly #wanted: readonly ColumnName[];
  /** Number of the first configuration of each set. */
  readonly #starts: readonly number[];
  readonly #key: readonly [number, number];
  readonly #stream: number;
  #pass = -1;
  #order = new Uint32Array(0);

  constructor(sets: readonly TrainingSet[], seed: number, index: number, wanted?: readonly ColumnName[]) {
    const { columns } = sets[0]!;
    this.size = sizeOfSet(sets[0]!);
    this.#wanted = wanted ?? (columns.features ? ['positions', 'features'] : ['positions']);
    this.#sets = sets;
    let count = 0;
    this.#starts = sets.map((set) => {
      count += set.count;
      return count - set.count;
    });
    this.count = count;
    this.#key = keyOf(seed);
    this.#stream = SHUFFLE_STREAM - index;
  }

  rows(from: number, count: number): Record<string, Float32Array> {
    const gathered = this.#wanted.map((name) => {
      const { input, isShared } = columnKinds[name];
      const sources = this.#sets.map(({ columns }) => columns[name]!.values);
      const width = sizeOf(this.#sets[0]!.columns[name]!.shape);
      return { input, isShared, sources, width, rows: new Float32Array(count * width) };
    });
    for (let row = 0; row < count; row++) {
      const pass = Math.floor((from + row) / this.count);
      if (pass !== this.#pass) this.#shuffle(pass);
      const { set, within } = this.#find(this.#order[from + row - pass * this.count]!);
      for (const { isShared, sources, width, rows } of gathered) {
        const values = sources[set]!;
        const at = isShared ? 0 : within * width;
        for (let i = 0; i < width; i++) rows[row * width + i] = values[at + i]!;
      }
    }
    return Object.fromEntries(gathered.map(({ input, rows }) => [input, rows]));
  }

  /** Index of its set, and its own in there. */
  #find(chosen: number): { set: number; within: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= chosen) low = middle;
      else high = middle - 1;
    }
    return { set: low, within: chosen - this.#starts[low]! };
  }

  /** Fisher–Yates with counter-based draws. */
  #shuffle(pass: number): void {
    const order = Uint32Array.from({ length: this.count }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const [word] = philox4x32([i, 0, pass, this.#stream], this.#key);
      const j = Math.floor(((word + 0.5) / 2 ** 32) * (i + 1));
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    this.#order = order;
    this.#pass = pass;
  }
}

/** Apart from every stream of `diffusion/streams.ts`; further sizes count down from it. */
const SHUFFLE_STREAM = 0xffff;
