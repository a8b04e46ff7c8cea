import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { previousOf, readTensorFile, writeTensorFile } from './tensor-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ergodic-kept-'));
  path = join(folder, 'checkpoint.safetensors');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const version = (step: number) => ({
  tensors: new Map([['weights', { shape: [4], data: Float32Array.of(step, 1, 2, 3) }]]),
  metadata: new Map([['step', String(step)]]),
});
const stepIn = async () => (await readTensorFile(path))?.metadata.get('step');

test('the newest version is read back without a word, and the one before it is kept', async () => {
  expect(await readTensorFile(path)).toBeUndefined();
  for (const step of [1, 2, 3]) await writeTensorFile(path, version(step));
  expect(await readTensorFile(path)).toEqual(version(3));
  rmSync(path);
  expect(await stepIn()).toBe('2');
  expect(readdirSync(folder)).toEqual(['checkpoint.prev.safetensors']);
});

test('a flip of any single bit, and a cut at any length, is recognised; the version before is used', async () => {
  await writeTensorFile(path, version(1));
  await writeTensorFile(path, version(2));
  const whole = readFileSync(path);
  for (let offset = 0; offset < whole.length; offset++) {
    const damaged = Buffer.from(whole);
    damaged[offset]! ^= 1 << (offset % 8);
    for (const content of [damaged, whole.subarray(0, offset)]) {
      writeFileSync(path, content);
      const read = await readTensorFile(path);
      expect(read?.metadata.get('step'), `byte ${offset}`).toBe('1');
      expect(read?.notice).toMatch(
        /checkpoint\.safetensors` is .* `checkpoint\.prev\.safetensors`, is used instead\.$/,
      );
    }
  }
});

test('a writer that was killed with both versions one file leaves nothing behind in the next', async () => {
  await writeTensorFile(path, version(1));
  linkSync(path, previousOf(path));
  await writeTensorFile(path, version(2));
  expect(await stepIn()).toBe('2');
  expect(readdirSync(folder).toSorted()).toEqual(['checkpoint.prev.safetensors', 'checkpoint.safetensors']);
});

test('a damaged file never becomes the previous version', async () => {
  await writeTensorFile(path, version(1));
  await writeTensorFile(path, version(2));
  writeFileSync(path, 'broken');
  await writeTensorFile(path, version(3));
  expect(await stepIn()).toBe('3');
  rmSync(path);
  expect(await stepIn()).toBe('1');
});

test('when both are damaged there is one sentence and nothing changes', async () => {
  await writeTensorFile(path, version(1));
  writeFileSync(path, 'broken');
  writeFileSync(previousOf(path), 'broken too');
  await expect(readTensorFile(path)).rejects.toThrow(ErgodicError);
  await expect(readTensorFile(path)).rejects.toThrow(/^Neither `checkpoint\.safetensors` nor `checkpoint\.prev/);
  expect(readFileSync(path, 'utf8')).toBe('broken');
  expect(readFileSync(previousOf(path), 'utf8')).toBe('broken too');
});

test('the only version damaged is not the same as no version', async () => {
  await writeTensorFile(path, version(1));
  writeFileSync(path, readFileSync(path).subarray(0, 40));
  await expect(readTensorFile(path)).rejects.toThrow(ErgodicError);
});

const beforeLink = { pull: undefined as (() => void) | undefined };
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    link: (...paths: Parameters<typeof real.link>) => {
      beforeLink.pull?.();
      return real.link(...paths);
    },
  };
});

test('a folder that goes away between two versions is what the sentence names, not a file in it', async () => {
  await writeTensorFile(path, version(1));
  beforeLink.pull = () => rmSync(folder, { recursive: true });
  try {
    await expect(writeTensorFile(path, version(2))).rejects.toThrow(
      `The folder \`${folder}\` is not there: put it back`,
    );
  } finally {
    beforeLink.pull = undefined;
  }
});
