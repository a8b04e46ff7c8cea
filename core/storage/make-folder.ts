/** Makes a folder and those it lies in. One that is there is fine. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { errorCode, fileError } from './file-errors.ts';

/**
 * Not Node's `recursive`, which answers "does not exist" for a read-only disk, and nothing at all, ever, where the
 * system has folders but lets nobody make one (/proc).
 */
export async function makeFolder(path: string, parentIsThere = false): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && dirname(path) !== path && !parentIsThere) {
      await makeFolder(dirname(path));
      return makeFolder(path, true);
    }
    if (code !== 'EEXIST') throw fileError(error, path);
    const isFolder = await stat(path)
      .then((found) => found.isDirectory())
      .catch(() => false);
    if (!isFolder) {
      throw new ErgodicError(`\`${path}\` is a file where a folder is needed: choose another name.`);
    }
  }
}
