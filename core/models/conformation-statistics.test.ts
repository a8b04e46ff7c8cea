import { expect, test } from 'vitest';
import { allTorsions, torsionsOf } from '../systems/torsions.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { conformationStatistics, heightOf, pairsOf } from './conformation-statistics.ts';

const bonded = (beads: number) => {
  const molecule = { beads, bonds: Array.from({ length: beads - 1 }, (_, i) => [i, i + 1] as const) };
  return { beads, torsions: allTorsions(molecule), rotatable: torsionsOf(molecule) };
};

test('a single bond is one stiff mode: half of its variance, because two beads share its noise', () => {
  const next = gaussianSource(1);
  const frames = 20_000;
  const positions = new Float32Array(6 * frames);
  for (let frame = 0; frame < frames; frame++) {
    const direction = [next(), next(), next()];
    const half = (1 + 0.05 * next()) / 2 / Math.hypot(...direction);
    direction.forEach((value, axis) => {
      positions[6 * frame + axis] = value * half;
      positions[6 * frame + 3 + axis] = -value * half;
    });
  }
  const { distances, stiff, shape } = conformationStatistics({ positions, frames, scale: 0.2 }, bonded(2));
  expect(distances.means[0]).toBeCloseTo(1, 2);
  expect(distances.deviations[0]).toBeCloseTo(0.05, 3);
  expect(stiff.pairs).toEqual([0]);
  expect(Math.abs(stiff.weights[0]!)).toBeCloseTo(Math.SQRT1_2, 6);
  expect(stiff.variances[0]).toBeCloseTo(0.05 ** 2 / 2, 4);
  // Both beads at ± half the bond along any axis: ⟨x²⟩ = ¼ · ⅓ each, all of it in the one mode.
  expect(shape.variances[0]).toBeCloseTo(1 / 6, 2);
});

test('in nm a bond of twice the scale is as wide again and no longer stiff', () => {
  const next = gaussianSource(2);
  const positions = Float32Array.from({ length: 6 * 2000 }, (_, i) => (i % 6 === 3 ? 1 + 0.05 * next() : 0));
  const given = { positions, frames: 2000 };
  expect(conformationStatistics({ ...given, scale: 0.2 }, bonded(2)).stiff.pairs).toEqual([0]);
  expect(conformationStatistics({ ...given, scale: 0.3 }, bonded(2)).stiff.pairs).toEqual([]);
});

test('a bead that stays in the plane of three others is a stiff height, one that leaves it is not', () => {
  const next = gaussianSource(3);
  const frames = 500;
  const planar = (out: number) =>
    Float32Array.from({ length: 12 * frames }, (_, i) => {
      const flat = [0, 0, 0, 1, 0.2, 0, 1.4, 1.1, 0, 2.3, 1.3, 0][i % 12]!;
      return flat + (i % 12 === 11 ? out * next() : 0.001 * next());
    });
  const of = (positions: Float32Array) => conformationStatistics({ positions, frames, scale: 0.2 }, bonded(4)).stiff;
  expect(of(planar(0.02)).heights).toEqual([[0, 1, 2, 3]]);
  expect(of(planar(0.5)).heights).toEqual([]);
});

test('a height has a sign, and its mirror image has the other', () => {
  const x = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0.3, 0.2, 0.7];
  expect(heightOf(x, [0, 1, 2, 3])).toBeCloseTo(0.7, 12);
  expect(
    heightOf(
      x.map((value, i) => (i % 3 === 2 ? -value : value)),
      [0, 1, 2, 3],
    ),
  ).toBeCloseTo(-0.7, 12);
});

test('modes that no coordinate has are not invented: four rigid beads have as many stiff modes as they have shapes', () => {
  const next = gaussianSource(4);
  const rigid = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
  const frames = 400;
  const positions = Float32Array.from({ length: 12 * frames }, (_, i) => rigid[i % 12]! + 0.01 * next());
  const { stiff, distances } = conformationStatistics({ positions, frames, scale: 0.2 }, bonded(4));
  expect(distances.means).toHaveLength(pairsOf(4).length);
  // Six distances and the heights depend on one another: 3·4 − 6 ways to deform.
  expect(stiff.variances).toHaveLength(6);
  expect(Math.max(...stiff.variances)).toBeLessThan(3e-4);
});

test('forces are as strong as their mean square', () => {
  const positions = Float32Array.from({ length: 600 }, (_, i) => Math.sin(i));
  const forces = Float32Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 3 : -1));
  const found = conformationStatistics({ positions, forces, frames: 100, scale: 1 }, bonded(2));
  expect(found.meanSquareForce).toBeCloseTo(5, 6);
});
