import { expect, test } from 'vitest';
import { Batches } from './batches.ts';

/** Samples that say their own number. */
const numbered = (count: number, dimension = 1) => ({
  count,
  dimension,
  values: Float32Array.from({ length: count * dimension }, (_, i) => Math.floor(i / dimension) + (i % dimension) / 4),
});
const seen = (batches: Batches, from: number, steps: number) => [...batches.steps(from, steps)];

test.each([
  [30, 10],
  [30, 7],
  [7, 30],
  [5, 1],
])('of %i samples in batches of %i, each is seen once in every pass', (samples, batch) => {
  const steps = 3 * samples;
  const order = seen(new Batches(numbered(samples), batch, 1), 0, steps);
  for (let pass = 0; (pass + 1) * samples <= order.length; pass++) {
    const own = order.slice(pass * samples, (pass + 1) * samples).toSorted((a, b) => a - b);
    expect(own).toEqual(Array.from({ length: samples }, (_, i) => i));
  }
});

test('passes are shuffled anew, and by the seed', () => {
  const order = (seed: number) => seen(new Batches(numbered(50), 50, seed), 0, 2);
  const first = order(1);
  expect(first.slice(0, 50)).not.toEqual(first.slice(50));
  expect(order(1)).toEqual(first);
  expect(order(2)).not.toEqual(first);
  expect(order(1 + 2 ** 32)).not.toEqual(first);
});

test('a batch is a function of its step, wherever one begins and however steps are grouped', () => {
  const data = numbered(11);
  const whole = seen(new Batches(data, 4, 3), 0, 40);
  for (const cuts of [[40], [1, 39], [3, 5, 1, 31], Array(40).fill(1)]) {
    const batches = new Batches(data, 4, 3);
    let from = 0;
    const pieces = cuts.flatMap((count) => {
      from += count;
      return seen(batches, from - count, count);
    });
    expect(pieces).toEqual(whole);
  }
  expect(seen(new Batches(data, 4, 3), 33, 2)).toEqual(whole.slice(132, 140));
  const backwards = new Batches(data, 4, 3);
  seen(backwards, 30, 5);
  expect(seen(backwards, 0, 40)).toEqual(whole);
});

test('the coordinates of a sample stay together', () => {
  const points = seen(new Batches(numbered(9, 3), 2, 0), 0, 9);
  for (let i = 0; i < points.length; i += 3) {
    expect(points.slice(i, i + 3)).toEqual([points[i]!, points[i]! + 0.25, points[i]! + 0.5]);
  }
});

test('every order is as likely as another', () => {
  const counts = new Map<string, number>();
  const order = seen(new Batches(numbered(3), 3, 5), 0, 6000);
  for (let i = 0; i < order.length; i += 3) {
    const key = order.slice(i, i + 3).join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // Five standard deviations of a count of 1000.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000 * (5 / 6)));
});
