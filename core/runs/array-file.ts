/**
 * Samples or a trajectory (.npy, .csv) on disk while they are being made: written block by block, so that memory
 * holds one block, and under their own name only once they are whole. Not here: where the numbers come from.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { samplesHead, samplesRows } from '../formats/samples.ts';
import { replace, temporaryName } from './atomic-write.ts';
import { fileError } from './file-errors.ts';

/** Takes the next whole rows; waiting for it keeps the maker from running ahead of the disk. */
export type TakeRows = (rows: Float32Array) => Promise<void>;

export class ArrayFile implements AsyncDisposable {
  readonly path: string;
  readonly #shape: readonly number[];
  readonly #temporary: string;
  readonly #file: FileHandle;
  #rows = 0;
  #open = true;

  private constructor(path: string, shape: readonly number[], temporary: string, file: FileHandle) {
    this.path = path;
    this.#shape = shape;
    this.#temporary = temporary;
    this.#file = file;
  }

  /** `shape`: of the whole array, as in formats/samples.ts. */
  static async create(path: string, shape: readonly number[]): Promise<ArrayFile> {
    const temporary = temporaryName(path);
    try {
      const created = new ArrayFile(path, shape, temporary, await open(temporary, 'wx'));
      await created.#write(samplesHead(path, shape));
      return created;
    } catch (error) {
      throw fileError(error, path);
    }
  }

  async append(rows: Float32Array): Promise<void> {
    await this.#write(samplesRows(this.path, this.#shape, rows, this.#rows));
    this.#rows += rows.length / this.#shape.at(-1)!;
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    const expected = this.#shape.slice(0, -1).reduce((product, length) => product * length, 1);
    if (this.#rows !== expected) throw new Error(`${this.path}: ${this.#rows} rows were written of ${expected}.`);
    try {
      await this.#file.sync();
      await this.#close();
    } catch (error) {
      await this.#discard();
      throw fileError(error, this.path);
    }
    await replace(this.#temporary, this.path);
  }

  /** Leaves nothing behind unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) await this.#discard();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(bytes);
    } catch (error) {
      await this.#discard();
      throw fileError(error, this.path);
    }
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#file.close();
  }

  async #discard(): Promise<void> {
    if (this.#open) await this.#close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
  }
}
