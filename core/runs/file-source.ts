/**
 * A file as a `ByteSource`: random access, with one block kept so that walking through small pieces is one read of the
 * disk for many of them. Memory is one block whatever the size of the file.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { ErgodicError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { errorCode, fileError } from './file-errors.ts';

const BLOCK = 1 << 20;

export class FileSource implements ByteSource, AsyncDisposable {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970: with the size, what tells a changed file. */
  readonly modified: number;
  readonly #file: FileHandle;
  #block: Uint8Array = new Uint8Array(0);
  #start = 0;

  private constructor(name: string, size: number, modified: number, file: FileHandle) {
    this.name = name;
    this.size = size;
    this.modified = modified;
    this.#file = file;
  }

  static async open(path: string): Promise<FileSource> {
    try {
      const file = await open(path, 'r');
      try {
        const stat = await file.stat();
        if (stat.isDirectory()) throw new ErgodicError(`\`${path}\` is a folder where a file was expected.`);
        return new FileSource(path, stat.size, stat.mtimeMs, file);
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      throw fileError(error, path);
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (end <= offset) return new Uint8Array(0);
    if (offset >= this.#start && end <= this.#start + this.#block.length) {
      return this.#block.subarray(offset - this.#start, end - this.#start);
    }
    if (end - offset >= BLOCK) return this.#fromDisk(offset, end - offset);
    // A new block each time, never overwritten: somebody may still look at the old one.
    const block = await this.#fromDisk(offset, Math.min(BLOCK, this.size - offset));
    this.#block = block;
    this.#start = offset;
    return block.subarray(0, end - offset);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #fromDisk(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    try {
      while (filled < length) {
        const { bytesRead } = await this.#file.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (error) {
      if (errorCode(error) === 'EBADF') throw new Error(`${this.name} was read after it had been closed.`);
      throw fileError(error, this.name);
    }
    // The file was cut while it was open.
    return filled === length ? bytes : bytes.subarray(0, filled);
  }
}
