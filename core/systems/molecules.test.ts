import { expect, test } from 'vitest';
import { withBonds } from './bonds.ts';
import { alanineDipeptide, molecule, uniformSource } from './molecule.test-support.ts';
import { gather, moleculesOf, moleculesWith, unwrap } from './molecules.ts';
import type { Topology } from './topology.ts';

const CELLS = {
  box: [1.3, 0, 0, 0, 1.4, 0, 0, 0, 1.5],
  triclinic: [1.6, 0, 0, 0.7, 1.5, 0, -0.6, 0.5, 1.7],
  'rhombic dodecahedron': [1.8, 0, 0, 0, 1.8, 0, 0.9, 0.9, 0.9 * Math.SQRT2],
};

function broken(positions: Float64Array, cell: readonly number[], seed: number): Float64Array {
  const uniform = uniformSource(seed);
  const out = positions.slice();
  for (let atom = 0; atom < positions.length / 3; atom++) {
    for (let k = 0; k < 3; k++) {
      const steps = Math.round(uniform(-2.4, 2.4));
      for (let x = 0; x < 3; x++) out[3 * atom + x]! += steps * cell[3 * k + x]!;
    }
  }
  return out;
}

test.each(Object.entries(CELLS))('a molecule cut up by a %s is whole again', (_, cell) => {
  const { topology, positions } = alanineDipeptide();
  const molecules = moleculesOf(withBonds(topology, positions));
  expect(molecules.begin).toEqual(Uint32Array.of(0, 22));
  for (let seed = 1; seed <= 20; seed++) {
    const frame = broken(positions, cell, seed);
    unwrap(molecules, frame, cell);
    for (let k = 3; k < 66; k++) {
      expect(frame[k]! - frame[k % 3]!).toBeCloseTo(positions[k]! - positions[k % 3]!, 10);
    }
  }
});

test('a whole molecule keeps its very numbers, and so does one without a cell', () => {
  const { topology, positions } = alanineDipeptide();
  const molecules = moleculesOf(withBonds(topology, positions));
  const frame = Float32Array.from(positions, (value) => value + 0.1);
  const before = frame.slice();
  unwrap(molecules, frame, CELLS.triclinic);
  unwrap(molecules, frame);
  unwrap(molecules, frame, [0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(frame).toEqual(before);
});

test('molecules stand in the order of their first atoms; the sites of a water model go with its oxygen', () => {
  const { topology, positions } = molecule(`
    NA  NA+ 1 - 0 0 0
    OW  SOL 2 - 5 0 0
    HW1 SOL 2 - 6 0 0
    HW2 SOL 2 - 5 1 0
    MW  SOL 2 - 5.1 0.1 0
    CL  CL- 3 - 9 0 0`);
  const molecules = moleculesOf(withBonds(topology, positions));
  expect(molecules.begin).toEqual(Uint32Array.of(0, 1, 5, 6));
  expect([...molecules.members]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...molecules.anchors]).toEqual([0, 1, 1, 1, 1, 5]);
  const cell = [2, 0, 0, 0, 2, 0, 0, 0, 2];
  const frame = positions.slice();
  frame[12]! -= 2;
  unwrap(molecules, frame, cell);
  expect(frame[12]).toBeCloseTo(0.51, 10);
});

test('the molecules that hold some atoms, in the order they had', () => {
  const { topology } = alanineDipeptide();
  const apart = moleculesOf({
    ...topology,
    bonds: [
      [0, 3],
      [3, 4],
      [7, 9],
      [10, 11],
    ],
  });
  const chosen = moleculesWith(apart, [11, 4, 10, 1]);
  expect([...chosen.members]).toEqual([0, 3, 4, 1, 10, 11]);
  expect([...chosen.anchors]).toEqual([0, 0, 3, 1, 10, 10]);
  expect([...chosen.begin]).toEqual([0, 3, 4, 6]);
  expect(moleculesWith(apart, [])).toEqual({
    members: new Uint32Array(0),
    anchors: new Uint32Array(0),
    begin: Uint32Array.of(0),
  });
  const all = moleculesWith(apart, topology.atoms.keys());
  expect(all).toEqual(apart);
});

test('gathered molecules have their centres in the images nearest to the point, and keep their shape', () => {
  const { topology, positions } = alanineDipeptide();
  const { topology: waters } = molecule(Array.from({ length: 30 }, (_, k) => `O HOH ${k} W 0 0 0`).join('\n'));
  const both: Topology = {
    atoms: [...topology.atoms, ...waters.atoms.map((atom) => ({ ...atom, residue: atom.residue + 3 }))],
    residues: [...topology.residues, ...waters.residues.map((residue) => ({ ...residue, chain: 1 }))],
    chains: [...topology.chains, ...waters.chains],
    bonds: withBonds(topology, positions).bonds,
  };
  const uniform = uniformSource(8);
  const frame = Float64Array.from([...positions, ...Array.from({ length: 90 }, () => uniform(-9, 9))]);
  const before = frame.slice();
  const cell = CELLS.triclinic;
  const point = [4, -3, 2];
  gather(moleculesOf(both), frame, cell, point);
  const steps = (k: number) => frame[k]! - before[k]!;
  for (let k = 3; k < 66; k++) expect(steps(k)).toBeCloseTo(steps(k % 3), 12);
  for (let water = 22; water < 52; water++) {
    const away = [0, 1, 2].map((x) => frame[3 * water + x]! - point[x]!);
    for (const [a, b, c] of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 0],
      [1, 0, 1],
      [0, 1, 1],
      [1, -1, 0],
      [1, 1, 1],
    ]) {
      for (const sign of [-1, 1]) {
        const image = away.map((v, x) => v + sign * (a! * cell[x]! + b! * cell[3 + x]! + c! * cell[6 + x]!));
        expect(Math.hypot(...image)).toBeGreaterThanOrEqual(Math.hypot(...away) - 1e-12);
      }
    }
  }
});

test('a chain of 300,000 atoms is walked without recursion', () => {
  const size = 300_000;
  const atom = { name: 'C', element: 'C', serial: 1, residue: 0 };
  const topology: Topology = {
    atoms: Array.from({ length: size }, () => atom),
    residues: [{ name: 'LIG', number: 1, insertion: '', chain: 0, hetero: true }],
    chains: [{ id: 'A', segment: '' }],
    bonds: Array.from({ length: size - 1 }, (_, i) => [i, i + 1] as const),
  };
  const molecules = moleculesOf(topology);
  expect(molecules.begin).toEqual(Uint32Array.of(0, size));
  const frame = Float64Array.from({ length: 3 * size }, (_, k) => (k % 3 === 0 ? ((k / 3) * 0.15) % 1 : 0));
  unwrap(molecules, frame, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  expect(frame[3 * (size - 1)]).toBeCloseTo(0.15 * (size - 1), 4);
});
