/**
 * Writes a file whole or not at all: temporary file in the same folder, fsync, rename, fsync of the folder.
 * A reader, or the next start after a crash, sees the old content or the new one and nothing between.
 * Temporary files left by a killed process are hidden, end in .tmp, and are removed by `removeLeftovers`.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeError } from './file-errors.ts';

export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = await writeTemporary(path, content);
  await replace(temporary, path);
}

/** The same for content that is made piece by piece: `write` puts it into a file that nobody sees yet. */
export async function writePieces<R>(path: string, write: (file: FileHandle) => Promise<R>): Promise<R> {
  const temporary = temporaryName(path);
  let result: R;
  try {
    const file = await open(temporary, 'wx');
    try {
      result = await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(error, path);
  }
  await replace(temporary, path);
  return result;
}

/** Writes and flushes `content` beside `path` and returns the name it has until `replace` moves it there. */
export async function writeTemporary(path: string, content: Uint8Array | string): Promise<string> {
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(error, path);
  }
  return temporary;
}

export async function replace(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(error, path);
  }
}

export const temporaryName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);

/** Only for a folder (and those in it) that nobody else writes to: the holder of its lock calls this. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (/^\..+\.[0-9a-f]{12}\.tmp$/.test(basename(name))) await rm(join(folder, name), { force: true });
  }
}

/** Makes a rename durable. Windows opens no folders and needs none of this. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
