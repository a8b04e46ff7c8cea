/** PDB files of many programs and of the archive, and what other programs read from them. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { askPeers, expectSame, type Peer } from '../../../build/structure-peers.ts';
import { memorySource } from '../byte-source.ts';
import { openPdb } from '../pdb.ts';

const SHARED = new URL('../../../../shared/data/formats/pdb/', import.meta.url);
const openFile = (name: string) => openPdb(memorySource(name, readFileSync(new URL(name, SHARED))));

describe.skipIf(!existsSync(SHARED))('files of the chemfiles collection', () => {
  // Atoms, residues, chains (as MDTraj counts them), CONECT bonds, frames.
  test.each([
    ['1avg.pdb', 3730, 613, 6, 7, 1],
    // 2581 atoms, seven of them at a second place.
    ['1bcu.pdb', 2574, 518, 7, 40, 1],
    ['1htq.pdb', 3778, 477, 1, 0, 1],
    ['1vln-triclinic.pdb', 14_520, 1944, 24, 103, 1],
    ['2hkb.pdb', 757, 24, 2, 0, 10],
    ['4hhb.pdb', 4779, 801, 12, 204, 1],
    ['MOF-5.pdb', 65, 1, 1, 68, 1],
    ['ase.pdb', 120, 1, 1, 0, 1],
    ['atom-id-0.pdb', 2, 1, 1, 0, 1],
    ['crystal-maker.pdb', 8, 1, 1, 0, 1],
    ['end-endmdl.pdb', 4, 4, 1, 1, 1],
    ['hemo.pdb', 522, 25, 1, 77, 1],
    ['insertion-code.pdb', 4, 4, 1, 0, 1],
    ['model.pdb', 2223, 264, 1, 0, 2],
    ['odd-start.pdb', 20, 1, 1, 23, 1],
    ['psfgen-output.pdb', 26, 3, 1, 0, 1],
    ['short-atom.pdb', 9, 3, 1, 0, 1],
    ['short-cryst1.pdb', 9, 3, 1, 0, 1],
    ['water.pdb', 297, 99, 1, 0, 100],
  ])('%s', async (name, atoms, residues, chains, bonds, frames) => {
    const { topology, trajectory } = await openFile(name);
    expect([topology.atoms.length, topology.residues.length, topology.chains.length]).toEqual([
      atoms,
      residues,
      chains,
    ]);
    expect([topology.bonds.length, trajectory!.frames]).toEqual([bonds, frames]);
  });

  test('what is special about some of them', async () => {
    const { topology: haemoglobin } = await openFile('4hhb.pdb');
    expect(haemoglobin.atoms.filter(({ element }) => element === 'Fe')).toHaveLength(4);
    expect(haemoglobin.chains.slice(0, 4).map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D']);

    const { topology: thrombin } = await openFile('1bcu.pdb');
    expect(thrombin.atoms.filter(({ alternate }) => alternate !== undefined).map(({ alternate }) => alternate)).toEqual(
      Array.from({ length: 7 }, () => 'A'),
    );
    const inserted = thrombin.residues.filter(({ insertion }) => insertion !== '');
    expect(inserted[0]).toMatchObject({ number: 1, insertion: 'B' });

    const { topology: coded } = await openFile('insertion-code.pdb');
    expect(coded.residues.map(({ number, insertion }) => `${number}${insertion}`)).toEqual(['1a', '2c', '3x', '4']);

    const { problems } = await openFile('ase.pdb');
    expect(problems[0]!.message).toBe(
      'Model 2 of `ase.pdb` has 60 atom lines where the first has 120: only the models before it are read.',
    );
    const { topology: generated } = await openFile('psfgen-output.pdb');
    expect(generated.chains).toEqual([{ id: 'A', segment: 'PROT' }]);
    expect(generated.atoms[1]).toMatchObject({ name: 'HT1', element: 'H' });
  });

  // Not compared: MDAnalysis keeps all locations of an atom (1bcu), sorts chains that come back into one segment, and
  // does not read models parted by END. Both refuse models of different size (ase, end-endmdl).
  const pairs: (readonly [Peer, string, { chains?: boolean; cell?: boolean }?])[] = [
    ...['1avg', '1bcu', '1htq', '1vln-triclinic', '2hkb', '4hhb', 'MOF-5', 'atom-id-0', 'crystal-maker', 'hemo'].map(
      (name) => ['mdtraj', name] as const,
    ),
    ...['insertion-code', 'model', 'odd-start', 'psfgen-output', 'short-atom', 'short-cryst1', 'water'].map(
      (name) => ['mdtraj', name] as const,
    ),
    ...['1avg', '1vln-triclinic', '4hhb'].map((name) => ['mdanalysis', name, { chains: false }] as const),
    ...[
      '2hkb',
      'MOF-5',
      'atom-id-0',
      'crystal-maker',
      'hemo',
      'model',
      'odd-start',
      'psfgen-output',
      'short-cryst1',
    ].map((name) => ['mdanalysis', name] as const),
  ];
  const path = (name: string) => new URL(`${name}.pdb`, SHARED).pathname;
  const facts = existsSync(SHARED) ? askPeers(pairs.map(([peer, name]) => [peer, path(name)])) : undefined;

  test.skipIf(!facts).each(pairs.map(([peer, name, compare]) => ({ peer, name, compare })))(
    '$peer reads the same from $name',
    async ({ peer, name, compare }) => {
      const theirs = facts!.get(`${peer} ${path(name)}`)!;
      const file = await openFile(`${name}.pdb`);
      await expectSame(file, theirs, name, compare ?? {});
      const known = new Set(theirs.bonds?.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`));
      if (theirs.bonds) expect(file.topology.bonds.filter(([a, b]) => !known.has(`${a} ${b}`))).toEqual([]);
    },
  );
});
