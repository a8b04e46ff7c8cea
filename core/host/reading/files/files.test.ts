import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chainFrames, chainTopology, writeMolecule } from '../../../runs/small-molecule.test-support.ts';
import { temporaryFolder } from '../../../runs/small-run.test-support.ts';
import { Asker, named, sample } from '../reading.test-support.ts';

/** A chain of Cα atoms as PDB and XTC. */
function chain(path: string, beads: number, frames = 4) {
  const topology = chainTopology(Array.from({ length: beads }, () => 'GLY'));
  const { structure, trajectories } = writeMolecule(path, topology, chainFrames(beads, frames, 1));
  return { structure, trajectory: trajectories[0]! };
}

test('a list says what is in files, and why one cannot be read', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  writeFileSync(folder.in('notes.txt'), 'hello');
  writeFileSync(folder.in('broken.xtc'), 'this is no trajectory, whatever its name says');
  writeFileSync(folder.in('toy.csv'), 'x,y\n1,2\n3,4\n');
  const files = named(
    sample.structure,
    sample.trajectory,
    folder.in('notes.txt'),
    folder.in('broken.xtc'),
    folder.in('gone.pdb'),
    folder.in('toy.csv'),
  );
  const { inspections } = await asker.ask('files.inspect', { files });
  expect(inspections.map(({ file }) => [file.id, file.name])).toEqual([
    ['f0', 'topology.pdb'],
    ['f1', 'frames.xtc'],
    ['f2', 'notes.txt'],
    ['f3', 'broken.xtc'],
    ['f4', 'gone.pdb'],
    ['f5', 'toy.csv'],
  ]);
  expect(inspections[0]).toMatchObject({ format: 'PDB', isStructure: true, atoms: 22, residues: 3, chains: ['A'] });
  expect(inspections[1]).toMatchObject({
    format: 'XTC',
    isStructure: false,
    atoms: 22,
    residues: null,
    frames: 12_000,
    firstTime: 0.5,
    timeStep: 0.5,
    file: { bytes: 2_061_788 },
  });
  expect(inspections[2]).toMatchObject({ problem: expect.stringContaining('`notes.txt` has no ending') });
  expect(inspections[3]).toMatchObject({ problem: expect.stringContaining('`broken.xtc`') });
  expect(inspections[4]).toMatchObject({
    problem: '`gone.pdb` does not exist: check the spelling.',
    file: { bytes: 0 },
  });
  expect(inspections[5]).toMatchObject({ format: 'CSV', atoms: null, holds: ['an array of 2 × 2'] });
});

test('a trajectory that is cut off is told with what is left of it', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const { trajectory } = chain(folder.in('a'), 12, 6);
  const whole = readFileSync(trajectory);
  writeFileSync(folder.in('cut.xtc'), whole.subarray(0, whole.length - 10));
  const { inspections } = await asker.ask('files.inspect', { files: named(folder.in('cut.xtc')) });
  expect(inspections).toMatchObject([{ frames: 5, problems: [expect.stringContaining('`cut.xtc`')] }]);
});

test('one name, or one that goes on after it, and as many atoms: they belong together', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const a = chain(folder.in('model'), 5);
  const b = chain(folder.in('other'), 7);
  copyFileSync(a.trajectory, folder.in('model-1.xtc'));
  copyFileSync(a.trajectory, folder.in('Model_2.xtc'));
  const files = named(
    a.trajectory,
    b.structure,
    folder.in('model-1.xtc'),
    a.structure,
    b.trajectory,
    folder.in('Model_2.xtc'),
  );
  expect(await asker.ask('files.pair', { files })).toEqual({
    sources: [
      { structure: 'f1', trajectories: ['f4'], use: 'train' },
      { structure: 'f3', trajectories: ['f0', 'f2', 'f5'], use: 'train' },
    ],
    questions: [],
    refused: [],
  });
});

test('a guess is a question: another name, or several structures that would fit', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const a = chain(folder.in('a'), 5);
  const b = chain(folder.in('b'), 5);
  const only = await asker.ask('files.pair', { files: named(a.structure, b.trajectory) });
  expect(only).toEqual({
    sources: [],
    questions: [
      {
        trajectory: 'f1',
        message: '`b.xtc` and `a.pdb` have 5 atoms each, but not the same name: do they belong together?',
        candidates: ['f0'],
      },
    ],
    refused: [],
  });
  copyFileSync(a.trajectory, folder.in('run.xtc'));
  const several = await asker.ask('files.pair', { files: named(a.structure, b.structure, folder.in('run.xtc')) });
  expect(several.questions).toEqual([
    {
      trajectory: 'f2',
      message: '`run.xtc` has 5 atoms per frame, and so have `a.pdb`, `b.pdb`: which of them does it belong to?',
      candidates: ['f0', 'f1'],
    },
  ]);
  expect(several.sources).toEqual([]);
  const alone = await asker.ask('files.pair', { files: named(a.trajectory) });
  expect(alone.questions[0]).toMatchObject({ trajectory: 'f0', candidates: [] });
  expect(alone.questions[0]!.message).toContain('add the structure that belongs to it');
});

test('the name alone is not enough: another number of atoms is refused, or asked about where something else fits', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const a = chain(folder.in('model'), 5);
  const b = chain(folder.in('traj'), 4);
  const c = chain(folder.in('c'), 4);
  const refused = await asker.ask('files.pair', { files: named(a.structure, b.trajectory) });
  expect(refused.refused).toEqual([
    {
      file: 'f1',
      message: '`traj.xtc` has 4 atoms per frame, `model.pdb` has 5: choose the structure that belongs to it.',
    },
  ]);
  copyFileSync(c.trajectory, folder.in('model.xtc'));
  const asked = await asker.ask('files.pair', { files: named(a.structure, c.structure, folder.in('model.xtc')) });
  expect(asked.questions).toMatchObject([{ trajectory: 'f2', candidates: ['f1'] }]);
  // The structure with the name stands by itself: it has a conformation of its own.
  expect(asked.sources).toEqual([{ structure: 'f0', trajectories: [], use: 'train' }]);
});

test('structures stand by themselves; one of many conformations may belong to another, or not', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const a = chain(folder.in('a'), 5);
  const b = chain(folder.in('b'), 6);
  expect((await asker.ask('files.pair', { files: named(a.structure, b.structure) })).sources).toHaveLength(2);
  const model = readFileSync(a.structure, 'utf8').replace(/END\s*$/, '');
  writeFileSync(folder.in('many.pdb'), `MODEL        1\n${model}ENDMDL\nMODEL        2\n${model}ENDMDL\nEND\n`);
  const { sources, questions } = await asker.ask('files.pair', { files: named(a.structure, folder.in('many.pdb')) });
  expect(questions).toMatchObject([{ trajectory: 'f1', candidates: ['f0', 'f1'] }]);
  expect(questions[0]!.message).toContain('or stand on their own?');
  expect(sources).toEqual([]);
  // Two of many conformations stand by themselves, whatever their names.
  copyFileSync(folder.in('many.pdb'), folder.in('many-2.pdb'));
  const both = await asker.ask('files.pair', { files: named(folder.in('many.pdb'), folder.in('many-2.pdb')) });
  expect(both).toMatchObject({ sources: [{ trajectories: [] }, { trajectories: [] }], questions: [] });
});

test('what is no molecule is refused with a sentence, and spoils nothing', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const a = chain(folder.in('a'), 5);
  writeFileSync(folder.in('toy.csv'), 'x,y\n1,2\n3,4\n');
  writeFileSync(folder.in('a.psf'), 'PSF\n\n       0 !NTITLE\n\n');
  const files = named(a.structure, a.trajectory, folder.in('toy.csv'), folder.in('notes.md'));
  const { sources, refused } = await asker.ask('files.pair', { files });
  expect(sources).toEqual([{ structure: 'f0', trajectories: ['f1'], use: 'train' }]);
  expect(refused.map(({ file }) => file)).toEqual(['f2', 'f3']);
  expect(refused[0]!.message).toContain('`toy.csv` is an array of 2 × 2 numbers and no molecule');
});
