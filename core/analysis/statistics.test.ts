import { expect, test } from 'vitest';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { blockAverages, blockBounds } from './free-energy/block-averages.ts';
import { correlatedMean } from './free-energy/correlated-mean.ts';
import { wasserstein1 } from './metrics/wasserstein.ts';

test('the error of the mean of an AR(1) series is that of the closed form', () => {
  // x' = φ x + √(1−φ²) ξ has variance 1 and g = (1+φ)/(1−φ).
  const phi = 0.9;
  const size = 200_000;
  const next = gaussianSource(4);
  const series = new Float64Array(size);
  for (let i = 1; i < size; i++) series[i] = phi * series[i - 1]! + Math.sqrt(1 - phi * phi) * next();
  const expected = Math.sqrt((1 + phi) / (1 - phi) / size);
  const { inefficiency, standardError, mean } = correlatedMean(series);
  expect(inefficiency).toBeGreaterThan(19 * 0.9);
  expect(inefficiency).toBeLessThan(19 * 1.1);
  expect(standardError / expected).toBeGreaterThan(0.93);
  expect(standardError / expected).toBeLessThan(1.07);
  expect(Math.abs(mean)).toBeLessThan(4 * expected);
  // 200 blocks know the error to 1/√400 = 5 %.
  const blocks = blockAverages(series, 200);
  expect(blocks.mean).toBeCloseTo(mean, 12);
  expect(blocks.standardError / expected).toBeGreaterThan(0.8);
  expect(blocks.standardError / expected).toBeLessThan(1.2);
});

test('uncorrelated data has inefficiency 1, a constant no error', () => {
  const next = gaussianSource(9);
  expect(correlatedMean(Float64Array.from({ length: 50_000 }, next)).inefficiency).toBeCloseTo(1, 1);
  expect(correlatedMean([3, 3, 3])).toEqual({ mean: 3, standardError: 0, inefficiency: 1 });
});

test('blocks cover the series without gap', () => {
  expect(blockBounds(10, 3)).toEqual([
    [0, 3],
    [3, 6],
    [6, 10],
  ]);
  expect([...blockAverages([1, 1, 2, 2, 6, 6], 3).means]).toEqual([1, 2, 6]);
  expect(() => blockAverages([1, 2], 3)).toThrow(/cannot be cut into 3 blocks/);
});

test('W1 of a shifted set is the shift, of two Gaussians of one mean the difference of the widths times √(2/π)', () => {
  const next = gaussianSource(2);
  const values = Float64Array.from({ length: 20_000 }, next);
  const shifted = values.map((value) => value + 0.37);
  expect(wasserstein1(values, shifted.reverse())).toBeCloseTo(0.37, 12);
  const wider = values.map((value) => 1.5 * value);
  expect(wasserstein1(values, wider)).toBeCloseTo(0.5 * Math.sqrt(2 / Math.PI), 1);
  expect(wasserstein1(values, values)).toBe(0);
});

test('W1 of sets of different size, with ties, by hand', () => {
  expect(wasserstein1([0, 0, 1], [1])).toBeCloseTo(2 / 3, 14);
  expect(wasserstein1([0, 2], [1, 1, 1, 1])).toBeCloseTo(1, 14);
  expect(wasserstein1([1, 2, 3, 4], [3, 1])).toBeCloseTo(0.5, 14);
  expect(() => wasserstein1([], [1])).toThrow(/at least one value/);
  expect(() => wasserstein1([1, Number.NaN], [1])).toThrow(/numbers/);
});
