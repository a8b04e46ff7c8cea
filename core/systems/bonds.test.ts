import { expect, test } from 'vitest';
import { withBonds } from './bonds.ts';
import { alanineDipeptide, bondNames, molecule, uniformSource } from './molecule.test-support.ts';
import type { Bond, Topology } from './topology.ts';

const ALANINE_DIPEPTIDE: Bond[] = [
  [0, 1], [1, 2], [1, 3], [1, 4], [4, 5], [4, 6], [6, 7], [6, 8], [8, 9], [8, 10], [8, 14],
  [10, 11], [10, 12], [10, 13], [14, 15], [14, 16], [16, 17], [16, 18], [18, 19], [18, 20], [18, 21],
]; // biome-ignore format: a list of pairs

test('alanine dipeptide has its 21 bonds', () => {
  const { topology, positions } = alanineDipeptide();
  expect(withBonds(topology, positions).bonds).toEqual(ALANINE_DIPEPTIDE);
});

test('… also by distance alone, under names nobody knows', () => {
  const { topology, positions } = alanineDipeptide();
  const strange = { ...topology, residues: topology.residues.map((residue) => ({ ...residue, name: 'LIG' })) };
  expect(withBonds(strange, positions).bonds).toEqual(ALANINE_DIPEPTIDE);
});

test('… also where the cell cuts the molecule into pieces, however skewed', () => {
  const { topology, positions } = alanineDipeptide();
  const uniform = uniformSource(3);
  for (const cell of [
    [1.3, 0, 0, 0, 1.4, 0, 0, 0, 1.5],
    [1.6, 0, 0, 0.7, 1.5, 0, -0.6, 0.5, 1.7],
  ]) {
    const broken = positions.slice();
    for (let atom = 0; atom < 22; atom++) {
      for (let k = 0; k < 3; k++) {
        const steps = Math.round(uniform(-2, 2));
        for (let x = 0; x < 3; x++) broken[3 * atom + x]! += steps * cell[3 * k + x]!;
      }
    }
    expect(withBonds(topology, broken, cell).bonds).toEqual(ALANINE_DIPEPTIDE);
    expect(withBonds(topology, broken).bonds).not.toEqual(ALANINE_DIPEPTIDE);
  }
});

test('bonds a file states stay, once each and sorted, even those nobody would guess', () => {
  const { topology, positions } = alanineDipeptide();
  const { bonds } = withBonds(
    {
      ...topology,
      bonds: [
        [5, 10],
        [0, 1],
      ],
    },
    positions,
  );
  expect(bonds).toEqual([...ALANINE_DIPEPTIDE, [5, 10]].toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
});

test('a hydrogen that has a partner gets no second one', () => {
  const { topology, positions } = molecule(`
    O1 LIG 1 A  0.0 0 0
    H1 LIG 1 A  1.0 0 0
    O2 LIG 1 A  2.2 0 0`);
  expect(withBonds(topology, positions).bonds).toEqual([[0, 1]]);
  expect(withBonds({ ...topology, bonds: [[1, 2]] }, positions).bonds).toEqual([[1, 2]]);
});

test('cysteines are joined in nearest pairs, unless a hydrogen or the distance forbids', () => {
  const bridge = (distance: number, extra = '') =>
    molecule(`
      SG CYS 1 A  0.00 0 0
      ${extra}
      SG CYX 9 B  ${distance} 0 0
      SG CYS 5 C  4.40 0 0`);
  const pairs = ({ topology, positions }: ReturnType<typeof molecule>) => bondNames(withBonds(topology, positions));
  expect(pairs(bridge(2.05))).toEqual(['CYS1.SG-CYX9.SG']);
  expect(pairs(bridge(2.35))).toEqual(['CYX9.SG-CYS5.SG']);
  expect(pairs(bridge(1.4))).toEqual(['CYS1.SG-CYX9.SG']);
  expect(pairs(bridge(2.05, 'HG CYS 1 A -1.3 0 0'))).toEqual(['CYS1.SG-CYS1.HG', 'CYX9.SG-CYS5.SG']);
});

test('a gap in the chain is no bond, the ends of a ring are', () => {
  const chain = (x: number) => `
    N GLY ${x} A ${2.4 * x} 0 0
    C GLY ${x} A ${2.4 * x + 1} 0 0`;
  const open = molecule(`${chain(1)}${chain(2)}${chain(5)}`);
  expect(bondNames(withBonds(open.topology, open.positions))).toEqual(['GLY1.C-GLY2.N']);
  const ring = molecule(`
    N GLY 1 A 0 0 0
    C GLY 1 A 1.2 0.9 0
    N GLY 2 A 2.4 0 0
    C GLY 2 A 1.9 -1 0
    N GLY 3 A 1.2 -1.9 0
    C GLY 3 A 0.4 -1.1 0`);
  expect(bondNames(withBonds(ring.topology, ring.positions))).toEqual([
    'GLY1.N-GLY3.C',
    'GLY1.C-GLY2.N',
    'GLY2.C-GLY3.N',
  ]);
});

test('water is bonded by its names, ions and dummy atoms to nothing', () => {
  const { topology, positions } = molecule(`
    OW  SOL 1 -  0.0 0.0 0
    HW1 SOL 1 -  1.0 0.0 0
    HW2 SOL 1 -  8.0 0.0 0
    MW  SOL 1 -  0.1 0.1 0
    NA  NA+ 2 -  1.5 1.5 0`);
  expect(withBonds(topology, positions).bonds).toEqual([
    [0, 1],
    [0, 2],
  ]);
});

test('beads have no bonds that distance or template would tell', () => {
  const { topology, positions } = alanineDipeptide();
  const beads: Topology = { ...topology, atoms: topology.atoms.map((atom) => ({ ...atom, element: '' })) };
  expect(withBonds(beads, positions).bonds).toEqual([]);
});

test('a metal is bonded inside its own residue, not to the protein around it', () => {
  const { topology, positions } = molecule(`
    FE  HEM 1 A  0.0 0.0 0
    NA  HEM 1 A  2.0 0.0 0
    NB  HEM 1 A  0.0 2.0 0
    NE2 HIS 2 A  0.0 0.0 2.0
    CD2 HIS 2 A  0.0 0.9 2.9`);
  expect(bondNames(withBonds(topology, positions))).toEqual([
    'HEM1.FE-HEM1.NA',
    'HEM1.FE-HEM1.NB',
    'HIS2.NE2-HIS2.CD2',
  ]);
});

test('a sugar is bonded to its asparagine, an unknown atom of a known residue to its neighbour', () => {
  const { topology, positions } = molecule(`
    CG  ASN 1 A  0.0 0 0
    ND2 ASN 1 A  1.3 0 0
    CAY ASN 1 A -1.5 0 0
    C1  NAG 2 A  2.7 0 0`);
  expect(bondNames(withBonds(topology, positions))).toEqual([
    'ASN1.CG-ASN1.ND2',
    'ASN1.CG-ASN1.CAY',
    'ASN1.ND2-NAG2.C1',
  ]);
});

test('positions that are all the same, or not numbers, leave what the templates tell', () => {
  const { topology, positions } = alanineDipeptide();
  const heavy = (names: string[]) => names.filter((name) => !/\.H/.test(name));
  const all = heavy(bondNames({ ...topology, bonds: ALANINE_DIPEPTIDE }));
  expect(bondNames(withBonds(topology, new Float32Array(66)))).toEqual(all);
  const nowhere = positions.map(() => Number.NaN);
  expect(bondNames(withBonds(topology, nowhere))).toEqual(all.filter((name) => !/ACE1.C-ALA2|ALA2.C-NME3/.test(name)));
});
