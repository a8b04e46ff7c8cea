import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { applyBeads, type BeadRequest, beadPresets, beadTopology, mapBeads } from './beads.ts';
import { withBonds } from './bonds.ts';
import { alanineDipeptide, bondNames, molecule, nameOf } from './molecule.test-support.ts';
import type { Topology } from './topology.ts';

const dipeptide = (): Topology => {
  const { topology, positions } = alanineDipeptide();
  return withBonds(topology, positions);
};

/** Two residues on a line, every atom 1.4 Å from the one before. */
const glycineAlanine = (): Topology => {
  const rows = `
    N GLY 1, H1 GLY 1, CA GLY 1, C GLY 1, O GLY 1,
    N ALA 2, CA ALA 2, CB ALA 2, C ALA 2, OT1 ALA 2, OT2 ALA 2`;
  const { topology } = molecule(
    rows
      .split(',')
      .map((row, k) => `${row} A ${1.4 * k} 0 0`)
      .join('\n'),
  );
  return withBonds(topology, new Float32Array(33));
};

const indices = (topology: Topology, request: BeadRequest) =>
  mapBeads(topology, request).beads.map(({ atoms }) => atoms[0]);

test.each([
  ['alanine-dipeptide-5', [4, 6, 8, 14, 16], 4],
  ['alanine-dipeptide-6', [4, 6, 8, 10, 14, 16], 5],
  ['alanine-dipeptide-10', [1, 4, 5, 6, 8, 10, 14, 15, 16, 18], 9],
  ['alanine-dipeptide-22', Array.from({ length: 22 }, (_, k) => k), 21],
  ['all', Array.from({ length: 22 }, (_, k) => k), 21],
  ['heavy', [1, 4, 5, 6, 8, 10, 14, 15, 16, 18], 9],
  ['backbone', [6, 8, 14, 15], 3],
  ['ca', [8], 0],
  ['CA', [8], 0],
  ['@4,6,8,14,16', [4, 6, 8, 14, 16], 4],
  ['protein and not hydrogen', [1, 4, 5, 6, 8, 10, 14, 15, 16, 18], 9],
])('alanine dipeptide as %s', (request, expected, bonds) => {
  const topology = dipeptide();
  expect(indices(topology, request)).toEqual(expected);
  expect(mapBeads(topology, request).bonds).toHaveLength(bonds);
});

test('the five beads of alanine dipeptide: names, masses, bonds', () => {
  const topology = beadTopology(mapBeads(dipeptide(), 'alanine-dipeptide-5'));
  expect(topology.atoms.map((_, bead) => nameOf(topology, bead))).toEqual([
    'ACE1.C',
    'ALA2.N',
    'ALA2.CA',
    'ALA2.C',
    'NME3.N',
  ]);
  expect(topology.atoms.map(({ mass }) => mass)).toEqual([12.011, 14.007, 12.011, 12.011, 14.007]);
  expect(topology.atoms.map(({ element }) => element)).toEqual(['C', 'N', 'C', 'C', 'N']);
  expect(topology.chains).toEqual([{ id: 'A', segment: '' }]);
  expect(bondNames(topology)).toEqual(['ACE1.C-ALA2.N', 'ALA2.N-ALA2.CA', 'ALA2.CA-ALA2.C', 'ALA2.C-NME3.N']);
});

test('presets find atoms by name: solvent before, and another order of atoms, do no harm', () => {
  const { topology } = molecule(`
    O   HOH 1 W 0 0 0
    O   ACE 1 A 0 0 0
    C   ACE 1 A 0 0 0
    CB  ALA 2 A 0 0 0
    C   ALA 2 A 0 0 0
    CA  ALA 2 A 0 0 0
    N   ALA 2 A 0 0 0
    N   NME 3 A 0 0 0
    CA  CA 4 I  0 0 0`);
  const mapping = mapBeads(topology, 'alanine-dipeptide-5');
  expect(mapping.beads.map(({ residueName, name }) => `${residueName}.${name}`)).toEqual([
    'ACE.C',
    'ALA.C',
    'ALA.CA',
    'ALA.N',
    'NME.N',
  ]);
  expect(indices(topology, 'ca')).toEqual([5]);
});

test('a dipeptide: glycine has no CB, and the oxygen at the end another name', () => {
  const mapping = mapBeads(glycineAlanine(), 'dipeptide');
  const topology = beadTopology(mapping);
  expect(topology.atoms.map((_, bead) => nameOf(topology, bead))).toEqual(
    'GLY1.N GLY1.CA GLY1.C GLY1.O ALA2.N ALA2.CA ALA2.CB ALA2.C ALA2.OT1'.split(' '),
  );
  expect(bondNames(topology)).toHaveLength(8);
  expect(bondNames(topology)).toContain('GLY1.C-ALA2.N');
});

test('neighbouring Cα are bonded by numbering within a chain, and not across a gap or an end', () => {
  const { topology } = molecule(`
    CA ALA 1 A 0 0 0
    CA GLY 2 A 0 0 0
    CA TRP 3 A 0 0 0
    CA ALA 7 A 0 0 0
    CA ALA 8 B 0 0 0
    CA ALA 9 B 0 0 0
    CA CA 10 B 0 0 0`);
  expect(mapBeads(topology, 'ca').bonds).toEqual([
    [0, 1],
    [1, 2],
    [4, 5],
  ]);
  expect(mapBeads(topology, '.CA').bonds).toEqual([
    [0, 1],
    [1, 2],
    [4, 5],
  ]);
});

test('… by the peptide bond where the numbering is odd, and not beside the atoms between them', () => {
  const { topology, positions } = molecule(`
    CA ALA 1 A   0.0 0 0
    C  ALA 1 A   1.5 0 0
    N  ALA 52 A  2.8 0 0
    CA ALA 52 A  4.2 0 0`);
  const bonded = withBonds(topology, positions);
  expect(mapBeads(bonded, '.CA').bonds).toEqual([[0, 1]]);
  expect(mapBeads(bonded, '.CA or .C').bonds).toEqual([[0, 1]]);
  expect(mapBeads(bonded, 'all').bonds).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(mapBeads(topology, '.CA').bonds).toEqual([]);
});

test('groups lie at their centres of mass, and carry the mass and the bonds of their atoms', () => {
  const { topology, positions } = alanineDipeptide();
  const mapping = mapBeads(withBonds(topology, positions), {
    groups: ['ACE', 'ALA and _C', 'NME or (ALA and .N)', 'ALA.O'.replace('.', ' and .')],
  });
  expect(mapping.name).toBe('4 groups');
  const { atoms } = topology;
  const out = new Float64Array(12);
  applyBeads(mapping, positions, out);
  const weight = { H: 1.008, C: 12.011, N: 14.007, O: 15.999 } as Record<string, number>;
  mapping.beads.forEach((bead, b) => {
    const mass = bead.atoms.reduce((sum, index) => sum + weight[atoms[index]!.element]!, 0);
    expect(bead.mass).toBeCloseTo(mass, 10);
    for (let axis = 0; axis < 3; axis++) {
      const moment = bead.atoms.reduce((sum, at) => sum + weight[atoms[at]!.element]! * positions[3 * at + axis]!, 0);
      expect(out[3 * b + axis]).toBeCloseTo(moment / mass, 12);
    }
  });
  expect(mapping.bonds).toEqual([
    [0, 2],
    [1, 2],
    [1, 3],
  ]);
  const beads = beadTopology(mapping);
  expect(beads.atoms.map((_, bead) => nameOf(beads, bead))).toEqual(['ACE1.X1', 'ALA2.X1', 'GRP3.X1', 'ALA2.O']);
  expect(beads.atoms.map(({ element }) => element)).toEqual(['', '', '', 'O']);
  expect(beads.residues.map(({ name, number }) => `${name}${number}`)).toEqual(['ACE1', 'ALA2', 'GRP3', 'ALA2']);
});

test('several groups of one residue have names of their own', () => {
  const mapping = mapBeads(dipeptide(), { groups: ['ALA and _H', 'ALA and (.CA or .CB)', 'ALA and (.C or .O)'] });
  expect(mapping.beads.map(({ name }) => name)).toEqual(['X1', 'X2', 'X3']);
  expect(beadTopology(mapping).residues).toHaveLength(1);
});

test('one bead per atom keeps positions to the bit, in the precision of what is written to', () => {
  const { topology, positions } = alanineDipeptide();
  const mapping = mapBeads(topology, 'heavy');
  const single = Float32Array.from(positions);
  const out = new Float32Array(30);
  applyBeads(mapping, single, out);
  mapping.beads.forEach(({ atoms: [index] }, bead) => {
    expect(out.subarray(3 * bead, 3 * bead + 3)).toEqual(single.subarray(3 * index!, 3 * index! + 3));
  });
  expect(() => applyBeads(mapping, single.subarray(3), out)).toThrow(
    /22 atoms to 10 beads cannot be applied to 21 atoms/,
  );
});

test('masses: those of the file, else of the element, else of a bead', () => {
  const { topology } = molecule('CA ALA 1 A 0 0 0\nCB ALA 1 A 0 0 0\nBB ALA 2 A 0 0 0');
  const atoms = topology.atoms.map((atom, index) => (index === 0 ? { ...atom, mass: 13.5 } : atom));
  expect(mapBeads({ ...topology, atoms }, 'all').beads.map(({ mass }) => mass)).toEqual([13.5, 12.011, 72]);
});

test.each([
  ['ca', 'O HOH 1 W 0 0 0', /no amino acid/],
  ['ca', 'N ALA 7 A 0 0 0', /ALA 7 of chain A has no atom CA/],
  ['backbone', 'CA ALA 7 - 0 0 0', /ALA 7 has no atom N/],
  ['dipeptide', 'CA ALA 7 A 0 0 0', /2 amino acids, and the molecule has 1/],
  ['alanine-dipeptide-5', 'CA ALA 7 A 0 0 0', /ACE, ALA, NME one after the other, and there are 0/],
  ['alanine-dipeptide-22', 'C ACE 1 A 0 0 0\nN ALA 2 A 0 0 0\nN NME 3 A 0 0 0', /22 atoms of this kind, and .* have 3/],
  ['alanin-dipeptide-5', 'CA ALA 7 A 0 0 0', /did you mean `alanine-dipeptide-5`/],
  ['.CB', 'CA ALA 7 A 0 0 0', /`\.CB` holds none of the 1 atoms/],
  ['.CB and', 'CA ALA 7 A 0 0 0', /column 5: `and` has no condition after it/],
  [{ groups: [] }, 'CA ALA 7 A 0 0 0', /at least one group/],
  [{ groups: ['.CA', '.CB'] }, 'CA ALA 7 A 0 0 0', /Group 2 of the beads, `\.CB`, holds no atoms/],
  [{ groups: ['.CA', 'ALA'] }, 'CA ALA 7 A 0 0 0', /Groups 1 and 2 of the beads both hold atom CA of ALA 7 of chain A/],
] as const)('%j of %j is refused with a sentence', (request, atoms, message) => {
  const { topology } = molecule(atoms);
  expect(() => mapBeads(topology, request)).toThrow(message);
  expect(() => mapBeads(topology, request)).toThrow(ErgodicError);
});

test('the names of the presets', () => {
  expect(beadPresets).toEqual([
    ...['all', 'heavy', 'ca', 'backbone'],
    ...['alanine-dipeptide-5', 'alanine-dipeptide-6', 'alanine-dipeptide-10', 'alanine-dipeptide-22', 'dipeptide'],
  ]);
});
