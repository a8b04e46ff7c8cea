/**
 * Configurations in memory, as numbers: what a run learns from and is compared with.
 */
import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';
import { ErgodicError } from '../../errors.ts';
import type { Shape } from '../../program/tensor.ts';

export interface DataSet {
  /** Numbers of one configuration. */
  readonly dimension: number;
  readonly count: number;
  /** Configuration after configuration, in the units of the system (nm for molecules). */
  readonly values: Float32Array;
}

/** Configurations of one kind, as a network sees them. */
export interface TrainingSet {
  readonly shape: Shape;
  readonly data: DataSet;
  /** What the values are divided by. */
  readonly scale: number;
  /** Of the beads, where the network takes them. */
  readonly features?: { readonly shape: Shape; readonly values: Float32Array } | undefined;
}

/** Room for so many numbers, or a sentence. `what` begins it, `remedy` ends it. */
export function allocated(numbers: number, what: string, remedy: string): Float32Array<ArrayBuffer> {
  const tooMuch = () => new ErgodicError(`${what} would take ${(numbers * 4e-9).toFixed(1)} GB of memory: ${remedy}.`);
  // A system may promise more than it has, and end the process that counts on it.
  if (4 * numbers > totalmem()) throw tooMuch();
  try {
    return new Float32Array(numbers);
  } catch {
    throw tooMuch();
  }
}

/** Bytes that a hash takes at once. */
const HASHED_AT_ONCE = 2 ** 30;

/** What a run remembers of data from files, to notice when it goes on with other data. */
export function fingerprint(sets: readonly DataSet[]): string {
  const hash = createHash('sha256');
  for (const { values } of sets) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
  }
  return hash.digest('hex');
}

/** Data points evenly spaced over the data set. */
export function spaced({ values, dimension, count }: DataSet, wanted: number): Float32Array {
  const points = new Float32Array(wanted * dimension);
  for (let i = 0; i < wanted; i++) {
    const row = Math.floor(((i + 0.5) * count) / wanted) % count;
    points.set(values.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  }
  return points;
}
