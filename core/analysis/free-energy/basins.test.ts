import { describe, expect, test } from 'vitest';
import { exactDensity } from '../../systems/toys/exact-density.test-support.ts';
import { gaussianSource, uniformSource } from '../../systems/toys/gaussian.ts';
import { columns, generateTrajectory } from '../../systems/toys/generate-trajectory.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import { basinsOf, findBasins } from './basins.ts';
import { freeEnergy, fromDensity } from './free-energy.ts';
import { wrap } from './histogram.ts';
import { anglePlane } from './plane.ts';

const system = toySystem('mueller-brown');
const Y_DEEPEST = 1.4417;

describe('Müller–Brown', () => {
  test('in closed form: its three minima with their energies, passes and populations', () => {
    const bins = 120;
    const grid = { limits: system.window, bins };
    const [[xLow, xHigh], [yLow, yHigh]] = grid.limits as [[number, number], [number, number]];
    const volume = ((xHigh - xLow) * (yHigh - yLow)) / bins ** 2;
    const { probability } = exactDensity(system, bins);
    const surface = fromDensity(
      grid,
      probability.map((p) => p / volume),
      1,
    );
    const { basins, labels } = findBasins(surface);
    // Deepest first: the minima and saddle points of the potential (Müller and Brown, 1979), kT = 23.
    const minima = [
      [-0.558, Y_DEEPEST, -146.7],
      [0.623, 0.028, -108.17],
      [-0.05, 0.467, -80.77],
    ] as const;
    const passes = [Number.POSITIVE_INFINITY, -40.66, -72.25];
    expect(basins.length).toBe(2);
    const within = findBasins(surface, 0.2).basins;
    expect(within.length).toBe(3);
    within.forEach(({ minimum, freeEnergy: F, depth }, i) => {
      const [x, y, energy] = minima[i]!;
      expect(Math.abs(minimum[0]! - x)).toBeLessThan(0.03);
      expect(Math.abs(minimum[1]! - y)).toBeLessThan(0.03);
      expect(F).toBeCloseTo((energy - minima[0][2]) / 23, 1);
      if (i === 0) expect(depth).toBe(Number.POSITIVE_INFINITY);
      else expect(depth).toBeCloseTo((passes[i]! - energy) / 23, 1);
    });
    basins.forEach(({ population }, basin) => {
      const expected = probability.reduce((sum, p, bin) => sum + (labels[bin] === basin ? p : 0), 0);
      expect(population).toBeCloseTo(expected, 10);
    });
  });

  test('counted: the two basins that are deeper than kT, however fine the bins', () => {
    const points = columns(generateTrajectory(system, { seed: 3, samples: 20_000 }));
    for (const bins of [30, 60, 100]) {
      const surface = freeEnergy(points, { limits: system.window, bins }, 1);
      const found = findBasins(surface);
      expect(found.basins.length).toBe(2);
      expect(Math.abs(found.basins[0]!.minimum[1]! - Y_DEEPEST)).toBeLessThan(0.12);
      const of = basinsOf(found, points);
      const counted = of.reduce((sum, basin) => sum + (basin === 1 ? 1 : 0), 0);
      expect(counted / 20_000).toBeCloseTo(found.basins[1]!.population, 10);
    }
  });
});

test.each([
  ['scattered evenly', 400],
  ['scattered evenly', 40_000],
  ['about one centre', 400],
  ['about one centre', 40_000],
])('points %s, %d of them, make one basin', (how, count) => {
  for (let seed = 1; seed <= 3; seed++) {
    const [even, about] = [uniformSource(seed), gaussianSource(seed)];
    const draw = how === 'scattered evenly' ? () => even() / 2 ** 32 : () => 0.5 + 0.14 * about();
    const points = [0, 1].map(() => Float64Array.from({ length: count }, draw));
    for (const bins of [30, 62, 100]) {
      const limits = [
        [0, 1],
        [0, 1],
      ] as const;
      expect(findBasins(freeEnergy(points, { limits, bins }, 1)).basins.length).toBe(1);
    }
  }
});

describe('periodic axes', () => {
  const next = gaussianSource(4);
  const around = (centre: number) =>
    Float64Array.from({ length: 4000 }, () => wrap(centre + 0.3 * next(), [-Math.PI, Math.PI]));
  const points = [
    [...around(Math.PI), ...around(0)],
    [...around(-Math.PI), ...around(0)],
  ];
  const grid = { limits: anglePlane.limits, bins: 50 };

  test('a basin across the edge is one', () => {
    const found = findBasins(freeEnergy(points, { ...grid, periodic: true }, 1));
    expect(found.basins.length).toBe(2);
    const of = basinsOf(found, points);
    expect(new Set(of.subarray(0, 4000)).size).toBe(1);
    expect(of[0]).not.toBe(of[4000]);
  });

  test('without them it falls into four pieces; with one of them into two', () => {
    expect(findBasins(freeEnergy(points, { ...grid, periodic: [true, false] }, 1)).basins.length).toBe(3);
    const outside = findBasins(freeEnergy(points, grid, 1));
    expect(outside.basins.length).toBe(5);
    expect(basinsOf(outside, [[4], [0]])[0]).toBe(-1);
    expect(basinsOf(outside, [[Number.NaN], [0]])[0]).toBe(-1);
  });
});

test('in one dimension the double well has two basins and its barrier is the depth', () => {
  const well = toySystem('double-well-1d');
  const bins = 200;
  const [low, high] = well.window[0]!;
  const density = exactDensity(well, bins).probability.map((p) => (p * bins) / (high - low));
  const { basins, labels } = findBasins(fromDensity({ limits: well.window, bins }, density, well.kT));
  expect(basins.length).toBe(2);
  const [left, right] = well.startPoints.map(([x]) => x!);
  const found = basins.map(({ minimum }) => minimum[0]!).toSorted((a, b) => a - b);
  expect(found[0]).toBeCloseTo(Math.min(left!, right!), 1);
  expect(found[1]).toBeCloseTo(Math.max(left!, right!), 1);
  // Each basin is one stretch.
  const changes = labels.reduce((sum, label, bin) => sum + (bin > 0 && label !== labels[bin - 1] ? 1 : 0), 0);
  expect(changes).toBe(1);
});
