/**
 * Starts the programs of the build with node_modules/.bin first on PATH, so that `node` is the pinned one.
 * Synchronous: a build step that has ended is a build step one can rely on. No dependencies.
 */
import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** What programs of the build find around them. */
export function environment() {
  const path = [`${projectRoot}/node_modules/.bin`, process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path };
}

/** Runs a program of node_modules/.bin (or of PATH) in the project; returns its exit code. */
export function command(program, words, options = {}) {
  const onWindows = process.platform === 'win32';
  const result = spawnSync(program, words, {
    cwd: projectRoot,
    stdio: 'inherit',
    env: environment(),
    shell: onWindows && program !== process.execPath,
    ...options,
  });
  if (result.error) {
    console.error(`\`${program}\` could not be started: ${result.error.message}.`);
    return 1;
  }
  return result.status ?? 128 + (constants.signals[result.signal] ?? 0);
}

/** Runs a script with the pinned Node. */
export const node = (words, options) => command('node', words, options);

/** Runs the npm that started us, or the one on PATH. */
export function npm(words) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? command(process.execPath, [script, ...words]) : command('npm', words);
}
