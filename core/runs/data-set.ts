/**
 * Configurations in memory, as numbers: what a run learns from and is compared with.
 */
import { createHash } from 'node:crypto';
import type { Shape } from '../program/tensor.ts';

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

/** What a run remembers of data from files, to notice when it goes on with other data. */
export function fingerprint(sets: readonly DataSet[]): string {
  const hash = createHash('sha256');
  for (const { values } of sets) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
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
