/**
 * A file as a `ByteSource`: random access, with one block kept so that walking through small pieces is one read of the
 * disk for many of them. Who jumps gets no more than was asked for. Memory is one block whatever the size of the file,
 * and a few blocks however many files are open.
 * The size is that at opening: a file that grows is seen as it was, one that is cut gives fewer bytes.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { ErgodicError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { errorCode, fileError } from './file-errors.ts';

const BLOCK = 1 << 20;
/** How many files keep one. */
const MOST_BLOCKS = 8;
/** The least that is read: a page of most systems. */
const PAGE = 1 << 12;
/** A read within so many bytes after the last one is sequential. */
const STRIDE = 1 << 16;

export class FileSource implements ByteSource, AsyncDisposable {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970: with the size, what tells a changed file. */
  readonly modified: number;
  /** In the order of use. */
  static readonly #withBlock = new Set<FileSource>();
  readonly #file: FileHandle;
  #block = new Uint8Array(0);
  #start = 0;
  /** Where the last read ended. */
  #end = 0;

  private constructor(name: string, size: number, modified: number, file: FileHandle) {
    this.name = name;
    this.size = size;
    this.modified = modified;
    this.#file = file;
  }

  static async open(path: string): Promise<FileSource> {
    try {
      const found = await stat(path);
      if (found.isDirectory()) throw new ErgodicError(`\`${path}\` is a folder where a file was expected.`);
      // Opening a pipe would wait for its other end, and what comes out of it cannot be read twice.
      if (!found.isFile()) {
        throw new ErgodicError(`\`${path}\` is a pipe or a device: save what comes from it in a file first.`);
      }
      const file = await open(path, 'r');
      try {
        const { size, mtimeMs } = await file.stat();
        return new FileSource(path, size, mtimeMs, file);
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
    const walks = offset >= this.#end && offset - this.#end <= STRIDE;
    this.#end = end;
    if (offset >= this.#start && end <= this.#start + this.#block.length) {
      return this.#block.subarray(offset - this.#start, end - this.#start);
    }
    const wanted = end - offset;
    if (wanted >= BLOCK) return this.#fromDisk(offset, wanted);
    // A new block each time, never overwritten: somebody may still look at the old one.
    const block = await this.#fromDisk(offset, Math.min(walks ? BLOCK : Math.max(wanted, PAGE), this.size - offset));
    this.#keep(block, offset);
    return block.subarray(0, wanted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#drop();
    await this.#file.close();
  }

  #keep(block: Uint8Array<ArrayBuffer>, start: number): void {
    this.#drop();
    this.#block = block;
    this.#start = start;
    FileSource.#withBlock.add(this);
    const [oldest] = FileSource.#withBlock;
    if (oldest && FileSource.#withBlock.size > MOST_BLOCKS) oldest.#drop();
  }

  #drop(): void {
    this.#block = new Uint8Array(0);
    FileSource.#withBlock.delete(this);
  }

  async #fromDisk(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
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
