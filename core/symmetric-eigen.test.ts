import { expect, test } from 'vitest';
import { type Eigen, symmetricEigen } from './symmetric-eigen.ts';
import { gaussianSource } from './systems/toys/gaussian.ts';

test('the second difference has the eigenvalues 2 − 2 cos(kπ/(n+1))', () => {
  const size = 50;
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    const distance = Math.abs(Math.floor(at / size) - (at % size));
    return distance === 0 ? 2 : distance === 1 ? -1 : 0;
  });
  const { values, vectors } = symmetricEigen(matrix, size);
  values.forEach((value, k) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((size - k) * Math.PI) / (size + 1)), 13);
  });
  // The last one is half a sine wave.
  const middle = vectors[size - 1]!;
  expect(Math.abs(middle[9]! / middle[0]!)).toBeCloseTo(
    Math.sin((10 * Math.PI) / (size + 1)) / Math.sin(Math.PI / (size + 1)),
    10,
  );
});

test.each([
  ['of full rank', 60, 60],
  ['of rank 3', 60, 3],
  ['of rank 0', 5, 0],
  ['of one row', 1, 1],
])('a matrix %s is taken apart and put together again', (_, size, rank) => {
  const next = gaussianSource(size + rank);
  const factor = Float64Array.from({ length: size * rank }, next);
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += factor[Math.floor(at / size) * rank + k]! * factor[(at % size) * rank + k]!;
    return sum;
  });
  const eigen = symmetricEigen(matrix, size);
  expect(distanceFrom(matrix, eigen)).toBeLessThan(1e-11);
  expect(eigen.values.filter((value) => Math.abs(value) > 1e-9).length).toBe(rank);
  expect([...eigen.values].toSorted((a, b) => b - a)).toEqual([...eigen.values]);
  eigen.vectors.forEach((u, i) => {
    eigen.vectors.forEach((v, j) => {
      expect(u.reduce((sum, value, at) => sum + value * v[at]!, 0)).toBeCloseTo(i === j ? 1 : 0, 11);
    });
  });
});

test('a diagonal matrix of very different sizes keeps all of them; only the lower triangle is read', () => {
  const { values, vectors } = symmetricEigen([1e-20, 7, 7, 0, 1e20, 7, 0, 0, 1], 3);
  expect([...values]).toEqual([1e20, 1, 1e-20]);
  expect(vectors.map((vector) => Array.from(vector, Math.abs))).toEqual([
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]);
});

test('an entry that is no number is an error', () => {
  expect(() => symmetricEigen([1, 0, Number.NaN, 1], 2)).toThrow(/no eigenvalues/);
});

function distanceFrom(matrix: Float64Array, { values, vectors }: Eigen): number {
  const size = values.length;
  return matrix.reduce((worst, entry, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    const sum = vectors.reduce((total, vector, k) => total + values[k]! * vector[i]! * vector[j]!, 0);
    return Math.max(worst, Math.abs(entry - sum));
  }, 0);
}
