import { expect, test } from 'vitest';
import { kindedStructure } from '../systems/bead-kinds.ts';
import { allTorsions, torsionsOf } from '../systems/torsions.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { conformationStatistics } from './conformation-statistics.ts';
import type { KindedStructure } from './kinded-structure.ts';
import { statisticsByKind, statisticsOfKinds } from './statistics-by-kind.ts';

/** Beads of a chain by their kinds: the first letter is theirs, and bonds of B are longer and softer. */
function chain(letters: string): KindedStructure {
  const beads = letters.length;
  const bonds = Array.from({ length: beads - 1 }, (_, i): [number, number] => [i, i + 1]);
  const kinds = [...letters].map((letter, i) => `${letter}/X${i === 0 || i === beads - 1 ? 1 : 2}`);
  return { beads, bonds, kinds, torsions: allTorsions({ beads, bonds }), rotatable: torsionsOf({ beads, bonds }) };
}

/** Harmonic bonds and angles, free torsions. */
function conformations(letters: string, frames: number, seed: number) {
  const next = gaussianSource(seed);
  const beads = letters.length;
  const positions = new Float32Array(3 * beads * frames);
  const unit = (v: number[]) => v.map((value) => value / Math.hypot(...v));
  for (let frame = 0; frame < frames; frame++) {
    let at = [0, 0, 0];
    let direction = unit([next(), next(), next()]);
    for (let bead = 0; bead < beads; bead++) {
      positions.set(at, 3 * (beads * frame + bead));
      const soft = letters[bead] === 'B' || letters[bead + 1] === 'B';
      const length = (soft ? 1.3 : 1) + (soft ? 0.04 : 0.02) * next();
      at = at.map((value, axis) => value + length * direction[axis]!);
      // Turned by about 60°, in any plane.
      const [x, y, z] = direction as [number, number, number];
      const any = unit([next(), next(), next()]) as [number, number, number];
      const across = unit([y * any[2] - z * any[1], z * any[0] - x * any[2], x * any[1] - y * any[0]]);
      const angle = Math.PI / 3 + 0.03 * next();
      direction = direction.map((value, axis) => Math.cos(angle) * value + Math.sin(angle) * across[axis]!);
    }
  }
  for (let frame = 0; frame < frames; frame++) {
    const row = positions.subarray(3 * beads * frame, 3 * beads * (frame + 1));
    const mean = [0, 1, 2].map((axis) => row.reduce((sum, value, i) => sum + (i % 3 === axis ? value / beads : 0), 0));
    for (let i = 0; i < row.length; i++) row[i]! -= mean[i % 3]!;
  }
  return { positions, frames, scale: 0.15 };
}

const FRAMES = 4000;
const sampled = (letters: string, seed: number) => ({
  structure: chain(letters),
  conformations: conformations(letters, FRAMES, seed),
});

/** Largest difference of two lists relative to the second. */
const off = (a: readonly number[], b: readonly number[]) =>
  Math.max(...b.map((value, i) => Math.abs(a[i]! - value) / Math.abs(value)), a.length === b.length ? 0 : 1e9);

test('of one molecule whose beads all differ, statistics by kind are its own', () => {
  const one = sampled('ABCDE', 1);
  const own = conformationStatistics(one.conformations, one.structure);
  const byKind = statisticsOfKinds(statisticsByKind([one]), one.structure);
  expect(byKind.stiff.pairs).toEqual(own.stiff.pairs);
  expect(byKind.stiff.heights).toHaveLength(own.stiff.heights.length);
  expect(off(byKind.distances.means, own.distances.means)).toBeLessThan(1e-9);
  expect(off(byKind.stiff.variances, own.stiff.variances)).toBeLessThan(1e-6);
  expect(off(byKind.shape.variances, own.shape.variances)).toBeLessThan(1e-4);
});

test('a chain that was not seen has the bonds, angles and stiff modes of its kinds', () => {
  const tables = statisticsByKind([sampled('ABAABA', 1), sampled('AABAABAABAA', 2), sampled('AABAA', 3)]);
  const unseen = sampled('ABAABAA', 5);
  const own = conformationStatistics(unseen.conformations, unseen.structure);
  const byKind = statisticsOfKinds(tables, unseen.structure);
  expect(byKind.stiff.pairs).toEqual(own.stiff.pairs);
  const ofStiff = (values: readonly number[]) => own.stiff.pairs.map((p) => values[p]!);
  expect(off(ofStiff(byKind.distances.means), ofStiff(own.distances.means))).toBeLessThan(3e-3);
  expect(off(byKind.stiff.variances, own.stiff.variances)).toBeLessThan(0.1);
});

test('what was not seen at all is alike in elements and bonds', () => {
  const tables = statisticsByKind([sampled('AAAAA', 1)]);
  const { distances, stiff } = statisticsOfKinds(tables, chain('ACAAA'));
  expect(distances.means[0]).toBeCloseTo(1, 2);
  expect(stiff.variances.every((variance) => variance > 0)).toBe(true);
});

test('a molecule knows its beads by sites and neighbours, one that numbers them otherwise has the same statistics', () => {
  const residue = { name: 'ALA', number: 1, insertion: '', chain: 0, hetero: false };
  const atom = (name: string, element: string) => ({ name, element, serial: 1, residue: 0 });
  const { kinds } = kindedStructure({
    atoms: [atom('N', 'N'), atom('CA', 'C'), atom('C', 'C')],
    residues: [residue, { ...residue, name: 'XYZ' }],
    chains: [{ id: 'A', segment: '' }],
    bonds: [
      [0, 1],
      [1, 2],
    ],
  });
  expect(kinds).toEqual(['N/N1', 'CA/C2', 'C/C1']);
  const tables = statisticsByKind([sampled('ABCDE', 1)]);
  const order = [3, 1, 4, 0, 2];
  const straight = chain('ABCDE');
  const bonds = straight.bonds.map(([a, b]) => [order.indexOf(a), order.indexOf(b)].sort() as [number, number]);
  const molecule = { beads: 5, bonds };
  const otherwise = {
    ...molecule,
    kinds: order.map((bead) => straight.kinds[bead]!),
    torsions: allTorsions(molecule),
    rotatable: torsionsOf(molecule),
  };
  const [first, second] = [straight, otherwise].map((each) => statisticsOfKinds(tables, each));
  expect(off(second!.stiff.variances, first!.stiff.variances)).toBeLessThan(1e-9);
  expect([...second!.stiff.heightMeans].sort()).toEqual([...first!.stiff.heightMeans].sort());
});
