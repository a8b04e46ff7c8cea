import { describe, expect, test } from 'vitest';
import { anglePlane, type Plane } from '../../../analysis/free-energy/plane.ts';
import { uniformSource } from '../../../systems/toys/gaussian.ts';
import { rowsAbout, rowsInside } from './plane-search.ts';

const { PI } = Math;
const flat: Plane = {
  limits: [
    [0, 10],
    [0, 1],
  ],
  periodic: false,
  pmfBins: 64,
  jsBins: 64,
};
const uniform = (seed: number) => {
  const word = uniformSource(seed);
  return () => word() / 2 ** 32;
};

describe('about a point', () => {
  test('the nearest first, in widths of the axes, as brute force finds them', () => {
    const next = uniform(1);
    const points = [0, 1].map((axis) => Float32Array.from({ length: 3000 }, () => next() * flat.limits[axis]![1]));
    const at = [4, 0.3] as const;
    const distance = (row: number) => Math.hypot((points[0]![row]! - at[0]) / 10, points[1]![row]! - at[1]);
    const expected = [...points[0]!.keys()].filter((row) => distance(row) <= 0.05);
    const found = rowsAbout(points, flat, at);
    expect(new Set(found)).toEqual(new Set(expected));
    expect(found.map(distance)).toEqual(found.map(distance).toSorted((a, b) => a - b));
    expect(found.length).toBeGreaterThan(10);
  });

  test('an angle goes on from its end to its beginning; what is no number is nowhere', () => {
    const points = [
      [PI - 0.1, -PI + 0.1, 0, Number.NaN],
      [-PI + 0.05, PI - 0.05, 0, 0],
    ];
    expect(rowsAbout(points, anglePlane, [PI, PI]).toSorted()).toEqual([0, 1]);
    expect(rowsAbout(points, anglePlane, [-PI, PI]).toSorted()).toEqual([0, 1]);
    expect(rowsAbout(points, anglePlane, [1.5, 1.5])).toEqual([]);
  });

  test('along one axis the second number says nothing', () => {
    const line: Plane = { ...flat, limits: [[0, 10]] };
    expect(rowsAbout([[1, 2, 2.2, 9]], line, [2, 7])).toEqual([1, 2]);
  });
});

describe('inside an outline', () => {
  test('a triangle holds what its half planes say', () => {
    const next = uniform(2);
    const points = [0, 1].map((axis) => Float32Array.from({ length: 2000 }, () => next() * flat.limits[axis]![1]));
    const found = rowsInside(points, flat, [
      [0, 0],
      [10, 0],
      [0, 1],
    ]);
    const expected = [...points[0]!.keys()].filter((row) => points[0]![row]! / 10 + points[1]![row]! < 1);
    expect(found).toEqual(expected);
  });

  test('a hollow shape holds nothing in its hollow', () => {
    const u: [number, number][] = [
      [0, 0],
      [10, 0],
      [10, 1],
      [7, 1],
      [7, 0.4],
      [3, 0.4],
      [3, 1],
      [0, 1],
    ];
    expect(
      rowsInside(
        [
          [1, 5, 9, 5],
          [0.8, 0.8, 0.8, 0.2],
        ],
        flat,
        u,
      ),
    ).toEqual([0, 2, 3]);
  });

  test('one that is drawn beyond the end of an angle goes on at its other end', () => {
    const points = [
      [PI - 0.2, -PI + 0.2, 0, -PI + 1.5],
      [PI - 0.2, -PI + 0.2, 0, 0],
    ];
    const corner: [number, number][] = [
      [PI - 0.5, PI - 0.5],
      [PI + 0.5, PI - 0.5],
      [PI + 0.5, PI + 0.5],
      [PI - 0.5, PI + 0.5],
    ];
    expect(rowsInside(points, anglePlane, corner)).toEqual([0, 1]);
    // The same corner, drawn from the other side.
    const other = corner.map(([x, y]): [number, number] => [x - 2 * PI, y]);
    expect(rowsInside(points, anglePlane, other)).toEqual([0, 1]);
  });

  test('along one axis an outline is what lies between its outermost points', () => {
    const line: Plane = { ...flat, limits: [[0, 10]] };
    expect(
      rowsInside([[1, 2, 5, Number.NaN]], line, [
        [1.5, 0],
        [6, 3],
        [3, 9],
      ]),
    ).toEqual([1, 2]);
  });

  test('one that nobody can have drawn ends', () => {
    const points = [[0], [0]];
    expect(
      rowsInside(points, anglePlane, [
        [-1e300, -1e300],
        [1e300, -1e300],
        [0, 1e300],
      ]),
    ).toHaveLength(1);
  });
});
