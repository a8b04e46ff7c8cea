import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ergodic-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const lockFile = () => join(folder, '.lock');

/** Another process that takes the lock and holds it until it is killed. */
async function otherHolder() {
  const source = `import { lockFolder } from ${JSON.stringify(fileURLToPath(new URL('./folder-lock.ts', import.meta.url)))};
    await lockFolder(${JSON.stringify(folder)}); console.log('locked'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a folder is held once, and free again after release', async () => {
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`\`${folder}\` is in use by process ${process.pid}`);
  lock.release();
  (await lockFolder(folder)).release();
  expect(existsSync(lockFile())).toBe(false);
});

test('a living process is respected, a killed one is not', async () => {
  const child = await otherHolder();
  try {
    await expect(lockFolder(folder)).rejects.toThrow(ErgodicError);
    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${child.pid}`);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const lock = await lockFolder(folder);
  expect(JSON.parse(readFileSync(lockFile(), 'utf8')).pid).toBe(process.pid);
  lock.release();
});

test('a process number that was used again is not the holder', async () => {
  writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, began: 'long ago', machine: hostname() }));
  (await lockFolder(folder)).release();
});

test('another machine cannot be checked and is respected; the sentence says what to delete', async () => {
  writeFileSync(lockFile(), JSON.stringify({ pid: 1, began: '', machine: 'elsewhere' }));
  await expect(lockFolder(folder)).rejects.toThrow(
    `process 1 on elsewhere (if that one is gone, delete \`${lockFile()}\`)`,
  );
});

test.each(['', '{"pid":', 'null', '{"pid":-1,"began":"","machine":""}'])(
  'a lock file with %j in it is stale',
  async (content) => {
    writeFileSync(lockFile(), content);
    (await lockFolder(folder)).release();
  },
);

test('a guard left by a process that was killed while it cleared a stale lock does not block for long', async () => {
  writeFileSync(lockFile(), 'stale');
  writeFileSync(`${lockFile()}.takeover`, '');
  (await lockFolder(folder)).release();
  expect(readdirSync(folder)).toEqual([]);
});

test('of many that find a stale lock at once, one gets it', async () => {
  for (let round = 0; round < 40; round++) {
    writeFileSync(lockFile(), 'stale');
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const holders = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(holders).toHaveLength(1);
    holders[0]!.release();
  }
});
