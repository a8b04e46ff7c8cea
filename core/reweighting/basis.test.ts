import { expect, test } from 'vitest';
import { evaluated } from '../models/evaluated.test-support.ts';
import { gaussianBasis, type InternalBasis, sizeOfBasis, valuesOf } from './basis.ts';

test('Gaussians stand where data are, and are 1 at their centres', async () => {
  const x = [0, 1].flatMap((value) => Array.from({ length: 24 }, () => value));
  const basis = gaussianBasis(x, 2);
  expect(basis.centres).toEqual([
    [0, 0],
    [1, 1],
  ]);
  const { values } = await evaluated({ x: { shape: [2, 2], values: [0, 0, 1, 1] } }, (inputs) => ({
    values: valuesOf(basis, inputs.x),
  }));
  expect([values![0], values![3]]).toEqual([1, 1]);
  expect(values![1]).toBeLessThan(1e-20);
});

test('distances count in standard deviations, and torsions in waves', async () => {
  const basis: InternalBasis = {
    kind: 'internal',
    pairs: [[0, 3]],
    means: [1],
    deviations: [0.5],
    torsions: [[0, 1, 2, 3]],
    together: [],
  };
  // A torsion of 90 degrees: the first bond along y, the middle one along x, the last along z.
  const x = [0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1];
  const { values } = await evaluated({ x: { shape: [1, 4, 3], values: x } }, (inputs) => ({
    values: valuesOf(basis, inputs.x),
  }));
  const distance = (Math.sqrt(3) - 1) / 0.5;
  const sign = Math.sign(values![3]!);
  const expected = [distance, distance ** 2, 0, sign, -1, 0, 0, -sign];
  expect(values!.length).toBe(sizeOfBasis(basis));
  for (const [i, value] of expected.entries()) expect(values![i]).toBeCloseTo(value, 4);
});
