import { expect, test } from 'vitest';
import { BIN_NUMBERS, DistanceHistogram, distanceLimit, totalVariations } from './distance-histogram.ts';

/** Evenly from `low` to `high`. */
const uniform = (low: number, high: number, count = 100_000) =>
  Float64Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.5)) / count);

function counted(distances: Float64Array, limit = 0.5): DistanceHistogram {
  const histogram = new DistanceHistogram(limit);
  histogram.add(distances);
  return histogram;
}

test('of a uniform distribution and one that is shifted it is the part that they do not share', () => {
  const found = totalVariations(counted(uniform(0.1, 0.3)), counted(uniform(0.13, 0.33)));
  expect(found).toHaveLength(BIN_NUMBERS.length);
  for (const value of found) expect(value).toBeCloseTo(0.15, 3);
});

test('what differs within a bin only shows in smaller ones', () => {
  // Halves of bins of 10 pm, of which there are 50.
  const half = (start: number) =>
    Float64Array.from({ length: 5000 }, (_, i) => 0.01 * (i % 40) + start + 1e-6 * Math.floor(i / 40) + 1e-5);
  const found = totalVariations(counted(half(0)), counted(half(0.005)));
  expect(found[0]).toBeCloseTo(0, 12);
  for (const value of found.slice(1)) expect(value).toBeCloseTo(1, 12);
});

test('nothing is dropped: the range reaches as far as the reference, and what is beyond it counts', () => {
  expect([0.2, 0.5, 0.51, 1.2].map(distanceLimit)).toEqual([0.5, 0.5, 0.6, 1.2]);
  const within = uniform(0.2, 0.4, 750);
  const found = totalVariations(counted(within), counted(Float64Array.of(...within, ...uniform(3, 300, 250))));
  for (const value of found) expect(value).toBeCloseTo(0.25, 12);
});
