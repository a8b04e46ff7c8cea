import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { askPeers, expectSame, largestDifference, type Peer, writtenFile } from '../../../build/structure-peers.ts';
import type { Topology } from '../../systems/topology.ts';
import { memorySource } from '../byte-source.ts';
import { mmcifWriter, openMmcif } from '../mmcif.ts';
import { openPdb } from '../pdb.ts';
import type { Frame, StructureFile } from '../trajectory.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const SHARED = new URL('../../../../shared/data/formats/', import.meta.url);

async function framesOf({ trajectory }: StructureFile): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let index = 0; index < trajectory!.frames; index++) frames.push(await trajectory!.frame(index));
  return frames;
}

describe('what is written as mmCIF', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'ergodic-cif-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const reopened = (topology: Topology, frames: readonly Frame[]) =>
    openMmcif(memorySource('a.cif', writtenFile(mmcifWriter(topology), frames)));

  test('names with quotes and spaces, long ones, empty ones, numbers of any size', async () => {
    const names = [
      "O5'",
      'H"',
      "C'a",
      'a b',
      "it's 'odd' \"too\" ",
      '_x',
      'data_x',
      '.',
      '?',
      '#',
      ';',
      'loop_',
      '[1]',
      '$',
      '',
    ];
    const topology: Topology = {
      atoms: names.map((name, atomIndex) => ({ name, element: '', serial: atomIndex + 1, residue: atomIndex })),
      residues: names.map((name, atomIndex) => ({
        name: `LIGAND${name}`,
        number: 1e6 * atomIndex - 5,
        insertion: '',
        chain: 0,
        hetero: true,
      })),
      chains: [{ id: 'a long chain', segment: '' }],
      bonds: [
        [1, 4],
        [0, 14],
      ], // prettier-ignore
    };
    const cell = [3, 0, 0, 0.5, 4, 0, 1, 1, 5];
    const frames = [0, 1].map((k) => ({
      positions: Float32Array.from({ length: 3 * names.length }, (_, i) => 1000 * Math.sin(i + k)),
      cell,
    }));
    const file = await reopened(topology, frames);
    expect(file.problems).toEqual([]);
    const trimmed = names.map((name) => name.trim());
    expect(file.topology.atoms.map(({ name }) => name)).toEqual(trimmed);
    expect(file.topology.residues.map(({ name }) => name)).toEqual(trimmed.map((name) => `LIGAND${name}`));
    expect(file.topology.residues.map(({ number }) => number)).toEqual(topology.residues.map(({ number }) => number));
    expect(file.topology.chains).toEqual(topology.chains);
    expect(file.topology.bonds).toEqual([
      [0, 14],
      [1, 4],
    ]); // prettier-ignore
    for (const [k, frame] of (await framesOf(file)).entries()) {
      expect(largestDifference(frame.positions, frames[k]!.positions)).toBeLessThan(1e-4);
      expect(largestDifference(frame.cell!, cell)).toBeLessThan(1e-6);
    }
  });

  test('numbers that are none, and a cell that changes, are errors', () => {
    const topology: Topology = {
      atoms: [{ name: 'O', element: 'O', serial: 1, residue: 0 }],
      residues: [{ name: 'HOH', number: 1, insertion: '', chain: 0, hetero: true }],
      chains: [{ id: '', segment: '' }],
      bonds: [],
    };
    const positions = Float32Array.of(0, 0, 0);
    expect(() => mmcifWriter(topology).frame({ positions: Float32Array.of(0, Number.NaN, 0) })).toThrow(
      /atom 1 is not a number/,
    );
    const writer = mmcifWriter(topology);
    writer.frame({ positions, cell: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
    expect(() => writer.frame({ positions })).toThrow(/^mmCIF has one cell for all models, and frame 1 has another/);
  });

  const sources = [
    ['formats/pdb/4hhb.pdb', openPdb, ['openmm']],
    ['formats/pdb/1bcu.pdb', openPdb, ['openmm']],
    ['formats/pdb/2hkb.pdb', openPdb, ['openmm', 'biopython']],
    ['formats/pdb/water.pdb', openPdb, []],
    ['aldp/topology.pdb', openPdb, ['openmm', 'biopython']],
    ['formats/cif/1j8k.cif', openMmcif, ['openmm', 'biopython']],
    ['formats/cif/4hhb.cif', openMmcif, ['openmm']],
  ] as const;
  const url = (path: string) => new URL(`../${path}`, SHARED);
  const originals: readonly (readonly [Peer, string])[] = [
    ['openmm', new URL('openmm.cif', FIXTURES).pathname],
    ['biopython', new URL('biopython.cif', FIXTURES).pathname],
    ['openmm', url('formats/cif/1j8k.cif').pathname],
    ['biopython', url('formats/cif/1j8k.cif').pathname],
    ['openmm', url('formats/cif/4hhb.cif').pathname],
  ];

  test.skipIf(!existsSync(SHARED))(
    'OpenMM and Biopython read the same as we do, also from what is written here',
    async ({ skip }) => {
      const written = (path: string) => join(scratch, `${path.split('/').at(-1)!}.cif`);
      for (const [path, open] of sources) {
        const original = await open(memorySource(path, readFileSync(url(path))));
        const again = await reopened(original.topology, await framesOf(original));
        expect(again.problems).toEqual([]);
        const unnumbered = ({ atoms, residues, chains }: Topology) => ({
          atoms: atoms.map(({ serial: _, ...atom }) => ({ occupancy: 1, temperatureFactor: 0, ...atom })),
          residues,
          chains: chains.map(({ id }) => id),
        });
        expect(unnumbered(again.topology), path).toEqual(unnumbered(original.topology));
        const frames = await framesOf(original);
        for (const [k, frame] of (await framesOf(again)).entries()) {
          expect(largestDifference(frame.positions, frames[k]!.positions), path).toBe(0);
        }
        writeFileSync(written(path), writtenFile(mmcifWriter(original.topology), frames));
      }
      const files = sources.flatMap(([path, , peers]) => peers.map((peer) => [peer, written(path)] as const));
      const facts = askPeers([...originals, ...files]);
      if (!facts) return skip('Python lacks MDTraj, MDAnalysis, OpenMM or Biopython.');
      for (const [peer, path] of [...originals, ...files]) {
        const ours = await openMmcif(memorySource(path, readFileSync(path)));
        const theirs = facts.get(`${peer} ${path}`)!;
        // OpenMM 7.7 names chains as the archive does, later ones as authors do.
        if (peer === 'openmm') delete theirs.chainIds;
        await expectSame(ours, theirs, `${peer} ${path}`, { cell: peer === 'openmm' });
      }
    },
  );
});
