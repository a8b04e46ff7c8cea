/**
 * Which files and folders a window may speak of: each that a person has handed over has an id, and nothing else is
 * ever opened for a window. Ids are drawn at random, so one that was not told cannot be guessed. Not here: what is
 * done with a file.
 */
import { randomBytes } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { fileError } from '../storage/file-errors.ts';
import type { FileEntry } from './contract.ts';

export class Grants {
  readonly #paths = new Map<string, string>();
  readonly #ids = new Map<string, string>();

  /** The id of a path; the `wanted` one where neither of them is taken. */
  add(path: string, wanted?: string): string {
    const known = this.#ids.get(path);
    if (known !== undefined) return known;
    const id = wanted !== undefined && !this.#paths.has(wanted) ? wanted : freshId();
    this.#paths.set(id, path);
    this.#ids.set(path, id);
    return id;
  }

  /** What a person has handed over, wherever links lead. */
  async accept(path: string): Promise<{ entry: FileEntry; isFile: boolean }> {
    try {
      const real = await realpath(resolve(path));
      return { entry: await this.entryOf(real), isFile: (await stat(real)).isFile() };
    } catch (error) {
      throw fileError(error, path);
    }
  }

  has(id: string): boolean {
    return this.#paths.has(id);
  }

  pathOf(id: string): string {
    const path = this.#paths.get(id);
    if (path !== undefined) return path;
    throw new ErgodicError('A file that was asked for is not open here any more: open it again.');
  }

  async entryOf(path: string): Promise<FileEntry> {
    const found = await stat(path).catch((error: unknown) => {
      throw fileError(error, path);
    });
    return this.#entry(path, found.isDirectory() ? 0 : found.size);
  }

  /** The same for one that may be gone by now. */
  async entryIfAny(path: string): Promise<FileEntry & { missing: boolean }> {
    return this.entryOf(path).then(
      (entry) => ({ ...entry, missing: false }),
      () => ({ ...this.#entry(path, 0), missing: true }),
    );
  }

  #entry(path: string, bytes: number): FileEntry {
    return { id: this.add(path), name: basename(path), folder: dirname(path), bytes };
  }
}

const freshId = (): string => `f${BigInt(`0x${randomBytes(12).toString('hex')}`).toString(36)}`;
