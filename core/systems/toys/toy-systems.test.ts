import { expect, test } from 'vitest';
import { gaussianSource } from './gaussian.ts';
import { toySystem, toySystems } from './toy-systems.ts';

test.each(toySystems)('$name: the force is minus the gradient of the energy', (system) => {
  const uniform = (i: number) => ((i * 0.6180339887498949) % 1) as number;
  for (let i = 1; i <= 50; i++) {
    const x = Float64Array.from(system.window, ([low, high], axis) => low + (high - low) * uniform(i * (axis + 2)));
    const force = new Float64Array(system.dimension);
    system.force(x, force);
    for (let axis = 0; axis < system.dimension; axis++) {
      const h = 1e-5;
      const shifted = (by: number) => system.energy(x.map((value, k) => (k === axis ? value + by : value)));
      const slope = (shifted(h) - shifted(-h)) / (2 * h);
      expect(Math.abs(force[axis]! + slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
    }
  }
});

test.each(toySystems)('$name: the start points are minima, deepest first', (system) => {
  const energies = system.startPoints.map((point) => system.energy(point));
  expect(energies).toEqual([...energies].sort((a, b) => a - b));
  for (const point of system.startPoints) {
    const force = new Float64Array(system.dimension);
    system.force(point, force);
    for (const component of force) expect(Math.abs(component)).toBeLessThan(2e-3);
    for (const angle of [0, 1, 2, 3, 4, 5]) {
      const around = point.map((value, axis) => value + 0.02 * (axis === 0 ? Math.cos(angle) : Math.sin(angle)));
      expect(system.energy(around)).toBeGreaterThan(system.energy(point));
    }
  }
});

test('Müller–Brown has the published minima and saddle', () => {
  const { energy } = toySystem('mueller-brown');
  expect(energy([-0.5582, 1.4417])).toBeCloseTo(-146.7, 1);
  expect(energy([0.623, 0.028])).toBeCloseTo(-108.17, 1);
  expect(energy([-0.05, 0.467])).toBeCloseTo(-80.77, 1);
  expect(energy([-0.822, 0.624])).toBeCloseTo(-40.66, 1);
});

test('an unknown system is answered with the names there are', () => {
  expect(() => toySystem('mueller')).toThrow(/double-well-1d, double-well-2d, mueller-brown/);
});

test('gaussian numbers have the moments of a normal distribution and repeat with the seed', () => {
  const draw = (seed: number) => {
    const next = gaussianSource(seed);
    return Float64Array.from({ length: 200_000 }, next);
  };
  const values = draw(7);
  const moment = (power: number) => values.reduce((sum, v) => sum + v ** power, 0) / values.length;
  const tolerance = (variance: number) => 5 * Math.sqrt(variance / values.length);
  expect(Math.abs(moment(1))).toBeLessThan(tolerance(1));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(tolerance(2));
  expect(Math.abs(moment(3))).toBeLessThan(tolerance(15));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(tolerance(96));
  expect(draw(7)).toEqual(values);
  expect(draw(8).slice(0, 4)).not.toEqual(values.slice(0, 4));
  expect(draw(7 + 2 ** 32).slice(0, 4)).not.toEqual(values.slice(0, 4));
  expect(() => gaussianSource(-1)).toThrow(/seed/);
});
