import { describe, expect, test } from 'vitest';
import { gaussianSource, uniformSource } from '../../systems/toys/gaussian.ts';
import { anglePlane, type Plane } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';
import { weightedLogError } from './free-energy-error.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { halves, noiseFloor, noiseFloorFromHalves } from './noise-floor.ts';
import { consistency, planeMetrics } from './plane-metrics.ts';

const line: Plane = { limits: [[0, 62]], periodic: false, pmfBins: 64, jsBins: 2 };

describe('free-energy error', () => {
  test('of identical sets is 0', () => {
    const points = [gaussians(1, 1000), gaussians(2, 1000)];
    expect(planeMetrics(points, points, anglePlane)).toEqual({ pmf: 0, js: 0, jsPooled: 0 });
  });

  test('of two bins, by hand', () => {
    // p = (¾, ¼), q = (½, ½): weights ⅝ and ⅜.
    const expected = 0.625 * Math.log(1.5) ** 2 + 0.375 * Math.log(0.5) ** 2;
    expect(planeMetrics([[0.5, 0.5, 0.5, 1.5]], [[0.5, 1.5]], line).pmf).toBeCloseTo(expected, 14);
  });

  test('gives 1e-6 to a bin that one set does not visit', () => {
    const expected = Math.log(1e6) ** 2;
    expect(weightedLogError([1, 0], [0, 1])).toBeCloseTo(expected, 9);
    const w = [(1 + 0.5) / 2, (1e-6 + 0.5) / 2];
    const byHand = (w[0]! * Math.log(2) ** 2 + w[1]! * Math.log(0.5e6) ** 2) / (w[0]! + w[1]!);
    expect(weightedLogError([1, 0], [0.5, 0.5])).toBeCloseTo(byHand, 9);
  });

  test('follows the bins of the plane', () => {
    const coarse = { ...line, pmfBins: 33 };
    expect(planeMetrics([[30.9]], [[31.1]], coarse).pmf).toBe(0);
    expect(planeMetrics([[31.9]], [[32.1]], coarse).pmf).toBeCloseTo(Math.log(1e6) ** 2, 9);
  });

  test('has 62 inner intervals: a shift by one of them shows, a shift within one does not', () => {
    expect(planeMetrics([[30.1]], [[30.9]], line).pmf).toBe(0);
    expect(planeMetrics([[30.9]], [[31.1]], line).pmf).toBeCloseTo(Math.log(1e6) ** 2, 9);
  });

  test('counts points outside the window: they share an outlier bin and do not vanish', () => {
    expect(planeMetrics([[70, 30.5]], [[1e9, 30.5]], line).pmf).toBe(0);
    expect(planeMetrics([[-5, 30.5]], [[1e9, 30.5]], line).pmf).toBeGreaterThan(10);
    const runaway = planeMetrics([[Number.POSITIVE_INFINITY, 30.5]], [[29.5, 30.5]], line);
    for (const score of Object.values(runaway)) expect(score).toBeGreaterThan(0.1);
  });
});

describe('Jensen–Shannon divergence', () => {
  test('lies between 0 and ln 2, and reaches both', () => {
    expect(jensenShannon([0.2, 0.8], [0.2, 0.8])).toBe(0);
    expect(jensenShannon([1, 0], [0, 1])).toBeCloseTo(Math.LN2, 15);
    const next = uniformSource(5);
    for (let trial = 0; trial < 100; trial++) {
      const [p, q] = [random(next), random(next)];
      const divergence = jensenShannon(p, q);
      expect(divergence).toBeGreaterThanOrEqual(0);
      expect(divergence).toBeLessThanOrEqual(Math.LN2);
      expect(divergence).toBeCloseTo(jensenShannon(q, p), 14);
    }
  });

  test('of two bins, by hand', () => {
    const expected = 0.5 * (Math.log(4 / 3) + 0.5 * Math.log(2 / 3) + 0.5 * Math.log(2));
    expect(planeMetrics([[1, 1]], [[1, 40]], line).js).toBeCloseTo(expected, 14);
  });

  test('a stray point changes the pooled variant and hardly the fixed one', () => {
    const plane: Plane = { limits: [[-4, 4]], periodic: false, pmfBins: 64, jsBins: 100 };
    const reference = [gaussians(1, 5000)];
    const model = gaussians(2, 5000).map((value) => value * 1.15);
    const clean = planeMetrics([model], reference, plane);
    model[0] = 500;
    const stray = planeMetrics([model], reference, plane);
    expect(Math.abs(stray.js - clean.js)).toBeLessThan(2e-3);
    expect(stray.jsPooled).toBeLessThan(0.2 * clean.jsPooled);
  });
});

describe('noise floor', () => {
  const plane: Plane = { limits: [[-4, 4]], periodic: false, pmfBins: 64, jsBins: 50 };

  test('even and odd frames, first and second half', () => {
    const points: Points = [[0, 1, 2, 3, 4]];
    expect(halves(points, 'even-odd').map(([x]) => Array.from(x!))).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(halves(points, 'first-second').map(([x]) => Array.from(x!))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test('falls as the sets grow', () => {
    const floor = (size: number) => noiseFloor([gaussians(1, size)], [gaussians(2, size)], plane);
    const [small, large] = [floor(2000), floor(40_000)];
    expect(large.pmf).toBeLessThan(small.pmf / 5);
    expect(large.js).toBeLessThan(small.js / 5);
  });

  test('first and second half see a drift that even and odd frames do not', () => {
    const drifting = [gaussians(1, 20_000).map((value, i) => 0.5 * value + i / 10_000 - 1)];
    expect(noiseFloorFromHalves(drifting, plane, 'first-second').js).toBeGreaterThan(
      20 * noiseFloorFromHalves(drifting, plane).js,
    );
  });

  test('consistency is symmetric in samples and simulation', () => {
    const [a, b] = [[gaussians(1, 3000)], [gaussians(2, 3000).map((value) => value + 0.3)]];
    expect(consistency(a, b, plane).pmf).toBeCloseTo(consistency(b, a, plane).pmf, 12);
  });
});

function gaussians(seed: number, size: number): Float64Array {
  const next = gaussianSource(seed);
  return Float64Array.from({ length: size }, next);
}

function random(next: () => number): Float64Array {
  const weights = Float64Array.from({ length: 6 }, () => (next() % 3 === 0 ? 0 : next()));
  weights[0] = 1 + next();
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}
