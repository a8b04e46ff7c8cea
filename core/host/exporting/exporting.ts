/** What every export works with. */
import type { Reading } from '../reading/reading.ts';
import type { OpenRun } from '../reading/results/open-run.ts';

export interface Exporting extends Reading {
  readonly run: OpenRun;
  /** The folder that the files come into. */
  readonly into: string;
  /** What the names of all of them begin with. */
  readonly stem: string;
  /** Told of every file that has been written. */
  wrote(path: string): void;
}
