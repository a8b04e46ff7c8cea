import { expect, it } from 'vitest';
import { LossRecord } from './loss-record.ts';

const point = (expert: number, step: number, denoising: number | null = 1 / step) => ({
  expert,
  step,
  denoising,
  fokkerPlanck: 0,
});

it('keeps experts apart, each in the order of its steps', () => {
  const record = new LossRecord();
  record.add([point(1, 10), point(0, 5), point(1, 20), point(0, 10)]);
  expect(record.curve(0).steps).toEqual([5, 10]);
  expect(record.curve(1).steps).toEqual([10, 20]);
  expect(record.lastStep(1)).toBe(20);
  expect(record.lastStep(7)).toBe(0);
});

it('a step that is told twice counts once, as it was told last', () => {
  const record = new LossRecord();
  record.add([point(0, 10, 1), point(0, 20, 2), point(0, 30, 3)]);
  record.add([point(0, 20, 5), point(0, 30, 6), point(0, 40, 7)]);
  expect(record.curve(0)).toMatchObject({ steps: [10, 20, 30, 40], denoising: [1, 5, 6, 7] });
});

it('points that come before those that were asked for fall into place', () => {
  const record = new LossRecord();
  record.add([point(0, 30, 3)]);
  record.add([point(0, 10, 1), point(0, 20, null), point(0, 30, 3)]);
  expect(record.curve(0).steps).toEqual([10, 20, 30]);
  expect(record.curve(0).denoising[1]).toBeNaN();
});
