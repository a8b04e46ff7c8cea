/** For tests only: the command line as a process of its own, to its end or until something happens to it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { decodeSafetensors } from '../formats/safetensors.ts';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
/** Most of what a short call does is compiling; Node remembers that here. */
const env = {
  ...process.env,
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)),
};

export const ergodic = (...words: string[]) => ergodicIn({}, ...words);

/** With other variables of the environment beside those that are there. */
export function ergodicIn(changes: Readonly<Record<string, string>>, ...words: string[]) {
  const options = { encoding: 'utf8', env: { ...env, ...changes } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...words], options);
  return { status, stdout, stderr };
}

/** The one object of `--json`, of a call that succeeds. */
export function ergodicJson(...words: string[]) {
  const { status, stdout, stderr } = ergodic(...words, '--json');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

/** A call that fails: exit code, and one sentence as the last line of standard error; the same one in JSON. */
export function ergodicFailure(...words: string[]): { code: number | null; sentence: string } {
  const { status, stdout, stderr } = ergodic(...words, '--json');
  const sentence = stderr.trimEnd().split('\n').at(-1)!;
  expect(stderr).not.toMatch(/^\s+at |\bError:|bug in Ergodic/m);
  expect(sentence).toMatch(/^\S.*[.?!]\)?$/);
  expect(JSON.parse(stdout)).toEqual({ error: sentence });
  return { code: status, sentence };
}

export class RunningErgodic {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #said = '';

  constructor(...words: string[]) {
    this.#child = spawn(process.execPath, [entry, ...words], { stdio: ['ignore', 'ignore', 'pipe'], env });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
    this.#exit = once(this.#child, 'close');
  }

  /** Until a condition holds; it must hold before the process ends. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#child.exitCode !== null) throw new Error(`It ended too early: ${this.#said}`);
      await sleep(2);
    }
  }

  /** Sends the signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null; said: string }> {
    this.#child.kill(signal);
    await this.#exit;
    return { code: this.#child.exitCode, signal: this.#child.signalCode, said: this.#said };
  }
}

/** Changes whenever the file is replaced. */
export function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found ? `${found.ino} ${found.mtimeNs}` : 'none';
}

/** Every file that a reader of the folder may open is whole. */
export function expectWhole(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    if (name.endsWith('.safetensors')) {
      const { tensors, metadata } = decodeSafetensors(readFileSync(path), name);
      expect(tensors.size + metadata.size, name).toBeGreaterThan(1);
    }
    if (name.endsWith('.json')) expect(() => JSON.parse(readFileSync(path, 'utf8')), name).not.toThrow();
    if (name.endsWith('.jsonl')) {
      const text = readFileSync(path, 'utf8');
      expect(text === '' || text.endsWith('\n')).toBe(true);
      for (const line of text.split('\n').filter(Boolean)) expect(() => JSON.parse(line), line).not.toThrow();
    }
  }
}
