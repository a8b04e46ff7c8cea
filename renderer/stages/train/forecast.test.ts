import { expect, it } from 'vitest';
import { secondsLeft } from './forecast.ts';

/** So many steps of work 1 are left, and after them so many of another work. */
const network = (left: number, rate?: number, then: { steps: number; work: number } = { steps: 0, work: 1 }) => ({
  steps: 100 + left + then.steps,
  done: 100,
  batch: 128,
  phases: [
    { from: 0, work: 1 },
    { from: 100 + left, work: then.work },
  ],
  rate,
  remaining: rate && (left + then.steps) / rate,
});

it('lasts as long as the slowest of those that are at work', () => {
  expect(secondsLeft([network(1000, 10), network(300, 10)])).toBe(100);
});

it('one that waits takes its turn at the pace of the others', () => {
  expect(secondsLeft([network(1000, 10), network(500)])).toBeCloseTo(150, 9);
  const regularised = network(0, 10, { steps: 1000, work: 6 });
  expect(secondsLeft([regularised, network(500)])).toBeCloseTo(100 + 500 / 60, 9);
});

it('steps of a phase with more work count as more than those before', () => {
  const waiting = network(500, undefined, { steps: 100, work: 6 });
  expect(secondsLeft([network(1000, 10), waiting])).toBeCloseTo(100 + 50 + 60, 9);
});

it('a phase that is half done counts with its other half, and a larger batch with its samples', () => {
  const waiting = { ...network(0, undefined, { steps: 100, work: 6 }), done: 150, batch: 256 };
  expect(secondsLeft([network(1000, 10), waiting])).toBeCloseTo(100 + 50 * 6 * 2 * 0.1, 9);
});

it('a phase that begins after the last step takes no time', () => {
  const never = {
    ...network(500),
    phases: [
      { from: 0, work: 1 },
      { from: 700, work: 6 },
    ],
  };
  expect(secondsLeft([network(1000, 10), never])).toBeCloseTo(150, 9);
});

it('says nothing before anything moves, and nothing is left at the end', () => {
  expect(secondsLeft([network(1000), network(10)])).toBeUndefined();
  expect(secondsLeft([network(0, 10)])).toBeUndefined();
});
