import { expect, it } from 'vitest';
import { LossRecord } from './loss-record.ts';

const point = (network: number, step: number, fit: number | null = 1 / step) => ({
  network,
  step,
  terms: { ...(fit === null ? {} : { fit }), ...(step > 15 ? { smoothness: step } : {}) },
});

it('keeps networks apart, each in the order of its steps', () => {
  const record = new LossRecord();
  record.add([point(1, 10), point(0, 5), point(1, 20), point(0, 10)]);
  expect(record.curve(0, 'fit').steps).toEqual([5, 10]);
  expect(record.curve(1, 'fit').steps).toEqual([10, 20]);
  expect(record.lastStep(1)).toBe(20);
  expect(record.lastStep(7)).toBe(0);
});

it('a step that arrives twice counts once, with its last values', () => {
  const record = new LossRecord();
  record.add([point(0, 10, 1), point(0, 20, 2), point(0, 30, 3)]);
  record.add([point(0, 20, 5), point(0, 30, 6), point(0, 40, 7)]);
  expect(record.curve(0, 'fit')).toEqual({ steps: [10, 20, 30, 40], values: [1, 5, 6, 7] });
});

it('points that come before those that were asked for fall into place', () => {
  const record = new LossRecord();
  record.add([point(0, 30, 3)]);
  record.add([point(0, 10, 1), point(0, 20, null), point(0, 30, 3)]);
  expect(record.curve(0, 'fit').steps).toEqual([10, 20, 30]);
  expect(record.curve(0, 'fit').values[1]).toBeNaN();
});

it('a term that starts later has a gap before it, and its last mean is that of the last point that has one', () => {
  const record = new LossRecord();
  record.add([point(0, 10, 1), point(0, 20, 2), point(0, 30, null)]);
  expect(record.curve(0, 'smoothness').values).toEqual([Number.NaN, 20, 30]);
  expect(record.last(0, 'fit')).toBe(2);
  expect(record.last(0, 'smoothness')).toBe(30);
  expect(record.last(0, 'other')).toBeUndefined();
  expect(record.last(7, 'fit')).toBeUndefined();
});
