import { expect, it } from 'vitest';
import { secondsLeft } from './forecast.ts';

const expert = (stepsLeft: number, rate?: number) => ({
  stepsLeft,
  rate,
  batch: 128,
  conservative: false,
  regularised: false,
});

it('lasts as long as the slowest of those that are at work', () => {
  expect(secondsLeft([expert(1000, 10), expert(300, 10)])).toBe(100);
});

it('one that waits takes its turn at the pace of the others', () => {
  expect(secondsLeft([expert(1000, 10), expert(500)])).toBeCloseTo(150, 9);
  expect(secondsLeft([{ ...expert(1000, 10), regularised: true }, expert(500)])).toBeCloseTo(100 + 500 / 30, 9);
});

it('says nothing before anything moves, and nothing is left at the end', () => {
  expect(secondsLeft([expert(1000), expert(10)])).toBeUndefined();
  expect(secondsLeft([expert(0, 10)])).toBeUndefined();
});
