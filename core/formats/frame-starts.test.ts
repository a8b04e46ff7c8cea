import { expect, test } from 'vitest';
import { FrameStarts } from './frame-starts.ts';

/** Frame i is i + 1 bytes long. */
const startOf = (frame: number): number => (frame * (frame + 1)) / 2;

function filled(frames: number, most: number, into = new FrameStarts(most)): FrameStarts {
  for (let frame = into.frames; frame < frames; frame++) into.add(startOf(frame));
  into.end = startOf(frames);
  return into;
}

test('every start is kept while there is room', () => {
  const starts = filled(2000, 2000);
  expect(starts).toMatchObject({ every: 1, frames: 2000, end: startOf(2000) });
  for (const frame of [0, 1, 1024, 1999]) expect(starts.before(frame)).toBe(startOf(frame));
  expect(starts.toKeep()).toEqual(Float64Array.from({ length: 2001 }, (_, frame) => startOf(frame)));
});

test.each([
  [8, 1],
  [9, 2],
  [16, 2],
  [17, 4],
  [33, 8],
  [1000, 128],
])('of %i frames, with room for eight starts, every %i-th one is kept', (frames, every) => {
  const starts = filled(frames, 8);
  expect(starts).toMatchObject({ every, frames, end: startOf(frames) });
  for (let frame = 0; frame < frames; frame++) {
    expect(starts.before(frame)).toBe(startOf(frame - (frame % every)));
  }
  const kept = starts.toKeep();
  expect(kept.length).toBeLessThanOrEqual(8 + 3);
  const again = FrameStarts.from(kept, startOf(frames), 8)!;
  expect(again).toMatchObject({ every, frames, end: startOf(frames) });
  expect(again.toKeep()).toBe(kept);
  for (let frame = 0; frame < frames; frame++) expect(again.before(frame)).toBe(starts.before(frame));
});

test.each([
  [5, 7],
  [8, 9],
  [12, 13],
  [12, 200],
])('what was kept of %i frames goes on to %i, and stays as it was', (before, after) => {
  const kept = filled(before, 8).toKeep();
  const copy = kept.slice();
  const further = filled(after, 8, FrameStarts.from(kept, startOf(after), 8)!);
  expect(further.toKeep()).toEqual(filled(after, 8).toKeep());
  expect(kept).toEqual(copy);
});

test('whether all frames are alike', () => {
  for (const most of [100, 8]) {
    const even = new FrameStarts(most);
    for (let frame = 0; frame < 50; frame++) even.add(12 * frame);
    even.end = 600;
    expect(even.alike).toBe(true);
    even.end = 601;
    expect(even.alike).toBe(false);
    expect(filled(50, most).alike).toBe(false);
  }
});

test.each([
  ['nothing', []],
  ['an end only', [0]],
  ['a beginning that is not the file’s', [3, 6, 10]],
  ['an end beyond the file', [0, 1, 1000]],
  ['no order', [0, 6, 3, 10]],
  ['a start twice', [0, 3, 3, 10]],
  ['half a byte', [0, 1.5, 3]],
  ['no numbers', [0, Number.NaN, 10]],
  ['more starts than are ever kept', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['few starts of many frames', [-2, 5, 0, 3, 6, 10]],
  ['other counts than starts', [-2, 20, 0, 1, 2, 3, 4, 5, 6, 7, 9]],
  ['half a frame for each start', [-1.5, 12, 0, 1, 2, 3, 4, 5, 6, 7, 9]],
  ['no count', [-2, Number.NaN, 0, 1, 2, 3, 4, 5, 6, 7, 9]],
])('numbers with %s are refused', (_, numbers) => {
  expect(FrameStarts.from(Float64Array.from(numbers), 100, 8)).toBeUndefined();
});
