/**
 * The host's own log, for finding bugs: errors that were not meant for a person. Lines in a file
 * that starts over when it has grown too large. Not the log of a run.
 */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const LARGEST = 1_000_000;

export class HostLog {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  defect(error: unknown): void {
    this.#append(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  #append(text: string): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      if (sizeOf(this.path) > LARGEST) renameSync(this.path, `${this.path}.before`);
      appendFileSync(this.path, `${new Date().toISOString()} ${text}\n`);
    } catch {
      // Where not even this can be written there is nobody left to tell.
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
