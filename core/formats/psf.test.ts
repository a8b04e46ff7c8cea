import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { flipBytes, readAll } from '../../build/damage.ts';
import { askPeers, expectSame } from '../../build/structure-peers.ts';
import { ErgodicError } from '../errors.ts';
import { type ByteSource, memorySource } from './byte-source.ts';
import { openPsf } from './psf.ts';
import type { TrajectoryReader } from './trajectory.ts';

const SHARED = new URL('../../../shared/data/formats/psf/', import.meta.url);

const openText = (text: string) => openPsf(memorySource('a.psf', new TextEncoder().encode(text)));
const openFile = (name: string) => openPsf(memorySource(name, readFileSync(new URL(name, SHARED))));

/** For the tests of damage, which want a trajectory. */
const trajectoryOf = async (source: ByteSource): Promise<TrajectoryReader> => {
  const { problems, topology } = await openPsf(source);
  const holds = { velocities: false, forces: false, cell: false };
  const frame = async () => ({ positions: new Float32Array(3 * topology.atoms.length) });
  return { format: 'PSF', atoms: topology.atoms.length, frames: 1, problems, holds, frame };
};

const NAMD = `PSF NAMD

       2 !NTITLE
 REMARKS 99 !NATOM is no heading here
 REMARKS second line

       5 !NATOM
       1 PROT 1 ALA N NH3 -0.300000 14.0070 0
       2 PROT 1 ALA HT1 HC 0.330000 1.0080 0
       3 PROT 1A ALA CA CT1 0.210000 12.0110 0
       4 WT1 -2 TIP3 OH2 OT -0.834000 15.9994 0
       5 WT1 -2 TIP3 LP LP 0.000000 0.0000 0

       4 !NBOND: bonds
       1       2       3       1       4       5
       5       4
`;

test('words between spaces: segments are chains, masses say the elements', async () => {
  const { topology, trajectory, problems } = await openText(NAMD);
  expect(trajectory).toBeUndefined();
  expect(problems).toEqual([]);
  expect(topology.chains).toEqual([
    { id: '', segment: 'PROT' },
    { id: '', segment: 'WT1' },
  ]);
  expect(topology.residues).toEqual([
    { name: 'ALA', number: 1, insertion: '', chain: 0, hetero: false },
    { name: 'ALA', number: 1, insertion: 'A', chain: 0, hetero: false },
    { name: 'TIP3', number: -2, insertion: '', chain: 1, hetero: false },
  ]);
  expect(topology.atoms.map(({ element }) => element)).toEqual(['N', 'H', 'C', 'O', '']);
  expect(topology.atoms[0]).toEqual({
    ...{ name: 'N', element: 'N', serial: 1, residue: 0 },
    ...{ type: 'NH3', charge: -0.3, mass: 14.007 },
  });
  // Each once, sorted.
  expect(topology.bonds).toEqual([
    [0, 1],
    [0, 2],
    [3, 4],
  ]);
});

test('columns of CHARMM, where a blank segment leaves too few words', async () => {
  const { topology } = await openText(
    `PSF\n\n       0 !NTITLE\n\n       1 !NATOM\n       1      12   SOL  OW   OT     -0.834000       15.9994           0\n\n       0 !NBOND: bonds\n`,
  );
  expect(topology.atoms[0]).toMatchObject({ name: 'OW', type: 'OT', charge: -0.834, mass: 15.9994 });
  expect(topology.residues[0]).toMatchObject({ name: 'SOL', number: 12 });
  const { topology: wide } = await openText(
    'PSF EXT XPLOR\n\n         1 !NATOM\n' +
      '         1          12       TIP3     OH2      OT       -0.834000       15.9994           0\n' +
      '\n         0 !NBOND: bonds\n',
  );
  expect(wide.atoms[0]).toMatchObject({ name: 'OH2', type: 'OT', charge: -0.834, mass: 15.9994 });
});

test('numbers of bonds that fill their columns', async () => {
  const count = 12;
  const atoms = Array.from({ length: count }, (_, i) => `${String(i + 1).padStart(8)} A 1 XX C C 0 12.011 0\n`).join(
    '',
  );
  const bonds = ['       1       2', '0000000300000004', '       5000000060000000700000008'].join('\n');
  const { topology, problems } = await openText(`PSF\n\n${count} !NATOM\n${atoms}\n4 !NBOND\n${bonds}\n`);
  expect(problems).toEqual([]);
  expect(topology.bonds).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ]);
});

test('heavy hydrogens and united atoms are told by their names', async () => {
  const rows = [
    '1 A 1 ALA HB1 HA 0 3.024 0',
    '2 A 1 ALA HB2 HA 0 4.032 0',
    '3 A 1 LIG CH3 CH3E 0 15.035 0',
    '4 A 1 POT POT POT 1 39.0983 0',
  ];
  const { topology } = await openText(`PSF\n\n4 !NATOM\n${rows.join('\n')}\n\n0 !NBOND\n`);
  expect(topology.atoms.map(({ element }) => element)).toEqual(['H', 'H', 'C', 'K']);
});

test('a file that ends within its bonds is read as far as they go', async () => {
  const { topology, problems } = await openText(NAMD.slice(0, NAMD.lastIndexOf('4       5') + 1));
  expect(topology.bonds).toEqual([
    [0, 1],
    [0, 2],
  ]);
  expect(problems.map(({ message }) => message)).toEqual(['`a.psf` says 4 bonds and ends after 2 (line 15).']);
  const { problems: none } = await openText(NAMD.slice(0, NAMD.indexOf('       4 !NBOND')));
  expect(none.map(({ message }) => message)).toEqual(['`a.psf` has no bonds (!NBOND).']);
});

test.each([
  ['', /it is empty/],
  ['PDB\n', /it does not begin with "PSF" \(line 1\)/],
  ['PSF\n\n 1 !NTITLE\n x\n', /it has no atoms \(!NATOM\)/],
  ['PSF\n\n 2147483648 !NATOM\n', /it says 2147483648 atoms, more than the bytes that follow can hold \(line 3\)/],
  ['PSF\n\n 2 !NATOM\n1 A 1 ALA N NH3 -0.3 14.007 0\n', /it says 2 atoms and ends after 1 \(line 4\)/],
  ['PSF\n\n 1 !NATOM\n1 A x ALA N NH3 -0.3 14.007 0\n', /is no atom with a residue number, charge and mass \(line 4\)/],
  ['PSF\n\n 1 !NATOM\n1 A 1 ALA N NH3 -0.3 heavy 0\n', /is no atom/],
  ['PSF\n\n 1 !NBOND\n1 1\n', /its bonds come before its atoms/],
  [NAMD.replace('4 !NBOND', '999999999 !NBOND'), /it says 999999999 bonds, more than the bytes/],
  [NAMD.replace('       5       4', '       5       6'), /a bond has an end that is none of its 5 atoms \(line 16\)/],
  [NAMD.replace('       5       4', '       5       0'), /a bond has an end/],
])('errors name the line: %#', async (text, message) => {
  await expect(openText(text)).rejects.toThrow(ErgodicError);
  await expect(openText(text)).rejects.toThrow(message);
});

test('cut off at any length, and with thousands of changed bytes', async () => {
  const bytes = new TextEncoder().encode(NAMD);
  const { topology: whole } = await openText(NAMD);
  for (let length = 0; length < bytes.length; length++) {
    try {
      const { topology } = await openPsf(memorySource('a.psf', bytes.subarray(0, length)));
      expect(topology.atoms).toEqual(whole.atoms);
      const known = new Set(whole.bonds.map(String));
      expect(topology.bonds.every((bond) => known.has(String(bond)))).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(ErgodicError);
    }
  }
  expect(await flipBytes('a.psf', bytes, trajectoryOf, { copies: 5000 })).toBeGreaterThan(1000);
  for (const byte of [0, 10, 33, 57]) {
    const { error } = await readAll('a.psf', new Uint8Array(1 << 20).fill(byte), trajectoryOf);
    expect(error).toBeInstanceOf(ErgodicError);
  }
});

describe.skipIf(!existsSync(SHARED))('files of the chemfiles collection', () => {
  test('776wat_1Ca.psf: 776 waters of four sites less one, and a calcium ion', async () => {
    const { topology, problems } = await openFile('776wat_1Ca.psf');
    expect(problems).toEqual([]);
    expect([topology.atoms.length, topology.residues.length, topology.bonds.length]).toEqual([3105, 777, 3104]);
    expect(topology.chains.map(({ segment }) => segment)).toEqual([
      'WT1',
      'WT2',
      'WT3',
      'WT4',
      'WT5',
      'WT6',
      'WT7',
      'WT8',
      'ION',
    ]);
    expect(topology.atoms.at(-1)).toMatchObject({ name: 'CAL', element: 'Ca', mass: 40.08, charge: 2 });
    expect(topology.atoms.filter(({ mass }) => mass === 0).every(({ element }) => element === '')).toBe(true);
  });

  test('ligandrm.psf: carbonate in wide columns', async () => {
    const { topology } = await openFile('ligandrm.psf');
    expect(topology.atoms.map(({ element, charge, type }) => [element, charge, type])).toEqual([
      ['C', 1.42, 'CG2O6'],
      ['O', -1.14, 'OG2D2'],
      ['O', -1.14, 'OG2D2'],
      ['O', -1.14, 'OG2D2'],
    ]);
    expect(topology.bonds).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
  });

  test('MDTraj and MDAnalysis read the same', async ({ skip }) => {
    const path = (name: string) => new URL(name, SHARED).pathname;
    const names = ['776wat_1Ca.psf', 'ligandrm.psf'];
    const facts = askPeers(
      names.flatMap((name) => [['mdtraj', path(name)] as const, ['mdanalysis', path(name)] as const]),
    );
    if (!facts) return skip('Python lacks MDTraj, MDAnalysis, OpenMM or Biopython.');
    for (const [key, theirs] of facts) {
      const file = await openFile(key.split('/').at(-1)!);
      const { atoms, bonds } = file.topology;
      await expectSame(file, theirs, key);
      const sorted = theirs.bonds!.map(([a, b]) => [Math.min(a, b), Math.max(a, b)].join()).sort();
      expect(sorted, key).toEqual(bonds.map(String).sort());
      if (key.startsWith('mdtraj')) continue;
      expect(theirs.masses).toEqual(atoms.map(({ mass }) => mass));
      expect(theirs.charges!.map(Math.fround)).toEqual(atoms.map(({ charge }) => Math.fround(charge!)));
      expect(theirs.types).toEqual(atoms.map(({ type }) => type));
    }
  });
});
