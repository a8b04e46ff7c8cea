import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import { uniformSource } from '../systems/toys/gaussian.ts';
import { FileSource } from './file-source.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
afterEach(() => void vi.restoreAllMocks());

const MEGABYTE = 1 << 20;
const random = uniformSource(1);
const content = new Uint8Array(3 * MEGABYTE + 12_345);
for (let i = 0; i < content.length; i++) content[i] = i ^ (i >> 8) ^ (i >> 16);
const whole = folder.in('whole.bin');
writeFileSync(whole, content);

/** Counts what is asked of the disk. */
async function watchDisk(): Promise<{ reads: number; bytes: number }> {
  await using handle = await open(whole);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  const original = prototype.read as (this: FileHandle, ...given: unknown[]) => Promise<{ bytesRead: number }>;
  const seen = { reads: 0, bytes: 0 };
  const watched = async function (this: FileHandle, ...given: unknown[]) {
    const found = await original.apply(this, given);
    seen.reads++;
    seen.bytes += found.bytesRead;
    return found;
  };
  vi.spyOn(prototype, 'read').mockImplementation(watched as unknown as FileHandle['read']);
  return seen;
}

test('any range holds the bytes that exist of it', async () => {
  await using source = await FileSource.open(whole);
  expect(source.size).toBe(content.length);
  expect(source.modified).toBe(statSync(whole).mtimeMs);
  for (let i = 0; i < 300; i++) {
    const offset = random() % (content.length + 1000);
    const length = random() % [10, 5000, 70_000, 2 * MEGABYTE][i % 4]!;
    expect(Buffer.compare(await source.read(offset, length), content.subarray(offset, offset + length))).toBe(0);
  }
  expect(await source.read(content.length, 10)).toHaveLength(0);
  expect(await source.read(0, 0)).toHaveLength(0);
});

test('walking through small pieces is few reads of the disk', async () => {
  await using source = await FileSource.open(whole);
  const disk = await watchDisk();
  let offset = 0;
  for (let i = 0; offset < content.length; i++) {
    const length = 1 + ((37 * i) % 900);
    expect(await source.read(offset, length)).toEqual(content.subarray(offset, offset + length));
    // Headers are looked at and bodies passed over.
    offset += length + (i % 3) * 500;
  }
  expect(disk.reads).toBeLessThan(8);
  expect(disk.bytes).toBeLessThan(content.length + 10_000);
});

test('jumping about reads what was asked for and not more', async () => {
  await using source = await FileSource.open(whole);
  const disk = await watchDisk();
  for (let i = 0; i < 50; i++) await source.read(100_000 + ((i * 1_234_567) % (3 * MEGABYTE)), 200);
  expect(disk.bytes).toBeLessThan(50 * 5000);
});

test('what was handed out stays as it was', async () => {
  await using source = await FileSource.open(whole);
  const first = await source.read(0, 1000);
  const copy = first.slice();
  for (let offset = 0; offset < content.length; offset += 40_000) await source.read(offset, 40_000);
  expect(first).toEqual(copy);
});

test('reads that overlap in time do not mix', async () => {
  await using source = await FileSource.open(whole);
  const places = Array.from({ length: 40 }, () => random() % content.length);
  const found = await Promise.all(places.map((place) => source.read(place, 3000)));
  for (const [i, bytes] of found.entries()) expect(bytes).toEqual(content.subarray(places[i]!, places[i]! + 3000));
});

test('many open files keep a few blocks', async () => {
  await using files = new AsyncDisposableStack();
  const disk = await watchDisk();
  const sources: FileSource[] = [];
  for (let i = 0; i < 12; i++) sources.push(files.use(await FileSource.open(whole)));
  for (const source of sources) await source.read(0, 10);
  expect(disk.reads).toBe(12);
  // The last ones still have theirs, the first one has not.
  for (const source of sources.slice(-8)) expect(await source.read(10, 10)).toEqual(content.subarray(10, 20));
  expect(disk.reads).toBe(12);
  expect(await sources[0]!.read(20, 10)).toEqual(content.subarray(20, 30));
  expect(disk.reads).toBe(13);
});

test('an empty file, and one shorter than what is asked for', async () => {
  writeFileSync(folder.in('empty'), '');
  writeFileSync(folder.in('short'), 'abc');
  await using empty = await FileSource.open(folder.in('empty'));
  expect(empty.size).toBe(0);
  expect(await empty.read(0, 100)).toHaveLength(0);
  await using short = await FileSource.open(folder.in('short'));
  expect(Buffer.from(await short.read(1, 2 * MEGABYTE)).toString()).toBe('bc');
});

test('a file that is cut while it is open gives what is left; one that grows is seen as it was', async () => {
  const path = folder.in('cut.bin');
  writeFileSync(path, content);
  await using source = await FileSource.open(path);
  truncateSync(path, 2 * MEGABYTE);
  const end = 2 * MEGABYTE;
  expect(await source.read(end - 10, 100)).toEqual(content.subarray(end - 10, end));
  expect(await source.read(end + 10, 100)).toHaveLength(0);
  expect(await source.read(0, 3 * MEGABYTE)).toHaveLength(end);
  writeFileSync(path, new Uint8Array(4 * MEGABYTE));
  expect(await source.read(content.length - 5, 100)).toHaveLength(5);
});

test('what is no file is a sentence, at once', async () => {
  mkdirSync(folder.in('folder'));
  for (const [name, sentence] of [
    ['missing', 'does not exist: check the spelling.'],
    ['folder', 'is a folder where a file was expected.'],
    ['whole.bin/inside', 'is a file, not a folder'],
  ] as const) {
    const opening = FileSource.open(folder.in(name));
    await expect(opening).rejects.toThrow(ErgodicError);
    await expect(opening).rejects.toThrow(sentence);
  }
});

test('a pipe is a sentence, too, and nobody waits for its other end', async (context) => {
  const pipe = folder.in('pipe');
  context.skip(spawnSync('mkfifo', [pipe]).status !== 0, 'there are no named pipes here');
  await expect(FileSource.open(pipe)).rejects.toThrow(
    new ErgodicError(`\`${pipe}\` is a pipe or a device: save what comes from it in a file first.`),
  );
});

test('closed twice is closed; reading after that is a defect', async () => {
  const source = await FileSource.open(whole);
  await source.read(0, 10);
  await source[Symbol.asyncDispose]();
  await source[Symbol.asyncDispose]();
  const reading = source.read(0, 10);
  await expect(reading).rejects.toThrow('was read after it had been closed');
  await expect(reading).rejects.not.toThrow(ErgodicError);
});
