import { expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { quantile, quantilesOf, wasserstein2 } from './quantiles.ts';

const normal = (seed: number, mean: number, deviation: number, count = 200_000) => {
  const next = gaussianSource(seed);
  return Float32Array.from({ length: count }, () => mean + deviation * next()).sort();
};

test('quantiles lie on straight lines between values', () => {
  expect([0, 0.125, 0.5, 1].map((fraction) => quantile([2, 3, 5, 9, 10], fraction))).toEqual([2, 2.5, 5, 10]);
  expect(quantile([7], 0.3)).toBe(7);
});

test('of two Gaussians it is the hypotenuse of the differences in mean and in width', () => {
  const far = wasserstein2(quantilesOf(normal(1, 0.1, 0.003)), quantilesOf(normal(2, 0.104, 0.006)));
  expect(far).toBeCloseTo(Math.hypot(0.004, 0.003), 4);
});

test('of a shifted sample it is the shift, whatever the sample, and of samples of other sizes nearly so', () => {
  const sorted = normal(3, 0, 1, 500);
  const shifted = sorted.map((value) => value + 2);
  expect(wasserstein2(quantilesOf(sorted), quantilesOf(shifted))).toBeCloseTo(2, 6);
  const grid = (count: number, from: number) =>
    Float64Array.from({ length: count }, (_, i) => from + (i + 0.5) / count);
  expect(wasserstein2(quantilesOf(grid(400, 0)), quantilesOf(grid(900, 0.25)))).toBeCloseTo(0.25, 3);
});
