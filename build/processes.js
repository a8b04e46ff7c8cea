/**
 * Starts the programs of the build with node_modules/.bin first on PATH, so that `node` is the pinned one.
 * `command` is synchronous, as a build step that has ended is a build step one can rely on; `started` is for what runs
 * side by side.
 * No dependencies.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** What programs of the build find around them. */
export function environment() {
  const path = [`${projectRoot}/node_modules/.bin`, process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path };
}

/** How every program starts: in the project; on Windows those of node_modules/.bin are scripts. */
const usual = (program) => ({
  cwd: projectRoot,
  env: environment(),
  shell: process.platform === 'win32' && program !== process.execPath,
});

/** Runs a program of node_modules/.bin (or of PATH) in the project; returns its exit code. */
export function command(program, words, options = {}) {
  const result = spawnSync(program, words, { ...usual(program), stdio: 'inherit', ...options });
  if (result.error) {
    console.error(`\`${program}\` could not be started: ${result.error.message}.`);
    return 1;
  }
  return result.status ?? 128 + (constants.signals[result.signal] ?? 0);
}

/**
 * Starts a program and does not wait: its exit code and what it said come later. What it says goes to a file, so that
 * programs side by side do not talk at once; with `stdio` of the caller's own nothing is collected. One of low `priority`
 * (a nice value) computes on what the others leave of the cores.
 */
export async function started(program, words, { priority = 0, ...options } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ergodic-started-'));
  const path = join(folder, 'output');
  const output = openSync(path, 'w');
  try {
    const child = spawn(program, words, { ...usual(program), stdio: ['ignore', output, output], ...options });
    const exit = once(child, 'exit');
    if (priority > 0 && child.pid !== undefined) setPriority(child.pid, priority);
    const [status] = await exit.catch(({ message }) => {
      console.error(`\`${program}\` could not be started: ${message}.`);
      return [1];
    });
    return { status: status ?? 1, said: readFileSync(path, 'utf8') };
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a script with the pinned Node. */
export const node = (words, options) => command('node', words, options);

/** Runs the npm that started us, or the one on PATH. */
export function npm(words) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? command(process.execPath, [script, ...words]) : command('npm', words);
}
