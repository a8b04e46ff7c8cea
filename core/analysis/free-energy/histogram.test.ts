import { expect, test } from 'vitest';
import { binCentres, histogram, innerBins, innerCounts, wrap } from './histogram.ts';

test('every point lands in exactly one bin, edges in the bin above, outliers in the outer bins', () => {
  const values = [-9, 0, 0.5, 1, 1.999, 2, 2.001, Number.POSITIVE_INFINITY];
  const counted = histogram([values], { limits: [[0, 2]], bins: 2 });
  expect([...counted.counts]).toEqual([1, 2, 3, 2]);
  expect([...innerCounts(counted)]).toEqual([2, 3]);
  expect(counted.total).toBe(8);
});

test('in two dimensions the last axis is fastest', () => {
  const grid = {
    limits: [
      [0, 2],
      [0, 3],
    ],
    bins: 3,
  } as const;
  const inner = innerCounts(histogram([[1.5], [0.5]], grid));
  expect([...inner]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0]);
});

test('angles wrap: π is −π, and whole turns do not matter', () => {
  const turn = [-Math.PI, Math.PI] as const;
  const grid = { limits: [turn], bins: 4, periodic: true };
  expect([...histogram([[Math.PI, -Math.PI, 3 * Math.PI, 0.1, 0.1 + 6 * Math.PI]], grid).counts]).toEqual([
    0, 3, 0, 2, 0, 0,
  ]);
  expect(wrap(-Math.PI - 1e-17, turn)).toBe(-Math.PI);
  expect(wrap(3.5, turn)).toBeCloseTo(3.5 - 2 * Math.PI, 12);
});

test('one axis may be an angle and the other not', () => {
  const limits = [
    [-Math.PI, Math.PI],
    [0, 1],
  ] as const;
  const points = [
    [4, 4],
    [0.5, 1.5],
  ];
  const mixed = { limits, bins: 2, periodic: [true, false] };
  expect([...innerCounts(histogram(points, mixed))]).toEqual([0, 1, 0, 0]);
  expect([...innerBins(points, mixed)]).toEqual([1, -1]);
  expect([...innerBins(points, { ...mixed, periodic: false })]).toEqual([-1, -1]);
  expect([...innerBins([[Number.NaN], [0]], mixed)]).toEqual([-1]);
});

test('the index of a point is the bin that counts it', () => {
  const values = [-9, 0, 0.5, 1, 1.999, 2, 2.001];
  expect([...innerBins([values], { limits: [[0, 2]], bins: 2 })]).toEqual([-1, 0, 0, 1, 1, 1, -1]);
});

test('a coordinate that is not a number is named instead of vanishing', () => {
  for (const periodic of [false, true]) {
    const grid = { limits: [[0, 1]], bins: 2, periodic } as const;
    expect(() => histogram([[0, Number.NaN]], grid)).toThrow(/Point 1 is not a number/);
  }
});

test('impossible grids are refused', () => {
  expect(() => histogram([[]], { limits: [[0, 1]], bins: 2 })).toThrow(/no points/);
  expect(() =>
    histogram([[1], [1, 2]], {
      limits: [
        [0, 1],
        [0, 1],
      ],
      bins: 2,
    }),
  ).toThrow(/differ in length: 1 and 2/);
  expect(() => histogram([[1]], { limits: [[1, 1]], bins: 2 })).toThrow(/no interval/);
  expect(() => histogram([[1]], { limits: [[0, 1]], bins: 0 })).toThrow(/at least 1/);
  expect(() =>
    histogram([[1]], {
      limits: [
        [0, 1],
        [0, 1],
      ],
      bins: 2,
    }),
  ).toThrow(/2 axes/);
});

test('bin centres', () => {
  expect([...binCentres([0, 4], 4)]).toEqual([0.5, 1.5, 2.5, 3.5]);
});
