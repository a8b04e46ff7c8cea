import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SpecificationOf } from '../../specification/settings.ts';
import { validateSpecification } from '../../specification/specification.ts';
import { newRecord } from '../new-run.ts';
import { completeTraining, openTrained, prepared } from '../pipeline.ts';
import { RunFolder, readRunLog, readRunRecord } from '../run-folder.ts';
import { chainFrames, chainTopology, writeMolecule } from '../small-molecule.test-support.ts';
import { Listener, temporaryFolder } from '../small-run.test-support.ts';
import { trainingLines, validationLines } from '../training/training-log.ts';
import { afterRound, enoughSteps } from './rounds.ts';
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

test('what learns its frames by heart is trained again with fewer steps, and says so', async () => {
  using folder = temporaryFolder();
  const topology = chainTopology(['ALA', 'GLY', 'SER', 'ALA']);
  const source = writeMolecule(join(folder.path, 'chain'), topology, chainFrames(BEADS, 16, 1));
  const specification = validateSpecification(
    {
      system: { kind: 'molecule', sources: [source], beads: 'ca', validation: 0.5 },
      experts: [
        {
          network: { kind: 'invariant', hidden: 96, layers: 3, timeResolution: 1e-3 },
          steps: 600,
          batch: 64,
          learningRate: [1e-2, 1e-5],
          times: 'mixed',
        },
      ],
      checkpoint: { everySteps: 40 },
      sample: { count: 500, steps: 40 },
      threads: 1,
    },
    'chain.yaml',
  );
  const listener = new Listener();
  const { data, facts } = await prepared(specification, listener);
  const record = { ...newRecord(specification, 'train', 'test'), ...facts, choice };
  const path = join(folder.path, 'run');
  {
    await using run = await RunFolder.create(path, record);
    await completeTraining(run, record, listener, data);
  }
  const after = await readRunRecord(path);
  const { steps } = (after.specification as SpecificationOf<'diffusion'>).experts[0]!;
  expect(steps).toBeLessThan(500);
  expect(after.choice?.shortened).toBe(true);
  expect(after.choice?.ending).toMatch(/with more steps it learns its frames by heart/);
  expect(listener.said.join('\n')).toContain(`Training again: expert 1 with ${steps} steps instead of 600.`);
  // What was forgotten is not in the curves.
  const log = await readRunLog(path);
  expect(Math.max(...trainingLines(log).map(({ step }) => step))).toBe(steps);
  const losses = validationLines(log).map(({ terms }) => terms.denoising!);
  expect(losses.at(-1)).toBeLessThan(1.05 * Math.min(...losses));
}, 60_000);

test('steps are enough where the loss on held-out frames was least, unless it stays there', () => {
  const network = { title: 'Expert 1', steps: 1000, weights: { denoising: 1, torsionContrast: 0.1 } } as never;
  const lines = (...losses: number[]) =>
    losses.map((denoising, i) => ({
      kind: 'validation' as const,
      network: 0,
      step: 200 * (i + 1),
      terms: { denoising, torsionContrast: 0 },
    }));
  expect(enoughSteps([network], lines(0.5, 0.4, 0.39, 0.39, 0.393))).toEqual([undefined]);
  expect(enoughSteps([network], lines(0.5, 0.4, 0.45, 0.5, 0.6))).toEqual([500]);
  expect(enoughSteps([network], lines(0.5, 0.45, 0.44, 0.43, 0.42))).toEqual([undefined]);
  expect(enoughSteps([network], lines(0.5, 0.45, 0.44, 0.42, 0.45))).toEqual([undefined]);
  expect(enoughSteps([network], [])).toEqual([undefined]);
});

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
