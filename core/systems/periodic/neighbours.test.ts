import { expect, test } from 'vitest';
import { uniformSource } from '../molecule.test-support.ts';
import { latticeOf, minimumImage } from './lattice.ts';
import { visitPairsWithin } from './neighbours.ts';

const REACH = 0.3;

function found(positions: ArrayLike<number>, indices: number[], cell?: number[]): string[] {
  const pairs: string[] = [];
  visitPairsWithin(REACH, positions, indices, latticeOf(cell), (i, j, distance) => {
    pairs.push(`${Math.min(i, j)}-${Math.max(i, j)} ${distance.toFixed(6)}`);
  });
  return pairs.sort();
}

function expected(positions: ArrayLike<number>, indices: number[], cell?: number[]): string[] {
  const lattice = latticeOf(cell);
  const nearest = lattice && minimumImage(lattice);
  const pairs: string[] = [];
  for (const i of indices) {
    for (const j of indices) {
      if (j <= i) continue;
      const between = Float64Array.from([0, 1, 2], (x) => positions[3 * j + x]! - positions[3 * i + x]!);
      nearest?.(between);
      const distance = Math.hypot(...between);
      if (distance <= REACH) pairs.push(`${i}-${j} ${distance.toFixed(6)}`);
    }
  }
  return pairs.sort();
}

test.each([
  ['no cell', undefined],
  ['a box', [1.5, 0, 0, 0, 1.1, 0, 0, 0, 0.9]],
  ['a box two reaches wide', [0.62, 0, 0, 0, 0.62, 0, 0, 0, 2]],
  ['a skewed cell', [1.2, 0, 0, 0.6, 1.1, 0, -0.5, 0.4, 1.3]],
  ['a very skewed cell', [1.2, 0, 0, 3.1, 1.1, 0, -2.5, 4.4, 1.3]],
])('%s: the same pairs as by comparing all with all', (_, cell) => {
  const uniform = uniformSource(5);
  const positions = Float32Array.from({ length: 3 * 400 }, () => uniform(-2, 2));
  const all = [...Array(400).keys()];
  const pairs = found(positions, all, cell);
  expect(pairs.length).toBeGreaterThan(100);
  expect(pairs).toEqual(expected(positions, all, cell));
  const some = all.filter((index) => index % 3 === 1);
  expect(found(positions, some, cell)).toEqual(expected(positions, some, cell));
});

test('positions that are none have no neighbours, and do not hide those of others', () => {
  const positions = [0, 0, 0, Number.NaN, 0, 0, 1e300, 0, 0, 1e300, 0, 0, Number.POSITIVE_INFINITY, 0, 0, 0.1, 0, 0];
  expect(found(positions, [0, 1, 2, 3, 4, 5])).toEqual(['0-5 0.100000']);
  expect(found(positions, [0, 1, 2, 3, 4, 5], [1, 0, 0, 0, 1, 0, 0, 0, 1])).toEqual(['0-5 0.100000']);
});

test('placeholders, all in one place, take no time', () => {
  let visits = 0;
  const indices = [...Array(50_000).keys()];
  visitPairsWithin(REACH, new Float32Array(150_000), indices, undefined, () => visits++);
  expect(visits).toBe(0);
});
