/**
 * Turns what the operating system says about a file into one sentence with the path and what to do about it.
 * Only here are error codes of the system known.
 */
import { dirname } from 'node:path';
import { ErgodicError } from '../errors.ts';

const remedies: Readonly<Record<string, (path: string) => string>> = {
  ENOSPC: (path) => `The disk that holds \`${path}\` is full: free some space and try again; what was saved is intact.`,
  EDQUOT: (path) =>
    `Your quota where \`${path}\` lies is used up: free some space and try again; what was saved is intact.`,
  EROFS: (path) => `\`${path}\` lies on a read-only disk: choose a folder on another one.`,
  EACCES: (path) => `You have no permission for \`${path}\`: change its permissions or choose another place.`,
  EPERM: (path) => `The system does not permit this on \`${path}\`: change its permissions or choose another place.`,
  ENOENT: (path) => `\`${path}\` does not exist: check the spelling.`,
  ENOTDIR: (path) => `A part of \`${path}\` is a file, not a folder: choose another place.`,
  EEXIST: (path) => `\`${path}\` exists already: choose another name.`,
  EISDIR: (path) => `\`${path}\` is a folder where a file was expected.`,
  EMFILE: (path) => `Too many files are open to reach \`${path}\`: close other programs and try again.`,
  ENAMETOOLONG: (path) => `The name \`${path}\` is too long for this disk: choose a shorter one.`,
  EFBIG: (path) => `\`${path}\` would become larger than this disk or your limits allow.`,
  ERR_FS_FILE_TOO_LARGE: (path) => `\`${path}\` is larger than 2 GiB, more than is read at once: cut it into parts.`,
  EIO: (path) => `The disk failed at \`${path}\`: check it, and restore from a copy.`,
};

export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

/** The error to throw when the system refused `path`; other errors pass unchanged. */
export function fileError(error: unknown, path: string): Error {
  if (error instanceof ErgodicError) return error;
  const code = errorCode(error);
  if (code === undefined || !(error instanceof Error)) return error instanceof Error ? error : new Error(String(error));
  const sentence = remedies[code]?.(path) ?? `The system refused \`${path}\` (${code}).`;
  return new ErgodicError(sentence, { cause: error });
}

/** The same for a file that was to be written: it need not exist, but its folder must. */
export function writeError(error: unknown, path: string): Error {
  if (errorCode(error) !== 'ENOENT') return fileError(error, path);
  const sentence = `The folder \`${dirname(path)}\` is not there: put it back, connect its disk, or check the spelling.`;
  return new ErgodicError(sentence, { cause: error });
}
