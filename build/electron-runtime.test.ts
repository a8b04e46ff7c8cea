/** Whether Electron can be started is found out by looking, not by asking the package, which would begin to fetch it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { electronRuntime } from './electron-runtime.js';

const folder = mkdtempSync(join(tmpdir(), 'ergodic-runtime-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the runtime is where the package says, once it has been fetched', () => {
  mkdirSync(join(folder, 'dist'), { recursive: true });
  expect(electronRuntime(folder, {})).toBeUndefined();
  writeFileSync(join(folder, 'path.txt'), 'electron');
  expect(electronRuntime(folder, {})).toBeUndefined();
  writeFileSync(join(folder, 'dist', 'electron'), '');
  expect(electronRuntime(folder, {})).toBe(join(folder, 'dist', 'electron'));
});

test('a runtime elsewhere is taken where the environment names it', () => {
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere, { recursive: true });
  expect(electronRuntime(folder, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBeUndefined();
  writeFileSync(join(elsewhere, 'electron'), '');
  expect(electronRuntime(folder, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBe(join(elsewhere, 'electron'));
});
