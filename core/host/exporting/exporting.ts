/** What every export works with. */
import type { OpenRun } from '../reading/open-run.ts';
import type { Reading } from '../reading/reading.ts';

export interface Exporting extends Reading {
  readonly run: OpenRun;
  /** The folder that the files come into. */
  readonly into: string;
  /** What the names of all of them begin with. */
  readonly stem: string;
  /** Told of every file that has been written. */
  wrote(path: string): void;
}
