import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memorySource } from '../../../formats/byte-source.ts';
import { openPdb } from '../../../formats/pdb.ts';
import { xtcWriter } from '../../../formats/xtc.ts';
import { loadMolecule } from '../../../runs/data/molecule-data.ts';
import {
  chainFrames,
  chainTopology,
  fileOf,
  framesIn,
  writeMolecule,
} from '../../../runs/small-molecule.test-support.ts';
import { Listener, temporaryFolder } from '../../../runs/small-run.test-support.ts';
import { massOf } from '../../../systems/beads/labels.ts';
import type { Cell } from '../../../systems/periodic/cell.ts';
import { Asker, sampleSource } from '../reading.test-support.ts';

test('the molecule of some files: a PDB that reads back, its bonds, and how long it is', async () => {
  await using asker = new Asker();
  const { trajectories } = sampleSource;
  const source = { ...sampleSource, trajectories: [trajectories[0]!, trajectories[0]!] };
  const found = await asker.ask('data.structure', { source });
  expect(found).toMatchObject({ atoms: 22, frames: 24_000, times: { first: 0.5, step: 0.5 }, coarse: false });
  expect(found.bonds).toHaveLength(2 * 21);
  const { topology, trajectory } = await openPdb(memorySource('a.pdb', Buffer.from(found.pdb)));
  expect(topology.atoms.map(({ name }) => name)).toContain('CA');
  const first = await trajectory!.frame(0);
  const { positions, time, trajectory: place } = await asker.ask('data.frame', { source, frame: 0 });
  expect([time, place]).toEqual([0.5, 0]);
  for (let i = 0; i < 66; i++) expect(first.positions[i]).toBeCloseTo(positions[i]!, 4);
  expect(await asker.ask('data.frame', { source, frame: 12_001 })).toMatchObject({ time: 1, trajectory: 1 });
  await expect(asker.ask('data.frame', { source, frame: 24_000 })).rejects.toThrow(
    'There are 24000 frames, and no frame 24001: choose an earlier one.',
  );
});

/** Broken over the faces of a small cell, as programs of molecular dynamics leave it. */
function brokenChain(path: string) {
  const beads = 6;
  const cell: Cell = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const whole = chainFrames(beads, 3, 5);
  const broken = whole.map((value) => value - Math.floor(value));
  const topology = chainTopology(Array.from({ length: beads }, () => 'GLY'));
  const conect = topology.atoms.slice(1).map((_, i): readonly [number, number] => [i, i + 1]);
  return { whole, ...writeMolecule(path, { ...topology, bonds: conect }, broken, cell) };
}

test('one atom of each residue is drawn as a chain, though no chemical bond is there', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const topology = chainTopology(['GLY', 'ALA', 'SER', 'GLY', 'ALA']);
  expect(topology.bonds).toEqual([]);
  const source = writeMolecule(folder.in('a'), topology, chainFrames(5, 2, 5));
  const found = await asker.ask('data.structure', { source });
  expect(found).toMatchObject({ atoms: 5, coarse: true });
  expect([...found.bonds]).toEqual([0, 1, 1, 2, 2, 3, 3, 4]);
});

test('a frame is whole, wherever the cell cut it', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const { whole, ...source } = brokenChain(folder.in('a'));
  for (let frame = 0; frame < 3; frame++) {
    const { positions } = await asker.ask('data.frame', { source, frame });
    for (let bead = 1; bead < 6; bead++) {
      for (let axis = 0; axis < 3; axis++) {
        const at = 18 * frame + 3 * bead + axis;
        const expected = whole[at]! - whole[at - 3]!;
        const found = positions[3 * bead + axis]! - positions[3 * bead - 3 + axis]!;
        // The nearest image is the bonded one as long as no bond is longer than half of the cell.
        expect(Math.abs(found)).toBeLessThanOrEqual(0.5001);
        expect(found - expected - Math.round(found - expected)).toBeCloseTo(0, 4);
      }
    }
  }
});

test('a selection counts as NGL does, and a slip is a sentence', async () => {
  await using asker = new Asker();
  const selected = (selection: string) => asker.ask('data.select', { source: sampleSource, selection });
  expect(await selected('protein and not hydrogen')).toMatchObject({ atoms: 10, of: 22 });
  expect(Array.from((await selected('.CA or .CB')).indices)).toEqual([8, 10]);
  expect(await selected('HOH')).toMatchObject({ atoms: 0 });
  await expect(selected('.CA and')).rejects.toThrow('The selection cannot be read at column');
});

test('beads are what a run would learn from', async () => {
  await using asker = new Asker();
  const beads = (choice: string, groups: string[] = []) =>
    asker.ask('data.beads', { source: sampleSource, beads: choice, groups });
  const found = await beads('alanine-dipeptide-5');
  expect(found.beads.map(({ name, residue, atoms }) => `${residue}.${name} ${atoms}`)).toEqual([
    'ACE.C 4',
    'ALA.N 6',
    'ALA.CA 8',
    'ALA.C 14',
    'NME.N 16',
  ]);
  const listener = new Listener();
  const loaded = await loadMolecule(
    { ...sampleSource, use: 'train', weights: null },
    { beads: 'alanine-dipeptide-5', groups: [], stride: 1, forceMap: 'own' },
    listener.task('reading'),
    () => undefined,
  );
  expect(found.positions).toEqual(loaded.data.values.slice(0, 15));
  expect(found.structure).toMatchObject({ atoms: 5, coarse: false });
  const groups = await beads('', ['ACE', 'ALA', 'NME']);
  expect(groups.beads.map(({ atoms }) => atoms.length)).toEqual([6, 10, 6]);
  expect(groups.structure.coarse).toBe(true);
  const source = sampleSource;
  // Any frame of them, at the centres of mass of their atoms.
  const of = { beads: '', groups: ['ACE', 'ALA', 'NME'] };
  expect((await asker.ask('data.frame', { source, frame: 0, of })).positions).toEqual(groups.positions);
  const [all, few] = await Promise.all(
    [{}, { of }].map((which) => asker.ask('data.frame', { source, frame: 7, ...which })),
  );
  expect(few).toMatchObject({ time: all!.time, trajectory: 0 });
  const { topology } = await openPdb(memorySource('a.pdb', readFileSync(source.structure!)));
  const centres = groups.beads.map(({ atoms, mass }) =>
    [0, 1, 2].map((k) =>
      atoms.reduce((sum, atom) => sum + (massOf(topology.atoms[atom]!) * all!.positions[3 * atom + k]!) / mass, 0),
    ),
  );
  // Both are centred, each on its own beads.
  const apart = (positions: ArrayLike<number>, k: number) => positions[3 + k]! - positions[k]!;
  for (const k of [0, 1, 2]) expect(apart(few!.positions, k)).toBeCloseTo(centres[1]![k]! - centres[0]![k]!, 5);
  await expect(beads('alanine-dipeptide-50')).rejects.toThrow('did you mean `alanine-dipeptide-5`?');
  await expect(beads('', ['ALA', '.CA'])).rejects.toThrow('an atom belongs to one bead');
});

test('a file that has grown is seen as it is now', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const topology = chainTopology(['GLY', 'GLY', 'GLY']);
  const all = chainFrames(3, 6, 1);
  const source = writeMolecule(folder.in('a'), topology, all.slice(0, 9 * 4));
  const frames = async () => (await asker.ask('data.structure', { source })).frames;
  expect(await frames()).toBe(4);
  const more = framesIn(all.slice(9 * 4), 3);
  appendFileSync(source.trajectories[0]!, fileOf(xtcWriter({ atoms: 3, precision: 1e5 }), more));
  expect(await frames()).toBe(6);
  expect((await asker.ask('data.frame', { source, frame: 5 })).positions).toHaveLength(9);
});

test('what does not belong together, is empty or is no structure is a sentence', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const opened = (structure: string | null, ...trajectories: string[]) =>
    asker.ask('data.structure', { source: { structure, trajectories } });
  const [structure, trajectory] = [sampleSource.structure, sampleSource.trajectories[0]!];
  const other = writeMolecule(folder.in('a'), chainTopology(['GLY', 'GLY']), chainFrames(2, 3, 1));
  writeFileSync(folder.in('empty.xtc'), '');
  await expect(opened(null, trajectory)).rejects.toThrow('Choose the structure first');
  await expect(opened(trajectory)).rejects.toThrow('does not say what the atoms are');
  await expect(opened(other.structure, trajectory)).rejects.toThrow('choose the structure that belongs to it');
  await expect(opened(structure, folder.in('empty.xtc'))).rejects.toThrow('`');
  await expect(opened(folder.in('gone.pdb'))).rejects.toThrow('does not exist');
  // A structure has a conformation of its own.
  expect(await opened(structure)).toMatchObject({ frames: 1, times: null });
});
