import { expect, it } from 'vitest';
import { secondsLeft } from './forecast.ts';

const expert = (plainLeft: number, rate?: number) => ({
  plainLeft,
  regularisedLeft: 0,
  rate,
  remaining: rate && plainLeft / rate,
  batch: 128,
  conservative: false,
});

it('lasts as long as the slowest of those that are at work', () => {
  expect(secondsLeft([expert(1000, 10), expert(300, 10)])).toBe(100);
});

it('one that waits takes its turn at the pace of the others', () => {
  expect(secondsLeft([expert(1000, 10), expert(500)])).toBeCloseTo(150, 9);
  const regularised = { ...expert(0, 10), regularisedLeft: 1000, remaining: 100 };
  expect(secondsLeft([regularised, expert(500)])).toBeCloseTo(100 + 500 / 60, 9);
});

it('steps that will be regularised count as more than those before', () => {
  const waiting = { ...expert(500), regularisedLeft: 100 };
  expect(secondsLeft([expert(1000, 10), waiting])).toBeCloseTo(100 + 50 + 60, 9);
});

it('says nothing before anything moves, and nothing is left at the end', () => {
  expect(secondsLeft([expert(1000), expert(10)])).toBeUndefined();
  expect(secondsLeft([expert(0, 10)])).toBeUndefined();
});
