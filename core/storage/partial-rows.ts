/**
 * Rows of numbers on disk that wait to become a file: plain float32, in the order in which they are made. In a run's
 * folder they survive an interruption, with the state of their maker at the last checkpoint; what came after it is cut
 * off and made again, to the same bits. Elsewhere they vanish with their maker.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Numbers } from '../engines/engine.ts';
import type { StoredTensor } from '../formats/safetensors.ts';
import { temporaryName } from './atomic-write.ts';
import { fileError } from './file-errors.ts';
import { previousOf, readTensorFile, writeTensorFile } from './tensor-file.ts';

/** What a maker needs to go on from the rows that are there. */
export interface RowCheckpoint {
  /** How far the maker was, in its own units. */
  readonly step: number;
  readonly state: Readonly<Record<string, Numbers>>;
}

/** Seconds: what an interruption costs. */
const PATIENCE = 1;
/** Largest fraction of the time for writing checkpoints; large states are written less often. */
const FRACTION = 1 / 20;

interface Found {
  readonly checkpoint: RowCheckpoint;
  readonly numbers: number;
  readonly seconds: number;
}

interface StoredCheckpoint {
  readonly statePath: string;
  readonly key: string;
  readonly patience: number;
}

const now = () => performance.now() / 1000;

export class PartialRows implements AsyncDisposable {
  /** Where it was when it was interrupted; undefined for a new beginning. */
  readonly checkpoint: RowCheckpoint | undefined;
  /** The file that is being made, for the error sentences. */
  readonly #target: string;
  readonly #path: string;
  readonly #file: FileHandle;
  /** Undefined where nothing is kept. */
  readonly #stored: StoredCheckpoint | undefined;
  /** Of the interrupted makers before. */
  readonly #secondsBefore: number;
  readonly #begun = now();
  #numbers: number;
  #nextCheckpoint: number;
  #isMarked: boolean;
  #isOpen = true;
  #done = false;

  private constructor(target: string, path: string, file: FileHandle, stored?: StoredCheckpoint, found?: Found) {
    this.#target = target;
    this.#path = path;
    this.#file = file;
    this.#stored = stored;
    this.checkpoint = found?.checkpoint;
    this.#numbers = found?.numbers ?? 0;
    this.#secondsBefore = found?.seconds ?? 0;
    this.#isMarked = found !== undefined;
    this.#nextCheckpoint = this.#begun + (stored?.patience ?? 0);
  }

  /** Vanishes unless it is finished. */
  static async begin(target: string): Promise<PartialRows> {
    const path = temporaryName(target);
    const file = await open(path, 'wx+').catch((error: unknown) => {
      throw fileError(error, target);
    });
    return new PartialRows(target, path, file);
  }

  /**
   * Stays when it is interrupted after a checkpoint. `key` says what is made: rows of anything else do not count. `patience`:
   * seconds between two checkpoints that are written; 0 writes all.
   */
  static async resume(target: string, key: string, patience = PATIENCE): Promise<PartialRows> {
    const path = `${target}.partial`;
    const statePath = `${target}.partial.safetensors`;
    try {
      const found = await markIn(statePath, key);
      const file = await open(path, found ? 'r+' : 'w+').catch(() => open(path, 'w+'));
      const { size } = await file.stat();
      const whole = found && size >= 4 * found.numbers;
      await file.truncate(whole ? 4 * found.numbers : 0);
      return new PartialRows(target, path, file, { statePath, key, patience }, whole ? found : undefined);
    } catch (error) {
      throw fileError(error, target);
    }
  }

  /** What an interrupted maker was making, where it left something to go on with. */
  static async keyLeft(target: string): Promise<string | undefined> {
    return (await progressAt(`${target}.partial.safetensors`))?.progress.key;
  }

  /** Removes what an interrupted maker left. */
  static async forget(target: string): Promise<void> {
    await removed(`${target}.partial`, `${target}.partial.safetensors`);
  }

  get numbers(): number {
    return this.#numbers;
  }

  /** Since the very beginning, without what was lost after the last checkpoint of an interrupted maker. */
  get seconds(): number {
    return this.#secondsBefore + now() - this.#begun;
  }

  async append(rows: Float32Array): Promise<void> {
    const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    try {
      let written = 0;
      while (written < bytes.length) {
        const at = 4 * this.#numbers + written;
        written += (await this.#file.write(bytes, written, bytes.length - written, at)).bytesWritten;
      }
    } catch (error) {
      throw fileError(error, this.#target);
    }
    this.#numbers += rows.length;
  }

  /** The rows so far need not be made again, if this checkpoint is one of those that are written. */
  async keep({ step, state }: RowCheckpoint): Promise<void> {
    const start = now();
    if (!this.#stored || start < this.#nextCheckpoint) return;
    const { statePath, key, patience } = this.#stored;
    try {
      await this.#file.sync();
    } catch (error) {
      throw fileError(error, this.#target);
    }
    const tensors = new Map<string, StoredTensor>(
      Object.entries(state).map(([name, data]) => [name, { shape: [data.length], data }]),
    );
    const progress = JSON.stringify({ key, step, numbers: this.#numbers, seconds: this.seconds });
    await writeTensorFile(statePath, { tensors, metadata: new Map([['progress', progress]]) });
    this.#isMarked = true;
    this.#nextCheckpoint = now() + (patience && Math.max(patience, (now() - start) / FRACTION));
  }

  /** Some of the numbers, from number `first` on. */
  async read(first: number, into: Float32Array): Promise<void> {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, 4 * first + done);
        if (bytesRead === 0) throw new Error(`${this.#path} is shorter than what was written to it.`);
        done += bytesRead;
      }
    } catch (error) {
      throw fileError(error, this.#target);
    }
  }

  /** They have become a file, and are not needed any more. */
  finish(): void {
    this.#done = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close().catch(() => undefined);
    if (this.#isMarked && !this.#done) return;
    await removed(this.#path, this.#stored?.statePath);
  }
}

/** The checkpoint first: rows without one count for nothing. */
async function removed(rows: string, state: string | undefined): Promise<void> {
  for (const path of [...(state ? [state, previousOf(state)] : []), rows]) {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

async function markIn(path: string, key: string): Promise<Found | undefined> {
  const { progress, tensors } = (await progressAt(path)) ?? {};
  if (!progress || !tensors || progress.key !== key) return undefined;
  const state = Object.fromEntries([...tensors].map(([name, { data }]) => [name, data as Numbers]));
  return { checkpoint: { step: progress.step, state }, numbers: progress.numbers, seconds: progress.seconds };
}

async function progressAt(path: string) {
  // A damaged one is as good as none: everything is made again.
  const stored = await readTensorFile(path).catch(() => undefined);
  const progress = progressIn(stored?.metadata.get('progress'));
  return stored && progress && { progress, tensors: stored.tensors };
}

function progressIn(text = ''): { key: string; step: number; numbers: number; seconds: number } | undefined {
  try {
    const { key, step, numbers, seconds } = JSON.parse(text);
    const counts = [step, numbers].every((value) => Number.isSafeInteger(value) && value >= 0);
    return typeof key === 'string' && counts && seconds >= 0 ? { key, step, numbers, seconds } : undefined;
  } catch {
    return undefined;
  }
}
