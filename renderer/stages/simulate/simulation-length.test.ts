import { expect, it } from 'vitest';
import { isDynamics, lengthOf, perDay } from './simulation-length.ts';

const settings = { replicas: 20, steps: 20_000, timeStep: 0.002, stride: 100 };

it('twenty replicas of 20000 steps of 2 fs are 40 ps each and 0.8 ns in all', () => {
  const length = lengthOf(settings)!;
  expect(length.each).toBeCloseTo(40, 9);
  expect(length.total).toBeCloseTo(800, 9);
  expect(length.frames).toBe(200);
});

it('says nothing while a number is missing', () => {
  expect(lengthOf({ ...settings, timeStep: null })).toBeUndefined();
  expect(lengthOf({ ...settings, steps: 0 })).toBeUndefined();
});

it('1000 steps per second of 20 replicas of 2 fs are 3456 ns in a day', () => {
  expect(perDay(1000, settings)! / 1000).toBeCloseTo(3456, 6);
});

it('with torsion moves it is no dynamics and has no speed in time', () => {
  expect(isDynamics(settings)).toBe(true);
  expect(isDynamics({ ...settings, torsionMoves: 0 })).toBe(true);
  expect(isDynamics({ ...settings, torsionMoves: 3 })).toBe(false);
  expect(perDay(1000, { ...settings, torsionMoves: 3 })).toBeUndefined();
});
