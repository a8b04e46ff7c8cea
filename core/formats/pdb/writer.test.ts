import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { askPeers, expectSame, largestDifference, type Peer, writtenFile } from '../../../build/structure-peers.ts';
import type { Atom, Topology } from '../../systems/topology.ts';
import { memorySource } from '../byte-source.ts';
import { openPdb, pdbWriter } from '../pdb.ts';
import type { Frame } from '../trajectory.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const SHARED = new URL('../../../../shared/data/', import.meta.url);

interface Given {
  atoms?: Partial<Atom>[];
  residue?: Partial<Topology['residues'][number]>;
  chain?: Partial<Topology['chains'][number]>;
  bonds?: Topology['bonds'];
}

/** One residue. */
function topologyOf({ atoms = [{}], residue = {}, chain = {}, bonds = [] }: Given = {}): Topology {
  return {
    atoms: atoms.map((atom, atomIndex) => ({ name: 'CA', element: 'C', serial: atomIndex + 1, residue: 0, ...atom })),
    residues: [{ name: 'ALA', number: 1, insertion: '', chain: 0, hetero: false, ...residue }],
    chains: [{ id: 'A', segment: '', ...chain }],
    bonds,
  };
}
const frameOf = (...positions: number[]): Frame => ({ positions: Float32Array.from(positions) });
const textOf = (topology: Topology, frames: readonly Frame[], options = {}) =>
  new TextDecoder().decode(writtenFile(pdbWriter(topology, options), frames));
const reopened = (topology: Topology, frames: readonly Frame[]) =>
  openPdb(memorySource('a.pdb', writtenFile(pdbWriter(topology), frames)));

test('one frame is a file without models', () => {
  const topology = topologyOf({ atoms: [{ name: 'N', element: 'N' }, {}] });
  const cell = [2, 0, 0, 0, 3, 0, 0, 0, 4];
  expect(textOf(topology, [{ ...frameOf(0.1, 0.2, -0.3, 10, 20, 30), cell }], { title: 'Alanine' })).toBe(
    `TITLE     Alanine
CRYST1   20.000   30.000   40.000  90.00  90.00  90.00 P 1           1
REMARK        
ATOM      1  N   ALA A   1       1.000   2.000  -3.000  1.00  0.00           N  
ATOM      2  CA  ALA A   1     100.000 200.000 300.000  1.00  0.00           C  
TER       3      ALA A   1
END
`,
  );
});

test('one frame that was announced leaves no room for a model, and takes no second frame', () => {
  const text = textOf(topologyOf(), [frameOf(1, 2, 3)], { frames: 1 });
  expect(text.split('\n').map((line) => line.slice(0, 6).trim())).toEqual(['ATOM', 'TER', 'END', '']);
  expect(() => textOf(topologyOf(), [frameOf(1, 2, 3), frameOf(1, 2, 3)], { frames: 1 })).toThrow(
    'A PDB file that was begun for one frame cannot take a second.',
  );
  const two = [frameOf(1, 2, 3), frameOf(4, 5, 6)];
  expect(textOf(topologyOf(), two, { frames: 2 })).toBe(textOf(topologyOf(), two));
});

test('several frames are models, each with its time and, where it differs from the first, its cell', async () => {
  const cell = (length: number) => [length, 0, 0, 0, length, 0, 0, 0, length];
  const frames: Frame[] = [
    { ...frameOf(1, 2, 3), cell: cell(2), time: 0, step: 0 },
    { ...frameOf(4, 5, 6), cell: cell(2), time: 0.5, step: 250 },
    { ...frameOf(7, 8, 9), cell: cell(2.5), time: 1, step: 500 },
    { ...frameOf(1, 1, 1), time: 1.5, step: 750 },
  ];
  const text = textOf(topologyOf(), frames, { title: 'Ångström' });
  expect(text.match(/^(MODEL|ENDMDL|CRYST1).*$/gm)).toEqual([
    'CRYST1   20.000   20.000   20.000  90.00  90.00  90.00 P 1           1',
    'MODEL        1',
    'ENDMDL',
    'MODEL        2',
    'ENDMDL',
    'CRYST1   25.000   25.000   25.000  90.00  90.00  90.00 P 1           1',
    'MODEL        3',
    'ENDMDL',
    'CRYST1    1.000    1.000    1.000  90.00  90.00  90.00 P 1           1',
    'MODEL        4',
    'ENDMDL',
  ]);
  const { trajectory } = await reopened(topologyOf(), frames);
  expect(trajectory!.frames).toBe(4);
  for (const [index, frame] of frames.entries()) expect(await trajectory!.frame(index)).toEqual(frame);
});

test.each([
  [{ name: 'CA', element: 'C' }, ' CA ', ' C'],
  [{ name: 'CA', element: 'Ca' }, 'CA  ', 'CA'],
  [{ name: 'CLAA', element: 'Cl' }, 'CLAA', 'CL'],
  [{ name: 'HB11', element: 'H' }, 'HB11', ' H'],
  [{ name: '1HB', element: 'H' }, ' 1HB', ' H'],
  [{ name: 'B', element: '' }, ' B  ', '  '],
  [{ name: 'SOD', element: 'Na' }, ' SOD', 'NA'],
])('%j stands in the columns "%s" and "%s"', (atom, name, element) => {
  const line = textOf(topologyOf({ atoms: [atom] }), [frameOf(0, 0, 0)])
    .split('\n')
    .find((each) => each.startsWith('ATOM'))!;
  expect([line.slice(12, 16), line.slice(76, 78)]).toEqual([name, element]);
});

test('charges, occupancies, alternates, hetero residues, insertion codes and segments come back', async () => {
  const topology = topologyOf({
    atoms: [{ name: 'ZN', element: 'Zn', charge: 2, occupancy: 0.25, temperatureFactor: 103.5, alternate: 'B' }],
    residue: { name: 'ZN', number: -5, insertion: 'X', hetero: true },
    chain: { id: 'Z', segment: 'IONS' },
  });
  expect((await reopened(topology, [frameOf(0, 0, 0)])).topology).toEqual(topology);
});

test('a charge that is no whole number is left out', async () => {
  const { topology } = await reopened(topologyOf({ atoms: [{ charge: -0.34 }] }), [frameOf(0, 0, 0)]);
  expect(topology.atoms[0]).not.toHaveProperty('charge');
});

test('more atoms and residues than the columns have decimal numbers', async () => {
  const count = 100_010;
  const topology: Topology = {
    atoms: Array.from({ length: count }, (_, i) => ({ name: 'O', element: 'O', serial: i + 1, residue: i })),
    residues: Array.from({ length: count }, (_, i) => ({
      name: 'XXX',
      number: i - 3,
      insertion: '',
      chain: 0,
      hetero: true,
    })),
    chains: [{ id: '', segment: '' }],
    bonds: [[99_997, 100_004]],
  };
  const { topology: read, problems } = await reopened(topology, [{ positions: new Float32Array(3 * count) }]);
  expect(problems).toEqual([]);
  expect(read.bonds).toEqual(topology.bonds);
  expect(read.residues).toEqual(topology.residues);
  expect(read.atoms.map(({ serial }) => serial)).toEqual(topology.atoms.map(({ serial }) => serial));
});

test('CONECT for bonds that the names of residues do not imply, and only for those', () => {
  const topology: Topology = {
    atoms: ['C', 'SG', 'N', 'SG', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6'].map((name, atomIndex) => ({
      name,
      element: name[0]!,
      serial: atomIndex + 1,
      residue: Math.min(2, Math.floor(atomIndex / 2)),
    })),
    residues: ['CYS', 'CYS', 'LIG'].map((name, index) => ({
      name,
      number: index,
      insertion: '',
      chain: 0,
      hetero: false,
    })),
    chains: [{ id: 'A', segment: '' }],
    bonds: [
      [0, 1],
      [0, 2],
      [1, 3],
      [3, 4],
      [4, 5],
      [4, 6],
      [4, 7],
      [4, 8],
      [4, 9],
    ], // prettier-ignore
  };
  const text = textOf(topology, [{ positions: new Float32Array(30) }]);
  expect(text.match(/^CONECT.*$/gm)).toEqual([
    'CONECT    2    4',
    'CONECT    4    2    5',
    'CONECT    5    4    6    7    8',
    'CONECT    5    9   10',
    'CONECT    6    5',
    'CONECT    7    5',
    'CONECT    8    5',
    'CONECT    9    5',
    'CONECT   10    5',
  ]);
});

test('chains with the same identifier stay apart', async () => {
  const topology: Topology = {
    atoms: [0, 1, 2].map((residue) => ({ name: 'O', element: 'O', serial: 1, residue })),
    residues: [0, 1, 2].map((chain) => ({ name: 'HOH', number: 1, insertion: '', chain, hetero: true })),
    chains: Array.from({ length: 3 }, () => ({ id: 'A', segment: '' })),
    bonds: [],
  };
  const { topology: read } = await reopened(topology, [{ positions: new Float32Array(9) }]);
  expect(read.chains).toEqual(topology.chains);
  expect(read.residues).toEqual(topology.residues);
});

test.each([
  [{}, frameOf(1000, 0, 0), /coordinate 10000.000 Å of atom 1 \(CA of ALA 1\) does not fit the eight columns of PDB/],
  [{}, frameOf(0, -100, 0), /coordinate -1000.000 Å/],
  [{}, frameOf(0, Number.NaN, 0), /coordinate NaN Å/],
  [{}, frameOf(0, 0), /frame of 0.66/],
  [{ atoms: [{ name: 'HO5T1' }] }, frameOf(0, 0, 0), /atom name `HO5T1` of atom 1 .* longer than the 4 columns/],
  [{ residue: { name: 'ALANI' } }, frameOf(0, 0, 0), /residue name `ALANI`/],
  [{ chain: { id: 'AA' } }, frameOf(0, 0, 0), /chain identifier `AA`/],
  [{ chain: { segment: 'PROTEIN' } }, frameOf(0, 0, 0), /segment `PROTEIN`/],
  [{ residue: { number: -1234 } }, frameOf(0, 0, 0), /no room for residue number -1234/],
  [{}, { ...frameOf(0, 0, 0), cell: [1e5, 0, 0, 0, 1e5, 0, 0, 0, 1e5] }, /cell of 100000 × .* does not fit/],
] as [Given, Frame, RegExp][])('what does not fit is an error: %j', (given, frame, message) => {
  expect(() => textOf(topologyOf(given), [frame])).toThrow(message);
});

test('letters that are no ASCII do not shift the columns', () => {
  const text = textOf(topologyOf({ atoms: [{ name: 'Cα' }] }), [frameOf(0, 0, 0)]);
  expect(text).toContain('ATOM      1  C?  ALA A   1       0.000');
});

describe('what other programs read from files written here', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'ergodic-pdb-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const sources: readonly (readonly [string, URL, readonly Peer[]])[] = [
    ['mdanalysis', new URL('mdanalysis.pdb', FIXTURES), ['mdtraj', 'mdanalysis', 'openmm', 'biopython']],
    ['topology', new URL('aldp/topology.pdb', SHARED), ['mdtraj', 'mdanalysis', 'openmm', 'biopython']],
    ['4hhb', new URL('formats/pdb/4hhb.pdb', SHARED), ['mdtraj']],
    ['1vln-triclinic', new URL('formats/pdb/1vln-triclinic.pdb', SHARED), ['mdtraj']],
    ['2hkb', new URL('formats/pdb/2hkb.pdb', SHARED), ['mdtraj', 'mdanalysis', 'biopython']],
    ['water', new URL('formats/pdb/water.pdb', SHARED), ['mdtraj', 'mdanalysis']],
    ['insertion-code', new URL('formats/pdb/insertion-code.pdb', SHARED), ['mdtraj', 'mdanalysis', 'openmm']],
  ];
  const present = sources.filter(([, url]) => existsSync(url));

  const write = async () => {
    for (const [name, url] of present) {
      const { topology, trajectory } = await openPdb(memorySource(name, readFileSync(url)));
      const frames: Frame[] = [];
      for (let index = 0; index < trajectory!.frames; index++) frames.push(await trajectory!.frame(index));
      writeFileSync(join(scratch, `${name}.pdb`), writtenFile(pdbWriter(topology), frames));
    }
    return askPeers(
      present.flatMap(([name, , peers]) => peers.map((peer) => [peer, join(scratch, `${name}.pdb`)] as const)),
    );
  };

  test('the same as we read from the originals', async ({ skip }) => {
    const facts = await write();
    if (!facts) return skip('Python lacks MDTraj, MDAnalysis, OpenMM or Biopython.');
    for (const [name, url, peers] of present) {
      const original = await openPdb(memorySource(name, readFileSync(url)));
      for (const peer of peers) {
        const theirs = facts.get(`${peer} ${join(scratch, `${name}.pdb`)}`)!;
        // Biopython knows no cells; MDAnalysis looks for one within the model.
        await expectSame(original, theirs, `${name} by ${peer}`, { cell: peer === 'mdtraj' || peer === 'openmm' });
      }
    }
  });

  test.skipIf(!existsSync(SHARED))('and so do we, bonds apart that names imply', async () => {
    for (const [name, url] of present) {
      const original = await openPdb(memorySource(name, readFileSync(url)));
      const frames: Frame[] = [];
      for (let index = 0; index < original.trajectory!.frames; index++)
        frames.push(await original.trajectory!.frame(index));
      const again = await reopened(original.topology, frames);
      expect(again.problems).toEqual([]);
      const unnumbered = ({ atoms, residues, chains }: Topology) => ({
        atoms: atoms.map(({ serial: _, ...atom }) => ({ occupancy: 1, temperatureFactor: 0, ...atom })),
        residues,
        chains,
      });
      expect(unnumbered(again.topology), name).toEqual(unnumbered(original.topology));
      const stated = new Set(original.topology.bonds.map(String));
      expect(again.topology.bonds.every((bond) => stated.has(String(bond)))).toBe(true);
      for (const [index, frame] of frames.entries()) {
        expect(largestDifference((await again.trajectory!.frame(index)).positions, frame.positions), name).toBe(0);
      }
    }
  });
});
