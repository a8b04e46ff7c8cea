import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { type ByteSource, memorySource } from './byte-source.ts';
import { type FrameHead, scanFrames } from './frame-scan.ts';
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

describe('a list that is too short for all frames', () => {
  /** Frames of 2 to 12 bytes: how long they are, and their number. */
  const frames = 100;
  const lengths = Array.from({ length: frames }, (_, i) => 2 + ((i * i) % 11));
  const bytesOf = (given: readonly number[]) =>
    Uint8Array.from(given.flatMap((length, i) => [length, i, ...new Array(length - 2).fill(255)]));
  const small = bytesOf(lengths);
  const startOf = (frame: number) => lengths.slice(0, frame).reduce((sum, length) => sum + length, 0);
  const layoutOf = (keep: (head: FrameHead) => boolean = () => true) => ({
    format: 'TINY',
    headBytes: 2,
    readHead: (view: DataView, offset: number) => {
      if (offset + 2 > view.byteLength) return undefined;
      const bytes = view.getUint8(offset);
      return bytes < 2 ? `it has ${bytes} bytes` : { atoms: 1, bytes };
    },
    keep,
  });

  test.each([4, 8, 30, 200])('%i starts are enough to find each frame, in any order', async (most) => {
    const source = memorySource('a.tiny', small);
    const scan = await scanFrames(source, layoutOf(), {}, most);
    expect(scan.frames).toBe(frames);
    const forwards = Array.from({ length: frames }, (_, i) => i);
    for (const order of [forwards, forwards.toReversed(), forwards.map((i) => (37 * i) % frames)]) {
      for (const frame of order) {
        expect(await scan.rangeOf(frame)).toEqual({ start: startOf(frame), end: startOf(frame + 1) });
      }
    }
  });

  test('frames that do not count are walked over', async () => {
    const scan = await scanFrames(
      memorySource('a.tiny', small),
      layoutOf(({ bytes }) => bytes !== 3),
      {},
      4,
    );
    const kept = lengths.flatMap((length, i) => (length === 3 ? [] : [i]));
    expect(scan.frames).toBe(kept.length);
    for (const [index, frame] of kept.entries()) {
      expect(await scan.rangeOf(index)).toEqual({ start: startOf(frame), end: startOf(frame + 1) });
    }
  });

  test.each([30, 200])(
    'what is kept of %i starts spares the scan, and is refused where it does not fit',
    async (most) => {
      const { index } = await scanFrames(memorySource('a.tiny', small), layoutOf(), {}, most);
      const source = counting('a.tiny', small);
      const scan = await scanFrames(source, layoutOf(), { index }, most);
      expect(scan.index).toBe(index);
      // Eight looks, each at the frames from one start to the next.
      expect(source.reads).toBe(most === 200 ? 8 : 8 * 4);
      expect(await scan.rangeOf(99)).toEqual({ start: startOf(99), end: small.length });

      const turned = memorySource('a.tiny', bytesOf([...lengths.slice(1), lengths[0]!]));
      const scanned = await scanFrames(turned, layoutOf(), { index }, most);
      expect(scanned.index).toEqual((await scanFrames(turned, layoutOf(), {}, most)).index);
      expect(scanned.index).not.toEqual(index);
    },
  );

  test.each([
    ['accepted where they are', [4], true],
    ['refused where they are not, even if every start seems to say so', [3, 5], false],
  ])('an index of frames that must be alike is %s', async (_, pattern, accepted) => {
    const source = memorySource('a.tiny', bytesOf(lengths.map((_, i) => pattern[i % pattern.length]!)));
    const { index } = await scanFrames(source, layoutOf(), {}, 4);
    const scan = await scanFrames(source, { ...layoutOf(), indexOfAlike: true }, { index }, 4);
    expect(scan.index).toEqual(index);
    expect(scan.index === index).toBe(accepted);
  });

  test('going forwards every header is read once', async () => {
    const source = counting('a.tiny', small);
    const scan = await scanFrames(source, layoutOf(), {}, 4);
    const before = source.reads;
    for (let frame = 0; frame < frames; frame++) await scan.rangeOf(frame);
    expect(source.reads - before).toBe(frames);
  });

  test('a file that has been cut since is a sentence', async () => {
    const whole = memorySource('a.tiny', small);
    let size = small.length;
    const source = {
      ...whole,
      read: (offset: number, length: number) => whole.read(offset, Math.min(length, size - offset)),
    };
    const scan = await scanFrames(source, layoutOf(), {}, 4);
    size = startOf(40);
    await expect(scan.rangeOf(41)).rejects.toThrow(new ErgodicError('`a.tiny` has changed since it was opened.'));
  });
});
