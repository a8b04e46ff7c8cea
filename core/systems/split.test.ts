import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { uniformSource } from './molecule.test-support.ts';
import { type FrameRange, splitFrames } from './split.ts';

const framesIn = (ranges: readonly FrameRange[]) => ranges.reduce((sum, { start, end }) => sum + end - start, 0);

test('ten blocks, each with its end put aside', () => {
  const { training, validation } = splitFrames(1000, 0.1);
  expect(training).toEqual(Array.from({ length: 10 }, (_, k) => ({ start: 100 * k, end: 100 * k + 90 })));
  expect(validation).toEqual(Array.from({ length: 10 }, (_, k) => ({ start: 100 * k + 90, end: 100 * k + 100 })));
  expect(splitFrames(1000, 0.2, 1)).toEqual({
    training: [{ start: 0, end: 800 }],
    validation: [{ start: 800, end: 1000 }],
  });
});

test('nothing is held out of a fraction of 0', () => {
  expect(splitFrames(7, 0)).toEqual({ training: [{ start: 0, end: 7 }], validation: [] });
  expect(splitFrames(0, 0)).toEqual({ training: [], validation: [] });
});

test('every frame is on one side, both sides have some, and the fraction is kept', () => {
  const uniform = uniformSource(6);
  for (let round = 0; round < 2000; round++) {
    const frames = Math.floor(2 + uniform(0, 1) ** 4 * 50_000);
    const fraction = uniform(0.001, 0.9);
    const { training, validation } = splitFrames(frames, fraction);
    const all = [...training, ...validation].sort((a, b) => a.start - b.start);
    let next = 0;
    for (const { start, end } of all) {
      expect(start).toBe(next);
      expect(end).toBeGreaterThan(start);
      next = end;
    }
    expect(next).toBe(frames);
    expect(Math.abs(framesIn(validation) - frames * fraction)).toBeLessThanOrEqual(validation.length + 0.5);
    expect(splitFrames(frames, fraction)).toEqual({ training, validation });
  }
});

test.each([
  [1, 0.1, /1 frames cannot be split/],
  [100, -0.1, /between 0 and 0.9/],
  [100, 0.95, /between 0 and 0.9/],
  [100, Number.NaN, /between 0 and 0.9/],
])('%i frames and a fraction of %d are refused', (frames, fraction, message) => {
  expect(() => splitFrames(frames, fraction)).toThrow(message);
  expect(() => splitFrames(frames, fraction)).toThrow(ErgodicError);
});
