import { expect, test } from 'vitest';
import { alanineDipeptide, molecule } from './molecule.test-support.ts';
import { select } from './selection.ts';
import { subset } from './subset.ts';
import type { Topology } from './topology.ts';

const two: Topology = molecule(
  `
  N  ALA 1 A 0 0 0
  CA ALA 1 A 1 0 0
  N  GLY 2 A 2 0 0
  CA GLY 2 A 3 0 0
  O  HOH 1 B 4 0 0
  H1 HOH 1 B 5 0 0
  CA SER 7 C 6 0 0`,
  [
    [0, 1],
    [1, 2],
    [2, 3],
    [4, 5],
  ],
).topology;

test('residues, chains and bonds that remain refer to their new indices', () => {
  const { atoms, residues, chains, bonds } = subset(two, [2, 3, 6]);
  expect(atoms.map(({ name, serial, residue }) => [name, serial, residue])).toEqual([
    ['N', 3, 0],
    ['CA', 4, 0],
    ['CA', 7, 1],
  ]);
  expect(residues.map(({ name, number, chain }) => [name, number, chain])).toEqual([
    ['GLY', 2, 0],
    ['SER', 7, 1],
  ]);
  expect(chains.map(({ id }) => id)).toEqual(['A', 'C']);
  expect(bonds).toEqual([[0, 1]]);
});

test('all atoms are the same topology, none an empty one', () => {
  const { topology } = alanineDipeptide();
  expect(subset(topology, select(topology, 'all'))).toEqual(topology);
  expect(subset(two, [])).toEqual({ atoms: [], residues: [], chains: [], bonds: [] });
});

test('what a file says about an atom is kept', () => {
  const atoms = two.atoms.map((atom, i) => ({ ...atom, charge: i, mass: 10 * i, type: `T${i}` }));
  const charged = subset({ ...two, atoms }, [1, 4]);
  expect(charged.atoms).toMatchObject([
    { charge: 1, mass: 10, type: 'T1', residue: 0 },
    { charge: 4, mass: 40, type: 'T4', residue: 1 },
  ]);
});
