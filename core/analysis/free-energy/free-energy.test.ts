import { expect, test } from 'vitest';
import { exactDensity } from '../../systems/toys/exact-density.test-support.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { columns, generateTrajectory } from '../../systems/toys/generate-trajectory.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import { freeEnergy, freeEnergyDifference, fromDensity } from './free-energy.ts';
import { freeEnergyErrors } from './free-energy-errors.ts';
import { freeEnergyProfile } from './free-energy-profile.ts';
import { binCentres } from './histogram.ts';
import { anglePlane } from './plane.ts';

test('F = −kT ln p, minimum 0, blank where unsampled', () => {
  const surface = freeEnergy([[0.5, 0.5, 0.5, 0.5, 1.5]], { limits: [[0, 3]], bins: 3 }, 2);
  expect(surface.values[0]).toBe(0);
  expect(surface.values[1]).toBeCloseTo(2 * Math.log(4), 14);
  expect(surface.values[2]).toBeNaN();
  expect(surface.offset).toBeCloseTo(-2 * Math.log(0.8), 14);
});

test('a difference needs no common minimum and is blank where either surface is', () => {
  const grid = { limits: [[0, 3]], bins: 3 } as const;
  const a = freeEnergy([[0.5, 0.5, 1.5, 1.5]], grid, 1);
  const b = freeEnergy([[0.5, 1.5, 1.5, 2.5]], grid, 1);
  const difference = freeEnergyDifference(a, b);
  expect(difference[0]).toBeCloseTo(-Math.LN2, 14);
  expect(difference[1]).toBeCloseTo(0, 14);
  expect(difference[2]).toBeNaN();
});

test('no point inside the limits is an error', () => {
  expect(() => freeEnergy([[7]], { limits: [[0, 1]], bins: 2 }, 1)).toThrow(/no free energy/);
});

test('the free energy of the exact density is the potential itself', () => {
  const system = toySystem('double-well-1d');
  const bins = 400;
  const exact = exactDensity(system, bins);
  const grid = { limits: system.window, bins };
  const { values } = fromDensity(grid, exact.probability, system.kT);
  const centres = binCentres(system.window[0]!, bins);
  const lowest = system.energy(system.startPoints[0]!);
  for (let bin = 60; bin < 340; bin += 20) {
    expect(values[bin]).toBeCloseTo(system.energy([centres[bin]!]) - lowest, 2);
  }
});

test('profile error bars cover the exact profile', () => {
  const system = toySystem('double-well-1d');
  const grid = { limits: [[-1.6, 1.6]], bins: 32 } as const;
  const [x] = columns(generateTrajectory(system, { seed: 21, samples: 100_000 }));
  const profile = freeEnergyProfile(x!, grid, system.kT, 20);
  const exact = fromDensity(grid, exactDensity(system, 32, grid.limits).probability, system.kT);
  let sum = 0;
  profile.values.forEach((F, bin) => {
    // The minimum's own error shifts every bin.
    const deviation = F - exact.values[bin]!;
    sum += (deviation / profile.errors[bin]!) ** 2 / grid.bins;
    expect(Math.abs(deviation)).toBeLessThan(5 * profile.errors[bin]! + 0.05);
  });
  expect(sum).toBeGreaterThan(0.1);
  expect(sum).toBeLessThan(8);
});

test('an unsampled bin of a profile has neither value nor error', () => {
  const next = gaussianSource(1);
  const x = Float64Array.from({ length: 1000 }, () => 0.1 * next());
  const { values, errors } = freeEnergyProfile(x, { limits: [[-3, 3]], bins: 6 }, 1);
  expect(values[0]).toBeNaN();
  expect(errors[0]).toBeNaN();
  expect(values[3]).toBeGreaterThanOrEqual(0);
});

test('of fewer points than blocks there are values without errors', () => {
  const { values, errors } = freeEnergyProfile([0.1, 0.2, 1.1], { limits: [[0, 2]], bins: 2 }, 1, 10);
  expect(values[1]! - values[0]!).toBeCloseTo(Math.log(2), 12);
  expect([...errors]).toEqual([Number.NaN, Number.NaN]);
});

test('errors over two dimensions say how far two data sets lie apart, on periodic axes too', () => {
  const next = gaussianSource(2);
  const grid = { limits: anglePlane.limits, bins: 12, periodic: true };
  const draw = () => [0, 1].map((axis) => Float64Array.from({ length: 50_000 }, () => 3 * axis + 0.7 * next()));
  const [a, b] = [draw(), draw()];
  const errors = freeEnergyErrors(a, grid, 2.5, 20);
  const difference = freeEnergyDifference(freeEnergy(a, grid, 2.5), freeEnergy(b, grid, 2.5));
  let sum = 0;
  let compared = 0;
  difference.forEach((value, bin) => {
    if (!(errors[bin]! < 0.5)) return;
    sum += value ** 2 / (2 * errors[bin]! ** 2);
    compared++;
  });
  expect(compared).toBeGreaterThan(20);
  expect(sum / compared).toBeGreaterThan(0.6);
  expect(sum / compared).toBeLessThan(1.6);
  // What one of 20 blocks alone has seen is known to kT.
  const lone = Float64Array.from({ length: 40 }, (_, i) => (i === 3 ? 1.5 : 0.5));
  expect(freeEnergyErrors([lone], { limits: [[0, 3]], bins: 3 }, 2, 20)[1]).toBeCloseTo(2, 12);
});
