import { expect, test } from 'vitest';
import { boundedWeights, drawnByWeight, effectiveCount, weightsOf } from './importance.ts';

test('weights are 1 on average, however large their logarithms are', () => {
  const [light, heavy] = weightsOf([1000, 1000 + Math.log(3)]);
  expect(light).toBeCloseTo(0.5, 10);
  expect(heavy).toBeCloseTo(1.5, 10);
});

test('configurations of equal weight count fully, and one that outweighs all counts alone', () => {
  expect(effectiveCount([2, 2, 2, 2])).toBe(4);
  expect(effectiveCount([1, 0, 0, 0])).toBe(1);
});

test('each is drawn as often as its weight says, rounded up or down', () => {
  expect([...drawnByWeight([1, 1, 1])]).toEqual([0, 1, 2]);
  expect([...drawnByWeight([0, 3, 1, 0])]).toEqual([1, 1, 1, 2]);
  const weights = Array.from({ length: 500 }, (_, i) => 1 + Math.sin(i));
  const drawn = drawnByWeight(weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    const times = drawn.filter((index) => index === i).length;
    expect(Math.abs(times - (500 * weight) / total)).toBeLessThan(1);
  }
});

test('one weight that outweighs all others is bounded by the next ones', () => {
  const weights = weightsOf(Array.from({ length: 5000 }, (_, i) => (i === 7 ? 20 : Math.sin(i))));
  expect(effectiveCount(weights)).toBeLessThan(2);
  const bounded = boundedWeights(weights);
  expect(effectiveCount(bounded)).toBeGreaterThan(2500);
  expect(bounded.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(5000, 6);
});
