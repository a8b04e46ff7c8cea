/** A file twenty times as large takes hardly more memory to read; the very large ones are build/large-xtc.ts. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../runs/small-run.test-support.ts';

const script = fileURLToPath(new URL('../../build/large-xtc.ts', import.meta.url));

interface Reading {
  readonly frames: number;
  readonly megabytesAtMost: number;
}

/** The first reading, and that with an index kept. */
function readings(megabytes: number): Reading[] {
  using folder = temporaryFolder();
  const words = [script, folder.path, String(megabytes / 1000), '100'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const [, first, again] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return [first.first, again.again];
}

test('memory does not grow with the file', { tags: ['full'] }, () => {
  const [small, large] = [readings(4), readings(80)];
  for (const [which, reading] of large.entries()) {
    expect(reading.frames).toBeGreaterThan(10 * small[which]!.frames);
    expect(reading.megabytesAtMost - small[which]!.megabytesAtMost).toBeLessThan(60);
  }
});
