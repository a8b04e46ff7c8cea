import { expect, test } from 'vitest';
import { STIFFNESS } from './double-well.ts';
import { exactDensity } from './exact-density.test-support.ts';
import type { ToySystem } from './toy-system.ts';
import { toySystem, toySystems } from './toy-systems.ts';

const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

test('the partition function of a harmonic well is √(2π kT / k)', () => {
  const harmonic: ToySystem = {
    ...toySystem('double-well-1d'),
    window: [[-8, 8]],
    startPoints: [[0]],
    energy: (x) => 0.5 * 3 * x[0]! ** 2,
  };
  expect(exactDensity(harmonic, 10).logPartition).toBeCloseTo(0.5 * Math.log((2 * Math.PI) / 3), 12);
});

test('the 2-D double well factorises into the 1-D one and a Gaussian', () => {
  const one = exactDensity(toySystem('double-well-1d'), 16);
  const two = exactDensity(toySystem('double-well-2d'), 16, [
    [-2, 2],
    [-4, 4],
  ]);
  expect(two.logPartition - one.logPartition).toBeCloseTo(0.5 * Math.log((2 * Math.PI) / STIFFNESS), 10);
  for (let i = 0; i < 16; i++) {
    expect(sum(two.probability.slice(16 * i, 16 * (i + 1)))).toBeCloseTo(one.probability[i]!, 10);
  }
});

test.each(toySystems)('$name: cells and outside add up to 1 and do not depend on the bins', (system) => {
  const coarse = exactDensity(system, 32);
  const fine = exactDensity(system, 64);
  expect(sum(coarse.probability) + coarse.outside).toBeCloseTo(1, 6);
  expect(coarse.outside).toBeCloseTo(fine.outside, 8);
  expect(fine.outside).toBeLessThan(0.01);
});

test('Müller–Brown: a wider domain does not change the partition function', () => {
  const system = toySystem('mueller-brown');
  const wide: ToySystem = {
    ...system,
    window: [
      [-3, 2.5],
      [-1.5, 3],
    ],
  };
  expect(exactDensity(wide, 10).logPartition).toBeCloseTo(exactDensity(system, 10).logPartition, 8);
});
