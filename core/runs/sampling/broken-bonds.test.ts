import { expect, test } from 'vitest';
import { BOND, chainFrames } from '../small-molecule.test-support.ts';
import { bondRanges, hasBrokenBond } from './broken-bonds.ts';

const bonds = [
  [0, 1],
  [1, 2],
] as const;

test('what the data hold is never broken, nor what is within five standard deviations of it', () => {
  const frames = 500;
  const data = chainFrames(3, frames, 3);
  const ranges = bondRanges(data, 3, bonds);
  for (const [least, greatest] of ranges) {
    expect(least).toBeLessThan(BOND.rest - 3 * BOND.width);
    expect(greatest).toBeGreaterThan(BOND.rest + 3 * BOND.width);
    expect(greatest - least).toBeLessThan(12 * BOND.width);
  }
  const broken = Array.from({ length: frames }, (_, i) =>
    hasBrokenBond(data.subarray(9 * i, 9 * i + 9), bonds, ranges),
  );
  expect(broken).not.toContain(true);
});

test('a bond that is too long, too short or not a number is broken', () => {
  const ranges = bondRanges(chainFrames(3, 500, 3), 3, bonds);
  const row = (first: number, second: number) => Float32Array.of(0, 0, 0, first, 0, 0, first + second, 0, 0);
  expect(hasBrokenBond(row(BOND.rest, BOND.rest), bonds, ranges)).toBe(false);
  expect(hasBrokenBond(row(BOND.rest, BOND.rest + 7 * BOND.width), bonds, ranges)).toBe(true);
  expect(hasBrokenBond(row(BOND.rest - 6 * BOND.width, BOND.rest), bonds, ranges)).toBe(true);
  expect(hasBrokenBond(row(BOND.rest, Number.NaN), bonds, ranges)).toBe(true);
});

test('one length that is far out in the data is in the range', () => {
  const data = Float32Array.from(chainFrames(3, 500, 3));
  data.set([0, 0, 0, 1, 0, 0, 1.38, 0, 0]);
  expect(bondRanges(data, 3, bonds)[0]![1]).toBe(1);
});
