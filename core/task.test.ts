import { expect, test } from 'vitest';
import { PaceMeter } from './task.ts';

const at = (done: number) => ({ done, total: 1000, unit: 'steps' });

test('the pace is what was done since the first report, not since zero', () => {
  const meter = new PaceMeter();
  expect(meter.measure(at(500), 10)).toEqual({ rate: undefined, remaining: undefined });
  expect(meter.measure(at(600), 15)).toEqual({ rate: 20, remaining: 20 });
});

test('a slow start is forgotten once it is older than the window', () => {
  const meter = new PaceMeter(10);
  meter.measure(at(0), 0);
  meter.measure(at(1), 20);
  for (let second = 21; second <= 35; second++) meter.measure(at(1 + 10 * (second - 20)), second);
  expect(meter.measure(at(161), 36).rate).toBeCloseTo(10, 9);
});

test('without progress there is no rate, and a finished task has nothing left', () => {
  const meter = new PaceMeter();
  meter.measure(at(5), 0);
  expect(meter.measure(at(5), 9).rate).toBeUndefined();
  expect(meter.measure(at(1000), 10).remaining).toBe(0);
});

test('what takes longer later is in what is said to be left', () => {
  const meter = new PaceMeter();
  meter.measure({ done: 0, total: 100, unit: 'steps', left: 250 }, 0);
  expect(meter.measure({ done: 50, total: 100, unit: 'steps', left: 200 }, 5)).toEqual({ rate: 10, remaining: 20 });
});
