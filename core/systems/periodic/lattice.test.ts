import { expect, test } from 'vitest';
import { uniformSource } from '../molecule.test-support.ts';
import { latticeOf, minimumImage } from './lattice.ts';

const cells = {
  cube: [3, 0, 0, 0, 3, 0, 0, 0, 3],
  box: [2, 0, 0, 0, 5, 0, 0, 0, 3],
  'rhombic dodecahedron': [4, 0, 0, 0, 4, 0, 2, 2, 2 * Math.SQRT2],
  'truncated octahedron': [
    4,
    0,
    0,
    4 / 3,
    (8 * Math.SQRT2) / 3,
    0,
    -4 / 3,
    (4 * Math.SQRT2) / 3,
    (4 * Math.sqrt(6)) / 3,
  ],
  sheared: [2, 0, 0, 5.3, 2, 0, -3.7, 3.1, 2.5],
  'left-handed and turned': [0, 0, 3, 0, 2.5, 0.4, 2, 0.3, 0],
};

/** All images with few steps along the last vector and more along those it may be a multiple of. */
function shortestByTrying(cell: readonly number[], vector: ArrayLike<number>): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let a = -30; a <= 30; a++) {
    for (let b = -10; b <= 10; b++) {
      for (let c = -3; c <= 3; c++) {
        const x = vector[0]! + a * cell[0]! + b * cell[3]! + c * cell[6]!;
        const y = vector[1]! + a * cell[1]! + b * cell[4]! + c * cell[7]!;
        const z = vector[2]! + a * cell[2]! + b * cell[5]! + c * cell[8]!;
        shortest = Math.min(shortest, x * x + y * y + z * z);
      }
    }
  }
  return Math.sqrt(shortest);
}

test.each(Object.entries(cells))('%s: the shortest of all images is found, and it is an image', (_, cell) => {
  const lattice = latticeOf(cell)!;
  const nearest = minimumImage(lattice);
  const uniform = uniformSource(11);
  for (let round = 0; round < 100; round++) {
    const vector = Float64Array.from({ length: 3 }, () => uniform(-4, 4));
    const image = vector.slice();
    nearest(image);
    expect(Math.hypot(...image)).toBeCloseTo(shortestByTrying(cell, vector), 10);
    const moved = image.map((value, x) => value - vector[x]!);
    for (let k = 0; k < 3; k++) {
      const steps = [0, 1, 2].reduce((sum, x) => sum + lattice.inverse[3 * k + x]! * moved[x]!, 0);
      expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-9);
    }
  }
});

test.each(Object.entries(cells))(
  '%s: the basis spans the same volume and its widths are those of its faces',
  (_, cell) => {
    const { basis, inverse, widths } = latticeOf(cell)!;
    const volume = (m: ArrayLike<number>) =>
      Math.abs(
        m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
          m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
          m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!),
      );
    expect(volume(basis)).toBeCloseTo(volume(cell), 10);
    for (let k = 0; k < 3; k++) {
      expect(widths[k]! * Math.hypot(...inverse.subarray(3 * k, 3 * k + 3))).toBeCloseTo(1, 12);
      for (let m = 0; m < 3; m++) {
        const product = [0, 1, 2].reduce((sum, x) => sum + inverse[3 * k + x]! * basis[3 * m + x]!, 0);
        expect(product).toBeCloseTo(k === m ? 1 : 0, 12);
      }
    }
  },
);

test.each([
  ['none', undefined],
  ['zeros', [0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['a plane', [1, 0, 0, 0, 1, 0, 1, 1, 0]],
  ['not numbers', [Number.NaN, 0, 0, 0, 1, 0, 0, 0, 1]],
  ['too few numbers', [1, 2, 3]],
])('a cell of %s has no lattice', (_, cell) => {
  expect(latticeOf(cell)).toBeUndefined();
});
