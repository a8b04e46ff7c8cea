/** A file of a project that cannot be used as it is stays beside the new one: nothing in it is lost, nothing overwritten. */
import { copyFile, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileError } from '../storage/file-errors.ts';

const nameAside = (file: string): string => file.replace(/\.json$/, `.damaged-${Date.now()}.json`);

/** Its new name, without the folder; a sentence is thrown where it cannot be moved. */
export async function setAside(file: string): Promise<string> {
  const aside = nameAside(file);
  await rename(file, aside).catch((error: unknown) => {
    throw fileError(error, file);
  });
  return basename(aside);
}

/** A copy of one that is partly used; its name, without the folder. */
export async function copyAside(file: string): Promise<string> {
  const aside = nameAside(file);
  await copyFile(file, aside).catch((error: unknown) => {
    throw fileError(error, file);
  });
  return basename(aside);
}
