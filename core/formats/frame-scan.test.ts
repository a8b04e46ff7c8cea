import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ByteSource, memorySource } from './byte-source.ts';
import { trrWriter } from './trr.ts';
import { openXtc, xtcWriter } from './xtc.ts';

const bytes = new Uint8Array(readFileSync(new URL('fixtures/mdtraj.xtc', import.meta.url)));
const whole = await openXtc(memorySource('a.xtc', bytes));
const times = (count: number, part: Uint8Array) =>
  Uint8Array.from({ length: count * part.length }, (_, i) => part[i % part.length]!);

/** Counts what is read. */
function counting(name: string, content: Uint8Array): ByteSource & { reads: number; bytes: number } {
  const source = memorySource(name, content);
  const counter = {
    name,
    size: source.size,
    reads: 0,
    bytes: 0,
    read: async (offset: number, length: number) => {
      const found = await source.read(offset, length);
      counter.reads++;
      counter.bytes += found.length;
      return found;
    },
  };
  return counter;
}

test('small frames are scanned in blocks', async () => {
  const many = times(10_000, bytes);
  const source = counting('a.xtc', many);
  const seen: number[] = [];
  const reader = await openXtc(source, { progress: (position) => seen.push(position) });
  expect(reader.frames).toBe(40_000);
  expect(reader.problems).toEqual([]);
  expect(reader.index![39_999]).toBe(many.length - bytes.length + whole.index![3]!);
  expect(source.reads).toBeLessThan(10);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(many.length);
});

test('large frames are jumped over', async () => {
  const writer = trrWriter({ atoms: 100_000 });
  const positions = new Float32Array(300_000);
  const frames = [0, 1, 2, 3, 4, 5].map(() => writer.frame({ positions }));
  const source = counting('a.trr', Uint8Array.from(Buffer.concat(frames)));
  const { openTrr } = await import('./trr.ts');
  const reader = await openTrr(source);
  expect(reader.frames).toBe(6);
  // The first block is read before it is known how long frames are.
  expect(source.bytes).toBeLessThan(2 ** 20 + 6 * 200);
});

test('the index of an earlier opening spares the scan', async () => {
  const many = times(30_000, bytes);
  const { index } = await openXtc(memorySource('a.xtc', many));
  const source = counting('a.xtc', many);
  const reader = await openXtc(source, { index: index! });
  expect(reader.frames).toBe(120_000);
  expect(reader.index).toBe(index);
  expect(source.bytes).toBeLessThan(2000);
  expect(await reader.frame(119_999)).toEqual(await whole.frame(3));
});

test('with the index of a file that has grown since, scanning goes on where it ends', async () => {
  const source = counting('a.xtc', times(3, bytes));
  const reader = await openXtc(source, { index: whole.index! });
  expect(reader.frames).toBe(12);
  expect(reader.problems).toEqual([]);
  expect(reader.index).toEqual((await openXtc(memorySource('a.xtc', times(3, bytes)))).index);
  expect(whole.index).toHaveLength(5);
});

test('what is wrong with the end of a file is said with an index, too', async () => {
  const cut = bytes.subarray(0, bytes.length - 1);
  const first = await openXtc(memorySource('a.xtc', cut));
  const again = await openXtc(memorySource('a.xtc', cut), { index: first.index! });
  expect(again.problems).toEqual(first.problems);
  expect(again.problems).toHaveLength(1);
});

const index = whole.index!;
test.each([
  ['of a longer file', Float64Array.of(...index, index[4]! + 200)],
  ['of another file', index.map((start) => (start === 0 ? 0 : start + 4))],
  ['that does not begin at 0', index.slice(1)],
  ['that leaves a frame out', index.filter((_, i) => i !== 2)],
  ['out of order', Float64Array.of(0, index[2]!, index[1]!, index[3]!, index[4]!)],
  ['with a number that is none', Float64Array.of(0, index[1]!, Number.NaN, index[3]!, index[4]!)],
  ['with half a byte', Float64Array.of(0, index[1]! + 0.5, index[2]!, index[3]!, index[4]!)],
  ['without frames', Float64Array.of(0)],
  ['without anything', new Float64Array()],
])('an index %s is not believed', async (_, given) => {
  const reader = await openXtc(memorySource('a.xtc', bytes), { index: given });
  expect(reader.index).toEqual(index);
  expect(reader.problems).toEqual([]);
  expect(await reader.frame(3)).toEqual(await whole.frame(3));
});

test('scanning stops when it is told to', async () => {
  const stop = new AbortController();
  const many = times(10_000, bytes);
  const opening = openXtc(memorySource('a.xtc', many), {
    signal: stop.signal,
    progress: (position) => position > 2 ** 21 && stop.abort(new Error('enough')),
  });
  await expect(opening).rejects.toThrow('enough');
});

test('a file that becomes shorter while it is scanned ends there', async () => {
  const writer = xtcWriter({ atoms: 12 });
  const source = { ...memorySource('a.xtc', writer.frame({ positions: new Float32Array(36) })), size: 1e6 };
  const reader = await openXtc(source);
  expect(reader.frames).toBe(1);
  expect(reader.problems).toHaveLength(1);
});
