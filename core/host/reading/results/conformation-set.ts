/**
 * Configurations that belong together, wherever they are: what a run learned from, drew, or simulated. Rows are counted
 * frame after frame, of each frame all replicas; a replica that stopped has no rows from there on. nm, ps; reduced units
 * for toys. Not here: where they are stored (stored-sets.ts), or what is made of them.
 */
import type { SetName } from '../../contract.ts';

export interface Rows {
  /** Index of the first of them. */
  readonly first: number;
  /** From the index of one to that of the next. */
  readonly stride: number;
  /** One after the other. */
  readonly positions: Float32Array;
}

export interface Place {
  readonly frame: number;
  readonly replica: number;
}

export interface ConformationSet {
  readonly name: SetName;
  /** Of the replica that has most. */
  readonly frames: number;
  readonly replicas: number;
  /** Frames that a replica has. */
  length(replica: number): number;
  /** ps between frames, where they follow one another in time. */
  readonly timeStep: number | null;
  /** Sentences about what is wrong with its files. */
  readonly problems: readonly string[];
  /** Says what the numbers are: the same as long as its files are. */
  readonly key: string;
  /** Frame of its files that a row is, where rows were drawn from them. */
  frameOf?(row: number): number;
  /** All that there are, some at a time. */
  rows(signal: AbortSignal): AsyncIterable<Rows>;
  /** One; a sentence where there is none. */
  row(place: Place): Promise<Row>;
}

export interface Row {
  readonly positions: Float32Array<ArrayBuffer>;
  readonly time: number | null;
}

export const placeOf = ({ replicas }: ConformationSet, row: number): Place => ({
  frame: Math.floor(row / replicas),
  replica: row % replicas,
});
