import { expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { finitePoints } from '../free-energy/finite-points.ts';
import { anglePlane } from '../free-energy/plane.ts';
import { type Conformations, conformations } from '../geometry/conformations.ts';
import { dihedrals, type Quadruple } from '../geometry/dihedrals.ts';
import { distances } from '../geometry/distances.ts';
import { bondW1 } from './bond-distances.ts';
import { conformationMetrics, conformationNoiseFloor, measured } from './conformation-metrics.ts';

const BONDS = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
] as const;
const ANGLES: readonly Quadruple[] = [
  [0, 1, 2, 3],
  [1, 2, 3, 4],
];

/** Chains of five beads whose steps are fixed but for noise; the last bond is longer by `stretch`, nm. */
function chains(seed: number, frames: number, stretch = 0): Conformations {
  const next = gaussianSource(seed);
  const steps = [0.15, 0.14, 0.15, 0.13 + stretch];
  const rows = Array.from({ length: frames }, () => {
    const at = [0, 0, 0];
    const positions = [...at];
    for (const [bond, length] of steps.entries()) {
      const direction = [1 + 0.3 * next(), (bond % 2 === 0 ? 1 : -1) + 0.3 * next(), 0.5 * next()];
      const norm = Math.hypot(...direction);
      for (let axis = 0; axis < 3; axis++) at[axis]! += (length * direction[axis]!) / norm;
      positions.push(...at);
    }
    return positions;
  });
  return conformations(Float32Array.from(rows.flat()), 5);
}

const measure = (all: Conformations) => measured(all, dihedrals(all, ANGLES), BONDS);

test('a bond that is too long shows in its W1, in the mean and in the largest', () => {
  const [model, reference] = [chains(1, 3000, 0.004), chains(2, 2000)];
  const { perBond, mean, max } = bondW1(distances(model, BONDS), distances(reference, BONDS));
  expect(perBond[3]).toBeCloseTo(0.004, 6);
  expect(Math.max(...perBond.slice(0, 3))).toBeLessThan(1e-6);
  expect(max).toBe(perBond[3]);
  expect(mean).toBeCloseTo(0.001, 6);
  const found = conformationMetrics(measure(model), measure(reference), anglePlane);
  expect(found.bonds).toBeCloseTo(mean, 12);
  expect(found.largestBond).toBe(max);
  expect(Object.keys(found)).toEqual(['pmf', 'js', 'jsPooled', 'bonds', 'largestBond']);
});

test('the floor is that of two halves: far below a real difference in bonds, not far from that of equal sets', () => {
  const reference = measure(chains(3, 8000));
  const floor = conformationNoiseFloor(reference, anglePlane);
  const equal = conformationMetrics(measure(chains(4, 4000)), measure(chains(5, 4000)), anglePlane);
  expect(floor.bonds).toBeLessThan(1e-6);
  expect(floor.js / equal.js).toBeGreaterThan(0.8);
  expect(floor.js / equal.js).toBeLessThan(1.25);
});

test('a frame that is no number counts nowhere', () => {
  const all = chains(6, 1000);
  const whole = measure(all);
  const broken = conformations(Float32Array.of(...all.positions, ...new Float32Array(15).fill(Number.NaN)), 5);
  expect(broken.frames).toBe(1001);
  expect(measure(broken)).toEqual(whole);
  expect(finitePoints(whole.points)).toBe(whole.points);
});

test('sets with other bonds, or none, are errors', () => {
  const { bonds } = measure(chains(7, 10));
  expect(() => bondW1(bonds, bonds.slice(1))).toThrow(/4 bonds cannot be compared with 3/);
  expect(() => bondW1([], [])).toThrow(/no bonds/);
});
