/**
 * Files of molecules that stay open between two questions, so that a scrubber pays for one read and not for an opening.
 * The ones used last are kept; one that has changed on disk is opened anew. Not for reading a file from its first
 * frame to its last: the reader opens and closes that itself.
 */
import { stat } from 'node:fs/promises';
import { fileError } from '../../../storage/file-errors.ts';
import { type OpenMolecule, openMolecule } from '../../../storage/molecule-files.ts';
import type { Task } from '../../../task.ts';

/** What tells a changed file. */
export interface Stamp {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export async function stampOf(path: string): Promise<Stamp> {
  const { size, mtimeMs } = await stat(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  return { bytes: size, modified: mtimeMs };
}

/** Paths with their stamps: equal as long as nothing has changed. */
export async function stampedKey(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(paths.map(stampOf));
  return stamps.map(({ bytes, modified }, i) => `${paths[i]} ${bytes} ${modified}`).join('\n');
}

interface ReaderCaches {
  readonly file: OpenMolecule;
  readonly stamp: Stamp;
}

export class OpenFiles implements AsyncDisposable {
  readonly #most: number;
  /** In the order of use. */
  readonly #open = new Map<string, ReaderCaches>();

  constructor(most = 32) {
    this.#most = most;
  }

  /** Not to be disposed of by the caller; valid until the next query. */
  async molecule(path: string, task?: Task): Promise<OpenMolecule> {
    const stamp = await stampOf(path);
    const known = this.#open.get(path);
    this.#open.delete(path);
    if (known?.stamp.bytes === stamp.bytes && known.stamp.modified === stamp.modified) {
      this.#open.set(path, known);
      return known.file;
    }
    await known?.file[Symbol.asyncDispose]();
    const file = await openMolecule(path, task);
    this.#open.set(path, { file, stamp });
    const [oldest] = this.#open;
    if (oldest && this.#open.size > this.#most) {
      this.#open.delete(oldest[0]);
      await oldest[1].file[Symbol.asyncDispose]();
    }
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const files = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(files.map(({ file }) => file[Symbol.asyncDispose]()));
  }
}
