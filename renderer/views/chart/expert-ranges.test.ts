import { describe, expect, test } from 'vitest';
import { limitsOf, merged, moved, type Range, split } from './expert-ranges.ts';

const three: readonly Range[] = [
  [0, 0.1],
  [0.1, 0.6],
  [0.6, 1],
];

const followEachOther = (ranges: readonly Range[]) => {
  expect(ranges[0]![0]).toBe(0);
  expect(ranges.at(-1)![1]).toBe(1);
  for (let i = 1; i < ranges.length; i++) expect(ranges[i]![0]).toBe(ranges[i - 1]![1]);
};

describe('the intervals of experts', () => {
  test('share the boundary that moves, and the others stay', () => {
    expect(moved(three, 1, 0.25, 0.01)).toEqual([
      [0, 0.25],
      [0.25, 0.6],
      [0.6, 1],
    ]);
  });

  test('never become narrower than allowed, however far a boundary is dragged', () => {
    expect(moved(three, 1, -5, 0.02)[0]).toEqual([0, 0.02]);
    expect(moved(three, 1, 5, 0.02)[1]).toEqual([0.58, 0.6]);
    expect(limitsOf(three, 2, 0.05)).toEqual([0.15, 0.95]);
    for (let t = -0.2; t < 1.2; t += 0.0137) followEachOther(moved(three, 2, t, 0.01));
  });

  test('have boundaries in thousandths, without dust', () => {
    expect(moved(three, 1, 0.30000000000000004, 0.01)[0]).toEqual([0, 0.3]);
  });

  test('are cut in two where asked, or as near as their width allows', () => {
    expect(split(three, 1, 0.3, 0.01)).toEqual([
      [0, 0.1],
      [0.1, 0.3],
      [0.3, 0.6],
      [0.6, 1],
    ]);
    followEachOther(split(three, 0, 0.0999, 0.03)!);
    expect(split(three, 0, 0.0999, 0.03)![0]).toEqual([0, 0.07]);
    expect(
      split(
        [
          [0, 0.015],
          [0.015, 1],
        ],
        0,
        0.01,
        0.01,
      ),
    ).toBeUndefined();
  });

  test('are taken over by the one before', () => {
    expect(merged(three, 2)).toEqual([
      [0, 0.1],
      [0.1, 1],
    ]);
    expect(merged(merged(three, 1), 1)).toEqual([[0, 1]]);
  });
});
