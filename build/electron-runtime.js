/**
 * Where the program of Electron lies, if it does: the package fetches it when it is first asked for it, which not every
 * machine can, so the package itself is not asked.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `folder` is that of the package. */
export function electronRuntime(folder, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere } = process.env) {
  const note = join(folder, 'path.txt');
  const name = existsSync(note) ? readFileSync(note, 'utf8') : elsewhere && 'electron';
  if (!name) return undefined;
  const path = join(elsewhere ?? join(folder, 'dist'), name);
  return existsSync(path) ? path : undefined;
}
