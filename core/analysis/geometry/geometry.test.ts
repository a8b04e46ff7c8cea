import { describe, expect, test } from 'vitest';
import { ErgodicError } from '../../errors.ts';
import { cellFromShape } from '../../systems/periodic/cell.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { normalisedWeights } from './atom-weights.ts';
import { conformations, frameAt, pickFrames, sliceFrames } from './conformations.ts';
import { dihedrals } from './dihedrals.ts';
import { distances } from './distances.ts';

const two = conformations(
  Float32Array.from({ length: 18 }, (_, i) => i),
  3,
);

describe('conformations', () => {
  test('frames are picked in the order asked for', () => {
    expect(two.frames).toBe(2);
    expect([...frameAt(two, 1)]).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect([...pickFrames(two, [1, 0]).positions].slice(8, 10)).toEqual([17, 0]);
    expect(sliceFrames(two, 1, 9)).toEqual({ positions: two.positions.subarray(9), frames: 1, atoms: 3 });
  });

  test('what does not fit is refused', () => {
    expect(() => conformations(new Float32Array(10), 3)).toThrow(/10 coordinates are no whole number of frames of 3/);
    expect(() => frameAt(two, 2)).toThrow(ErgodicError);
    expect(() => dihedrals(two, [[0, 1, 2, 3]])).toThrow(/Atom 3 is not among the 3 atoms/);
    expect(() => distances(two, [[0, -1]])).toThrow(/Atom -1/);
    expect(() => normalisedWeights(3, [1, 1])).toThrow(/2 weights for 3 atoms/);
    expect(() => normalisedWeights(3, [0, 0, 0])).toThrow(/some above 0/);
    expect(() => distances(two, [[0, 1]], [[1, 0, 0, 0, 1, 0, 0, 0, 1]])).toThrow(/1 cells for 2 frames/);
  });
});

describe('dihedrals', () => {
  const turned = (angle: number) => [1, 0, 0, 0, 0, 0, 0, 0, 1, Math.cos(angle), Math.sin(angle), 1];

  test('the sign is that of IUPAC: a clockwise turn of the far bond is positive', () => {
    const wanted = [-3, -1.5, -0.001, 0, 1e-7, 0.5, 2, Math.PI - 1e-6];
    const all = conformations(Float64Array.from(wanted.flatMap(turned)), 4);
    const [forward, backward] = dihedrals(all, [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
    ]);
    wanted.forEach((angle, i) => {
      expect(forward![i]).toBeCloseTo(angle, 14);
      expect(backward![i]).toBeCloseTo(angle, 14);
    });
  });

  test('the result has the precision of the positions; a frame that is NaN gives NaN, a straight chain 0', () => {
    const nan = [Number.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const straight = [0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3];
    const all = conformations(Float32Array.from([...nan, ...turned(1), ...straight]), 4);
    const [angle] = dihedrals(all, [[0, 1, 2, 3]]);
    expect(angle).toBeInstanceOf(Float32Array);
    expect(angle![0]).toBeNaN();
    expect(angle![1]).toBeCloseTo(1, 6);
    expect(angle![2]).toBe(0);
  });
});

describe('distances', () => {
  test('are Euclidean, and NaN only where the frame is', () => {
    const all = conformations(Float64Array.of(0, 0, 0, 1, 2, 2, Number.NaN, 0, 0, 1, 1, 1), 2);
    expect([...distances(all, [[0, 1]])[0]!]).toEqual([3, Number.NaN]);
    expect([...distances(all, [[1, 0]], [1, 0, 0, 0, 1, 0, 0, 0, 1])[0]!]).toEqual([0, Number.NaN]);
  });

  test('a cell per frame is used for its frame', () => {
    const all = conformations(Float64Array.of(0, 0, 0, 0.9, 0, 0, 0, 0, 0, 0.9, 0, 0), 2);
    const cube = (edge: number) => [edge, 0, 0, 0, edge, 0, 0, 0, edge];
    const [measured] = distances(all, [[0, 1]], [cube(1), cube(2)]);
    expect(measured![0]).toBeCloseTo(0.1, 14);
    expect(measured![1]).toBeCloseTo(0.9, 14);
  });
});

describe('distances in a cell', () => {
  const cells: [string, readonly number[]][] = [
    ['a box', [1.2, 0, 0, 0, 0.8, 0, 0, 0, 2]],
    ['a truncated octahedron', cellFromShape({ lengths: [1, 1, 1], angles: [70.53, 109.47, 70.53] })!],
    ['a skewed cell', cellFromShape({ lengths: [1, 2, 1.5], angles: [50, 120, 100] })!],
    ['a needle', cellFromShape({ lengths: [1, 1, 1], angles: [15, 15, 15] })!],
    ['a cell that is not reduced', [1, 0, 0, 2.3, 1, 0, -1.2, 1.7, 1.1]],
  ];
  test.each(cells)('in %s are those of the nearest image', (_, cell) => {
    const next = gaussianSource(3);
    // Whole cells do not matter, so that a search near the cell at the origin finds the nearest image.
    const start = Array.from({ length: 100 }, () => [next(), next(), next()].map((value) => 0.2 * value));
    const moved = start.map((vector) => {
      const [i, j, k] = [next(), next(), next()].map((value) => Math.round(3 * value)) as [number, number, number];
      return vector.map((value, x) => value + i * cell[x]! + j * cell[3 + x]! + k * cell[6 + x]!);
    });
    const all = conformations(Float64Array.from(moved.flatMap((vector) => [0, 0, 0, ...vector])), 2);
    const [measured] = distances(all, [[0, 1]], cell);
    start.forEach((vector, i) => {
      expect(measured![i]).toBeCloseTo(shortestAround(vector, cell), 12);
    });
  });

  test('a cell without volume is refused', () => {
    expect(() => distances(two, [[0, 1]], [1, 0, 0, 2, 0, 0, 0, 0, 1])).toThrow(/spans no volume/);
    expect(() => distances(two, [[0, 1]], [1, 0, 0, 0, Number.NaN, 0, 0, 0, 1])).toThrow(/spans no volume/);
  });

  function shortestAround(vector: readonly number[], cell: readonly number[]): number {
    let shortest = Number.POSITIVE_INFINITY;
    const range = Array.from({ length: 25 }, (_, i) => i - 12);
    const [x, y, z] = vector as [number, number, number];
    for (const i of range) {
      for (const j of range) {
        for (const k of range) {
          const u = x + i * cell[0]! + j * cell[3]! + k * cell[6]!;
          const v = y + i * cell[1]! + j * cell[4]! + k * cell[7]!;
          const w = z + i * cell[2]! + j * cell[5]! + k * cell[8]!;
          shortest = Math.min(shortest, Math.sqrt(u * u + v * v + w * w));
        }
      }
    }
    return shortest;
  }
});
