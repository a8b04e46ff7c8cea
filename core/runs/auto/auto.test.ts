import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validateSpecification } from '../../specification/specification.ts';
import { newRecord } from '../new-run.ts';
import { completeTraining, openTrained, prepared } from '../pipeline.ts';
import { RunFolder, readRunRecord } from '../run-folder.ts';
import { chainFrames, chainTopology, writeMolecule } from '../small-molecule.test-support.ts';
import { Listener, temporaryFolder } from '../small-run.test-support.ts';
import { afterRound } from './rounds.ts';
import { survey } from './survey.ts';

const BEADS = 4;

/** A chain of Cα atoms of which the rest follows. */
function specificationIn(folder: string, minutes: number) {
  const source = writeMolecule(
    join(folder, 'chain'),
    chainTopology(['ALA', 'GLY', 'SER', 'ALA']),
    chainFrames(BEADS, 1500, 1),
  );
  const system = { kind: 'molecule', sources: [source], beads: 'ca' };
  return validateSpecification({ method: 'auto', minutes, system, threads: 1, sample: { count: 500 } }, 'auto.yaml');
}

test('the automatic method sees beads, frames, torsions and that there are no forces', async () => {
  using folder = temporaryFolder();
  const found = await survey(specificationIn(folder.path, 0), new Listener());
  expect(found).toMatchObject({ system: 'molecule', beads: BEADS, frames: 1500, molecules: 1, hasForces: false });
  // Far beyond a bond between atoms.
  expect(found.bondLength).toBeGreaterThan(0.3);
});

test('a run says what was chosen and why it ended, and holds everything to be repeated without a choice', async () => {
  using folder = temporaryFolder();
  const listener = new Listener();
  const { specification, data, facts } = await prepared(specificationIn(folder.path, 0.02), listener);
  expect(specification.method).toBe('diffusion');
  const record = { ...newRecord(specification, 'train', 'test'), ...facts };
  const path = join(folder.path, 'run');
  {
    await using run = await RunFolder.create(path, record);
    await completeTraining(run, record, listener, data);
  }
  const { choice, specification: stored, molecule, finished } = await readRunRecord(path);
  expect(finished).toBe(true);
  expect(choice?.sentence).toMatch(/^Chosen: one invariant energy for all diffusion times, learned from positions/);
  expect(choice?.ending).toMatch(/^Training ended after \d+ s/);
  expect(choice?.rounds.length).toBeGreaterThan(0);
  expect(choice?.rounds[0]?.validationLoss).toBeGreaterThan(0);
  expect(molecule?.statistics?.beads).toBe(BEADS);
  expect(stored.system.kind === 'molecule' && stored.system.validation).toBe(0.1);
  const { networks } = await openTrained(path, listener);
  expect(networks).toHaveLength(1);
}, 60_000);

const choice = { minutes: 0, sentence: '', rounds: [] };
const found = (ratio: number) => ({ ratio, ratioError: 0.05 });

test('training ends at the floor, when a round does not help, or when the time is used; otherwise it goes on', () => {
  expect(afterRound(choice, found(1.12), 60).ending).toMatch(/as well as the data allow, 1\.12 × the noise floor/);
  const first = afterRound(choice, found(2), 60);
  expect(first.ending).toBeUndefined();
  expect(afterRound(first, found(1.98), 120).ending).toMatch(/no longer helped/);
  expect(afterRound(first, found(1.5), 120).ending).toBeUndefined();
  const lossy = afterRound(choice, found(2), 60, 0.3);
  expect(afterRound(lossy, found(2), 120, 0.299).ending).toBeUndefined();
  expect(afterRound(lossy, found(2), 120, 0.2999).ending).toMatch(/no longer helped/);
  expect(afterRound({ ...choice, minutes: 1 }, found(2), 40).ending).toMatch(/as long as was asked for/);
  expect(afterRound({ ...choice, minutes: 10 }, found(2), 40).ending).toBeUndefined();
  expect(afterRound(choice, undefined, 60).ending).toMatch(/cannot be told/);
  // Of a molecule that is held out, only the loss is looked at.
  const unseen = afterRound(choice, undefined, 60, 0.3);
  expect(unseen.ending).toBeUndefined();
  expect(afterRound(unseen, undefined, 120, 0.3).ending).toMatch(/another round no longer helped\.$/);
});
