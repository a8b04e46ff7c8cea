import { expect, test } from 'vitest';
import { type ByteSource, memorySource } from './byte-source.ts';
import { LONGEST_LINE, scanLines } from './lines.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

interface Seen {
  text: string;
  offset: number;
  next: number;
  number: number;
  ended: boolean;
  cut: boolean;
}

async function linesOf(source: ByteSource, from?: number, to?: number): Promise<Seen[]> {
  const seen: Seen[] = [];
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  await scanLines(
    source,
    ({ bytes, start, end, offset, next, number, ended, cut }) => {
      seen.push({ text: new TextDecoder().decode(bytes.subarray(start, end)), offset, next, number, ended, cut });
      return true;
    },
    range,
  );
  return seen;
}

test('lines end with LF or CR LF, the last one perhaps with nothing', async () => {
  const seen = await linesOf(memorySource('a', bytesOf('one\r\n\ntwo\rthree\nlast')));
  expect(seen.map(({ text }) => text)).toEqual(['one', '', 'two\rthree', 'last']);
  expect(seen.map(({ offset }) => offset)).toEqual([0, 5, 6, 16]);
  expect(seen.map(({ next }) => next)).toEqual([5, 6, 16, 20]);
  expect(seen.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  expect(seen.map(({ ended }) => ended)).toEqual([true, true, true, false]);
});

test('an empty file has no lines, a lone line break is one', async () => {
  expect(await linesOf(memorySource('a', bytesOf('')))).toEqual([]);
  expect((await linesOf(memorySource('a', bytesOf('\n')))).map(({ text }) => text)).toEqual(['']);
});

test('a range of a file is scanned as if it were a file, with its own offsets', async () => {
  const seen = await linesOf(memorySource('a', bytesOf('one\ntwo\nthree\n')), 4, 8);
  expect(seen).toEqual([{ text: 'two', offset: 4, next: 8, number: 1, ended: true, cut: false }]);
});

test('lines across the borders of blocks are whole, wherever the borders fall', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => 'x'.repeat(i % 97) + i + (i % 3 === 0 ? '\r' : ''));
  const bytes = bytesOf(lines.join('\n'));
  expect(bytes.length).toBeGreaterThan(3 << 20);
  const seen = await linesOf(memorySource('a', bytes));
  expect(seen.map(({ text }) => text)).toEqual(lines.map((line) => line.replace('\r', '')));
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    expect(seen[index]!.offset).toBe(offset);
    offset += line.length + 1;
  }
});

test('a file without line breaks costs no more memory than the longest line', async () => {
  const size = 40 << 20;
  let largest = 0;
  const block = new Uint8Array(1 << 20).fill(65);
  const source: ByteSource = {
    name: 'a',
    size,
    read: async (offset, length) => {
      largest = Math.max(largest, length);
      return block.subarray(0, Math.min(length, size - offset));
    },
  };
  const seen = await linesOf(source);
  expect(largest).toBeLessThanOrEqual(1 << 20);
  expect(seen.map(({ text, cut, next }) => [text.length, cut, next])).toEqual([[LONGEST_LINE, true, size]]);
});

test('a scan ends where the visitor says, or the signal, and tells how far it is', async () => {
  const source = memorySource('a', bytesOf('a\nb\nc\n'));
  const seen: number[] = [];
  await scanLines(source, ({ number }) => {
    seen.push(number);
    return number < 2;
  });
  expect(seen).toEqual([1, 2]);

  const progress: number[] = [];
  await scanLines(source, () => true, { progress: (bytes) => progress.push(bytes) });
  expect(progress).toEqual([6]);

  const stopped = scanLines(source, () => true, { signal: AbortSignal.abort('stopped') });
  await expect(stopped).rejects.toBe('stopped');
});
