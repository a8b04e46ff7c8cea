/**
 * How samples and trajectories come to disk, whatever their format: a maker hands out rows in order and says how far
 * it is; the file appears under its name when it is whole.
 */
import type { PartialRows, RowCheckpoint } from './partial-rows.ts';

/** Takes the next whole rows; waiting for it keeps the maker from running ahead of the disk. */
export type TakeRows = (rows: Float32Array) => Promise<void>;

/** What lets a maker that was interrupted go on where it was. */
export interface Continuation {
  readonly checkpoint: RowCheckpoint | undefined;
  /** The rows that are there, one number after the other. */
  readonly made?: Pick<PartialRows, 'numbers' | 'read'> | undefined;
  /** To be offered whenever the rows so far and the state belong together; not every one is kept. */
  keep(checkpoint: RowCheckpoint): Promise<void>;
}
