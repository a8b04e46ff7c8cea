import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { flipBytes, readAll } from '../../build/damage.ts';
import { largestDifference } from '../../build/structure-peers.ts';
import { ErgodicError } from '../errors.ts';
import { shapeOfCell } from '../systems/periodic/cell.ts';
import type { Topology } from '../systems/topology.ts';
import { type ByteSource, memorySource } from './byte-source.ts';
import { openMmcif } from './mmcif.ts';
import { openPdb } from './pdb.ts';
import type { Frame, StructureFile } from './trajectory.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../shared/data/formats/', import.meta.url);

const openText = (text: string) => openMmcif(memorySource('a.cif', new TextEncoder().encode(text)));
const openFile = (folder: URL, name: string) => openMmcif(memorySource(name, readFileSync(new URL(name, folder))));
const trajectoryOf = async (source: ByteSource) => (await openMmcif(source)).trajectory!;

async function framesOf({ trajectory }: StructureFile): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let index = 0; index < trajectory!.frames; index++) frames.push(await trajectory!.frame(index));
  return frames;
}

/** An mmCIF with these rows of atoms. */
const protein = (rows: string, rest = '') => `data_x
${rest}
loop_
_atom_site.group_PDB
_atom_site.id
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_alt_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.label_seq_id
_atom_site.pdbx_PDB_ins_code
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
_atom_site.occupancy
_atom_site.auth_seq_id
_atom_site.auth_asym_id
_atom_site.pdbx_PDB_model_num
${rows}
#
`;

describe('files by other programs, with atom i, axis j at 0.25 i + j Å (and 0.125 Å more from model to model)', () => {
  test.each([
    ['openmm.cif', 1, 12],
    ['biopython.cif', 3, 0],
  ])('%s', async (name, frames, bonds) => {
    const { topology, trajectory, problems } = await openFile(FIXTURES, name);
    expect(problems).toEqual([]);
    expect(topology.residues.map((residue) => [residue.name, residue.number])).toEqual([
      ['ACE', 1],
      ['ALA', 2],
      ['NME', 3],
    ]);
    expect(topology.atoms.map(({ element }) => element).join('')).toBe('HCHHCONHCHCHHHCONHCHHH');
    expect(topology.bonds).toHaveLength(bonds);
    expect(trajectory!.frames).toBe(frames);
    for (let k = 0; k < frames; k++) {
      const { positions } = await trajectory!.frame(k);
      positions.forEach((x, index) => {
        expect(x).toBe(Math.fround((0.25 * Math.floor(index / 3) + (index % 3) + 0.125 * k) / 10));
      });
    }
  });
});

describe('mmCIF', () => {
  test('names of authors come first, those of the archive take their place; label_asym_id parts chains', async () => {
    const { topology } = await openText(
      protein(`ATOM 1 N N . ALA A 1 ? 1 2 3 1.0 11 X 1
ATOM 2 C CA . ALA A 1 ? 1 2 3 1.0 11 X 1
ATOM 3 C CA . GLY A 2 B 1 2 3 0.5 11 X 1
HETATM 4 ZN ZN . ZN B . ? 1 2 3 1.0 301 X 1
HETATM 5 O O . HOH C . ? 1 2 3 1.0 ? ? 1
HETATM 6 O O . HOH D . ? 1 2 3 1.0 7 . 1`),
    );
    expect(topology.residues).toEqual([
      { name: 'ALA', number: 11, insertion: '', chain: 0, hetero: false },
      { name: 'GLY', number: 11, insertion: 'B', chain: 0, hetero: false },
      { name: 'ZN', number: 301, insertion: '', chain: 1, hetero: true },
      { name: 'HOH', number: 1, insertion: '', chain: 2, hetero: true },
      { name: 'HOH', number: 7, insertion: '', chain: 3, hetero: true },
    ]);
    expect(topology.chains.map(({ id }) => id)).toEqual(['X', 'X', 'C', '']);
    expect(topology.atoms.map(({ element }) => element)).toEqual(['N', 'C', 'C', 'Zn', 'O', 'O']);
    expect(topology.atoms[2]).toEqual({ name: 'CA', element: 'C', serial: 3, residue: 1, occupancy: 0.5 });
  });

  test('the first location of an atom is kept, in every model', async () => {
    const rows = (model: number) => `ATOM 1 C CA A ALA A 1 ? ${model} 0 0 0.4 1 A ${model}
ATOM 2 C CA B ALA A 1 ? 99 0 0 0.6 1 A ${model}
ATOM 3 C CB . ALA A 1 ? ${model} 1 0 1 1 A ${model}
`;
    const file = await openText(protein(rows(1) + rows(2)));
    expect(file.topology.atoms.map(({ name, alternate }) => [name, alternate])).toEqual([
      ['CA', 'A'],
      ['CB', undefined],
    ]);
    const frames = await framesOf(file);
    expect(frames.map(({ positions }) => [...positions].map((x) => Math.round(10 * x)))).toEqual([
      [1, 0, 0, 1, 1, 0],
      [2, 0, 0, 2, 1, 0],
    ]);
  });

  test('a model of another size ends the trajectory', async () => {
    const { trajectory, problems } = await openText(
      protein(`ATOM 1 C CA . ALA A 1 ? 1 0 0 1 1 A 1
ATOM 2 C CA . ALA A 1 ? 1 0 0 1 1 A 2
ATOM 3 C CA . ALA A 1 ? 1 0 0 1 1 A 3
ATOM 4 C CB . ALA A 1 ? 1 0 0 1 1 A 3
ATOM 5 C CA . ALA A 1 ? 1 0 0 1 1 A 4`),
    );
    expect(trajectory!.frames).toBe(2);
    expect(problems.map(({ message }) => message)).toEqual([
      'Model 3 of `a.cif` has 2 atoms where the first has 1: only the models before it are read.',
    ]);
  });

  const connection = (rows: string) => `loop_
_struct_conn.id
_struct_conn.conn_type_id
_struct_conn.ptnr1_auth_asym_id
_struct_conn.ptnr1_auth_seq_id
_struct_conn.ptnr1_label_comp_id
_struct_conn.ptnr1_label_atom_id
_struct_conn.ptnr1_symmetry
_struct_conn.ptnr2_auth_asym_id
_struct_conn.ptnr2_auth_seq_id
_struct_conn.ptnr2_label_comp_id
_struct_conn.ptnr2_label_atom_id
_struct_conn.ptnr2_symmetry
${rows}`;
  const cysteines = `ATOM 1 S SG . CYS A 1 ? 1 0 0 1 1 A 1
ATOM 2 S SG . CYS A 5 ? 1 0 0 1 5 A 1
HETATM 3 ZN ZN . ZN B . ? 1 0 0 1 9 A 1`;

  test('covalent bonds are read, other connections and those to symmetry images are not', async () => {
    const rows = `1 disulf A 1 CYS SG 1_555 A 5 CYS SG 1_555
2 metalc A 1 CYS SG 1_555 A 9 ZN ZN 1_555
3 covale A 1 CYS SG 1_555 A 5 CYS SG 2_655
4 covale A 1 CYS SG ? A 7 CYS SG ?
5 COVALE A 5 CYS SG . A 1 CYS SG .
`;
    const { topology, problems } = await openText(protein(cysteines, connection(rows)));
    expect(topology.bonds).toEqual([[0, 1]]);
    expect(problems.map(({ message }) => message)).toEqual([
      '1 bonds of `a.cif` are left out: they name atoms that are not there.',
    ]);
  });

  test('a single connection may stand without a loop', async () => {
    const rows = '1 disulf A 1 CYS SG 1_555 A 5 CYS SG 1_555'.split(' ');
    const items = connection('')
      .match(/_struct\S+/g)!
      .map((tag, index) => `${tag} ${rows[index]}\n`);
    expect((await openText(protein(cysteines, items.join('')))).topology.bonds).toEqual([[0, 1]]);
  });

  test('cells, and what is none', async () => {
    const cell = (values: string) =>
      ['length_a', 'length_b', 'length_c', 'angle_alpha', 'angle_beta', 'angle_gamma']
        .map((tag, i) => `_cell.${tag} ${values.split(' ')[i]}\n`)
        .join('');
    const row = 'ATOM 1 C CA . ALA A 1 ? 1 0 0 1 1 A 1';
    const read = async (values: string) => (await openText(protein(row, cell(values)))).trajectory!.frame(0);
    const shape = shapeOfCell((await read('10.5(2) 20 30 90 90 120')).cell!);
    expect(shape.lengths.map((x) => x.toFixed(6))).toEqual(['1.050000', '2.000000', '3.000000']);
    expect(shape.angles.map((x) => x.toFixed(6))).toEqual(['90.000000', '90.000000', '120.000000']);
    for (const none of ['1 1 1 90 90 90', '? ? ? ? ? ?', '0 0 0 90 90 90', '10 10 10 10 10 170']) {
      expect((await read(none)).cell).toBeUndefined();
    }
  });

  test('quotes, and atoms without a place', async () => {
    const { topology, problems } = await openText(
      protein(`ATOM 1 C "C5'" . A A 1 ? 1 0 0 1 1 A 1\nATOM 2 C 'C 1' . A A 1 ? ? . 0 1 1 A 1`),
    );
    expect(topology.atoms.map(({ name }) => name)).toEqual(["C5'"]);
    expect(problems[0]!.message).toBe('1 atoms of `a.cif` have no coordinates and are left out.');
  });

  test('a second table of atoms is left out with a word', async () => {
    const one = protein('ATOM 1 C CA . ALA A 1 ? 1 0 0 1 1 A 1');
    const file = await openText(one + one.replace('data_x', ''));
    expect(file.topology.atoms).toHaveLength(1);
    expect(await framesOf(file)).toHaveLength(1);
    expect(file.problems.map(({ message }) => message)).toEqual([
      '`a.cif` has a second table of atoms, which is left out.',
    ]);
  });

  test.each([
    ['data_x\n_cell.length_a 10\n', '`a.cif` cannot be read as mmCIF: it has no table _atom_site.'],
    ['', '`a.cif` cannot be read as mmCIF: it has no table _atom_site.'],
    [
      protein('ATOM 1 C CA . ALA A 1 ? ? ? ? 1 1 A 1'),
      '`a.cif` cannot be read as mmCIF: none of its atoms has coordinates.',
    ],
    [
      'data_x\nloop_ _atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z\nC1 0 0 0\n',
      '`a.cif` has fractional coordinates, but no cell that they are parts of.',
    ],
  ])('errors: %#', async (text, message) => {
    await expect(openText(text)).rejects.toThrow(message);
    await expect(openText(text)).rejects.toThrow(ErgodicError);
  });

  test('of a later model, when it is read', async () => {
    const { trajectory } = await openText(
      protein('ATOM 1 C CA . ALA A 1 ? 1 0 0 1 1 A 1\nATOM 2 C CA . ALA A 1 ? nan 0 0 1 1 A 2'),
    );
    await expect(trajectory!.frame(1)).rejects.toThrow(
      /^Frame 1 of `a.cif` has an atom without coordinates \(byte \d+\)/,
    );
    await expect(trajectory!.frame(2)).rejects.toThrow('`a.cif` has 2 frames; there is no frame 2.');
  });
});

/** A small-molecule CIF in a monoclinic cell of 10 × 20 × 30 Å. */
const crystal = (atoms: string, rest = '') => `data_crystal
_cell_length_a 10.000(3)
_cell_length_b 20.0
_cell_length_c 30
_cell_angle_alpha 90
_cell_angle_beta 60
_cell_angle_gamma 90
${rest}
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_disorder_assembly
_atom_site_disorder_group
${atoms}
`;

describe('CIF of small molecules', () => {
  test('fractions of the cell become nm; uncertainties are dropped, type symbols have charges', async () => {
    const { topology, trajectory, problems } = await openText(
      crystal("C1 C 0.5(1) 0 0 . .\nFe1 Fe3+ 0 0.25 .5 . .\nO1 O2- 0 0 -1 . .\nCa1 ? 0 0 0 . .\nC1' ? 1 1 1 . ."),
    );
    expect(problems).toEqual([]);
    expect(topology.atoms.map(({ name, element, charge }) => [name, element, charge])).toEqual([
      ['C1', 'C', undefined],
      ['Fe1', 'Fe', 3],
      ['O1', 'O', -2],
      ['Ca1', 'Ca', undefined],
      ["C1'", 'C', undefined],
    ]);
    expect(topology.residues).toHaveLength(1);
    expect(trajectory!.format).toBe('CIF');
    const { positions } = await trajectory!.frame(0);
    const height = 3 * Math.sin(Math.PI / 3);
    const expected = [0.5, 0, 0, 0.75, 0.5, height / 2, -1.5, 0, -height, 0, 0, 0, 2.5, 2, height];
    positions.forEach((x, index) => {
      expect(x).toBeCloseTo(expected[index]!, 12);
    });
  });

  const operators = (...given: string[]) =>
    `loop_\n_symmetry_equiv_pos_as_xyz\n${given.map((each) => `'${each}'\n`).join('')}`;

  test.each([
    [operators('x, y, z'), false],
    [operators('x, y, z', '-x, -y, -z'), true],
    ["_symmetry_space_group_name_H-M 'P 1'", false],
    ["_symmetry_space_group_name_H-M 'P 21/c'", true],
    ["_space_group_name_H-M_alt 'C 2'", true],
    ['_symmetry_space_group_name_H-M ?', false],
    ['', false],
  ])('symmetry is not applied, and a problem says so: %j', async (symmetry, expected) => {
    const { problems } = await openText(crystal('C1 C 0 0 0 . .', symmetry));
    expect(problems.some(({ message }) => /only its asymmetric unit is shown/.test(message))).toBe(expected);
  });

  test('of disordered groups the first is kept', async () => {
    const file = await openText(
      crystal(
        'C1 C 0 0 0 . .\nC2A C .1 0 0 A 1\nC2B C .2 0 0 A 2\nC3B C .3 0 0 B 2\nC3A C .4 0 0 B 1\nC4A C .5 0 0 A 1',
      ),
    );
    expect(file.topology.atoms.map(({ name }) => name)).toEqual(['C1', 'C2A', 'C3B', 'C4A']);
    const [{ positions }] = (await framesOf(file)) as [Frame];
    expect([0, 3, 6, 9].map((i) => positions[i]!.toFixed(6))).toEqual(['0.000000', '0.100000', '0.300000', '0.500000']);
  });

  test('bonds within the asymmetric unit are read', async () => {
    const bonds = `loop_
_geom_bond_atom_site_label_1
_geom_bond_atom_site_label_2
_geom_bond_distance
_geom_bond_site_symmetry_2
C1 C2 1.5(2) .
C2 C3 1.5 2_655
C3 C1 1.5 1_555
C3 C9 1.5 .
`;
    const { topology } = await openText(crystal('C1 C 0 0 0 . .\nC2 C 0 0 0 . .\nC3 C 0 0 0 . .', bonds));
    expect(topology.bonds).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  test('a crystal of one atom, without a loop', async () => {
    const text = crystal('').replace(
      /loop_[\s\S]*/,
      '_atom_site_label Cu1\n_atom_site_fract_x .5\n_atom_site_fract_y 0\n_atom_site_fract_z 0\n',
    );
    const file = await openText(text);
    expect(file.topology.atoms.map(({ element }) => element)).toEqual(['Cu']);
    expect((await framesOf(file)).map(({ positions }) => [...positions])).toEqual([[0.5, 0, 0]]);
  });

  test('of several blocks with atoms the first is read', async () => {
    const { topology, problems } = await openText(
      `data_global\n_cell_length_a 5\n${crystal('C1 C 0 0 0 . .')}${crystal('O1 O 0 0 0 . .\nO2 O 0 0 0 . .').replace('crystal', 'other')}`,
    );
    expect(topology.atoms.map(({ name }) => name)).toEqual(['C1']);
    expect(problems.map(({ message }) => message)).toEqual([
      '`a.cif` has 1 more data blocks with atoms; only the first, `crystal`, is read.',
    ]);
  });
});

describe('damaged files', () => {
  test.each(['biopython.cif', 'openmm.cif'])('%s cut off at any length', async (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, FIXTURES)));
    const whole = await readAll(name, bytes, trajectoryOf);
    for (let length = 0; length < bytes.length; length += 3) {
      const { frames, error } = await readAll(name, bytes.slice(0, length), trajectoryOf);
      expect(error === undefined).toBe(frames.length > 0);
      const numbers = frames[0]?.positions.length ?? 0;
      if (frames.length > 0) expect(frames[0]!.positions).toEqual(whole.frames[0]!.positions.slice(0, numbers));
      expect(frames.slice(1)).toEqual(whole.frames.slice(1, frames.length));
    }
  });

  test('an incomplete last row is left out with a word', async () => {
    const { topology, problems } = await openText(
      protein('ATOM 1 C CA . ALA A 1 ? 1 0 0 1 1 A 1\nATOM 2 C CB . ALA A 1 ? 1 0').replace('#\n', ''),
    );
    expect(topology.atoms).toHaveLength(1);
    expect(problems[0]!.message).toMatch(
      /^The last row of the atoms of `a.cif` is not complete and is left out \(line \d+\)/,
    );
  });

  test('thousands of changed bytes', async () => {
    const small = new TextEncoder().encode(
      crystal('C1 C 0 0 0 . .\nC2 C .1 .2 .3 A 1', "_symmetry_space_group_name_H-M 'P 1'"),
    );
    const bytes = new Uint8Array(readFileSync(new URL('biopython.cif', FIXTURES)));
    const started = performance.now();
    expect(await flipBytes('a.cif', small, trajectoryOf, { copies: 3000 })).toBeGreaterThan(1000);
    expect(await flipBytes('a.cif', bytes, trajectoryOf, { copies: 2000 })).toBeGreaterThan(1000);
    expect(performance.now() - started).toBeLessThan(40_000);
  });

  test.each([
    ['zeros', 0],
    ['semicolons', 59],
    ['line breaks', 10],
    ['quotes', 39],
    ['underscores', 95],
  ])('a megabyte of %s', async (_, byte) => {
    const { error } = await readAll('a.cif', new Uint8Array(1 << 20).fill(byte), trajectoryOf);
    expect(error).toBeInstanceOf(ErgodicError);
  });
});

describe.skipIf(!existsSync(SHARED))('files of the chemfiles collection', () => {
  const open = (name: string) => openFile(new URL('cif/', SHARED), name);

  test('1j8k: twenty models of a protein by NMR', async () => {
    const { topology, trajectory, problems } = await open('1j8k.cif');
    expect([topology.atoms.length, topology.residues.length, topology.chains.length]).toEqual([1402, 94, 1]);
    expect([trajectory!.frames, trajectory!.holds.cell, problems.length]).toEqual([20, false, 0]);
    const { positions } = await trajectory!.frame(0);
    expect([...positions.slice(0, 3)]).toEqual([-0.8207, 1.4007, 0.6909].map(Math.fround));
  });

  test('4hhb: the same atoms at the same places as in its PDB file', async () => {
    const { topology, trajectory } = await open('4hhb.cif');
    const pdb = await openPdb(memorySource('4hhb.pdb', readFileSync(new URL('pdb/4hhb.pdb', SHARED))));
    const facts = ({ atoms, residues }: Topology) =>
      atoms.map(({ name, element, residue }) =>
        [name, element, residues[residue]!.name, residues[residue]!.number].join(' '),
      );
    expect(facts(topology)).toEqual(facts(pdb.topology));
    const [ours, theirs] = [await trajectory!.frame(0), await pdb.trajectory!.frame(0)];
    expect(largestDifference(ours.positions, theirs.positions)).toBe(0);
    expect(largestDifference(ours.cell!, theirs.cell!)).toBeLessThan(1e-9);
    expect(topology.chains.slice(0, 4).map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D']);
  });

  test('1544173: a small molecule, C20 H28 O2, with its bonds', async () => {
    const { topology, trajectory, problems } = await open('1544173.cif');
    const count = (symbol: string) => topology.atoms.filter(({ element }) => element === symbol).length;
    expect([count('C'), count('H'), count('O')]).toEqual([20, 28, 2]);
    expect(topology.bonds).toHaveLength(53);
    expect(problems[0]!.message).toMatch(/P 1 21 1.*only its asymmetric unit/);
    // Every bond is as long as a bond: so fractions and cell were put together rightly.
    const { positions, cell } = await trajectory!.frame(0);
    for (const [a, b] of topology.bonds) {
      const length = Math.hypot(...[0, 1, 2].map((axis) => positions[3 * a + axis]! - positions[3 * b + axis]!));
      expect(length).toBeGreaterThan(0.08);
      expect(length).toBeLessThan(0.16);
    }
    expect(shapeOfCell(cell!).angles[1]).toBeCloseTo(98.153, 9);
  });

  test('Zr-UiO-66: three blocks, a metal-organic framework under pressure', async () => {
    const { topology, problems } = await open('Zr-UiO-66-pressure.cif');
    expect(topology.atoms.map(({ name }) => name)).toContain('Zr1');
    expect(topology.atoms).toHaveLength(9);
    expect(problems).toHaveLength(2);
  });
});
