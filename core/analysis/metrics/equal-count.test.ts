import { describe, expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import type { Plane } from '../free-energy/plane.ts';
import { aboveFloor, againstEachOther, againstReference, type FrameValues } from './equal-count.ts';
import { RandomPicks } from './random-picks.ts';
import { pickedWasserstein1, sortedValues } from './sorted-values.ts';
import { wasserstein1 } from './wasserstein.ts';

const plane: Plane = {
  limits: [
    [-4, 4],
    [-4, 4],
  ],
  periodic: false,
  pmfBins: 64,
  jsBins: 64,
};

/** Independent points of a standard Gaussian in the plane, and one bond of 0.15 ± 0.003 nm. */
function truth(seed: number, count: number, shift = 0, longer = 0): FrameValues {
  const next = gaussianSource(seed);
  const column = (from: number, width: number) => Float32Array.from({ length: count }, () => from + width * next());
  return { points: [column(shift, 1), column(0, 1)], bonds: [column(0.15 + longer, 0.003)], angles: [column(2, 0.05)] };
}

const reference = truth(1, 40_000);
const names = ['pmf', 'js', 'junk', 'bonds', 'angles'] as const;

describe('true points', () => {
  for (const count of [2_000, 10_000, 100_000]) {
    test(`${count} of them are at the floor of their number`, () => {
      const found = againstReference(truth(2, count), { reference }, plane)!;
      expect(found.count).toBe(Math.min(count, 20_000));
      expect(found.against).toBe(40_000 - found.count);
      for (const name of names) {
        expect(found[name]!.floor.mean, name).toBeGreaterThan(0);
        expect(Math.abs(aboveFloor(found[name]!)), name).toBeLessThan(3);
        expect(Math.abs(found[name]!.ratio! - 1) / found[name]!.ratioError!, name).toBeLessThan(3);
      }
      for (const name of ['pmf', 'js'] as const) expect(found[name].ratio, name).toBeCloseTo(1, 0);
    });
  }

  test('the floor of fewer points is higher', () => {
    const floor = (count: number) => againstReference(truth(2, count), { reference }, plane)!.pmf.floor.mean;
    expect(floor(2_000)).toBeGreaterThan(1.5 * floor(20_000));
  });

  test('two results of different sizes are compared with as many points, beside a floor of as many', () => {
    const found = againstEachOther(truth(2, 5_000), truth(3, 30_000), { reference }, plane)!;
    expect([found.count, found.against]).toEqual([5_000, 5_000]);
    for (const name of names) expect(Math.abs(aboveFloor(found[name]!)), name).toBeLessThan(3);
  });

  test('a second data set takes the part of the result in the floor', () => {
    const shifted = truth(4, 20_000, 1);
    const found = againstReference(truth(2, 20_000), { reference, second: shifted }, plane)!;
    expect(found.pmf.ratio).toBeLessThan(0.5);
    expect(found.bonds!.ratio).toBeCloseTo(1, 0);
  });

  test('frames of training set the floor of a smaller reference for testing, which is compared with as a whole', () => {
    const [training, testing] = [truth(4, 30_000), truth(5, 10_000)];
    const found = againstReference(truth(2, 20_000), { reference: testing, second: training }, plane)!;
    expect([found.count, found.against]).toEqual([10_000, 10_000]);
    for (const name of names) expect(Math.abs(aboveFloor(found[name]!)), name).toBeLessThan(3);
  });

  test('a reference that cannot be divided has no floor', () => {
    expect(againstReference(truth(2, 10), { reference: truth(1, 1) }, plane)).toBeUndefined();
  });
});

test('shifted points are above the floor, in every measure that sees the shift', () => {
  const found = againstReference(truth(2, 10_000, 0.3), { reference }, plane)!;
  for (const name of ['pmf', 'js'] as const) expect(aboveFloor(found[name]), name).toBeGreaterThan(5);
  expect(Math.abs(aboveFloor(found.bonds!))).toBeLessThan(3);
});

test('bonds that are 1 pm too long are off by 1 pm', () => {
  const found = againstReference(truth(2, 10_000, 0, 1e-3), { reference }, plane)!;
  expect(found.bonds!.value.mean).toBeCloseTo(1e-3, 4);
  expect(aboveFloor(found.bonds!)).toBeGreaterThan(10);
});

test('junk of uniform points is the part of the plane that truth does not reach', () => {
  const inside = Float32Array.from({ length: 40_000 }, (_, i) => ((i % 200) + 0.5) / 50 - 4);
  const other = Float32Array.from({ length: 40_000 }, (_, i) => (Math.floor(i / 200) + 0.5) / 50 - 4);
  const middle = (values: Float32Array) => values.map((value) => value / 2);
  const square: FrameValues = { points: [middle(inside), middle(other)], bonds: [], angles: [] };
  const found = againstReference({ points: [inside, other], bonds: [], angles: [] }, { reference: square }, plane)!;
  // 18 of 36 bins along each axis.
  expect(found.junk.value.mean).toBeCloseTo(0.75, 2);
  expect(found.junk.floor.mean).toBe(0);
  expect(found.junk.ratio).toBeNull();
  expect(found.bonds).toBeUndefined();
  expect(found.oneSided.value.mean).toBeGreaterThan(0.9);
});

test('the distance of parts that were sorted together is that of the parts', () => {
  const [one, other] = [truth(5, 3_000), truth(6, 2_000)];
  const values = [one.points[0]!, other.points[0]!];
  const picks = new RandomPicks(3);
  const [a] = picks.parts(3_000, 700);
  const [b] = picks.parts(2_000, 1_100);
  const part = (side: number, indices: Uint32Array) => Array.from(indices, (i) => values[side]![i]!);
  const found = pickedWasserstein1(sortedValues(values[0]!), a!, sortedValues(values[1]!), b!);
  expect(found).toBeCloseTo(wasserstein1(part(0, a!.indices), part(1, b!.indices)), 12);
  expect(new Set(a!.indices).size).toBe(700);
});
