/** The second sample draws in one step: it opens with what it was trained on and a reference, and proposes many samples. */
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { StreamFrame } from './contract.ts';
import { temporaryHost } from './window.test-support.ts';

const at = await temporaryHost();
afterAll(() => at[Symbol.asyncDispose]());
const window = at.window();
const project = await window.ask('project.sample', { sample: 'ethanol' });
const [run] = (await window.ask('runs.list', {})).runs;

test('it is a project of its own with a trained generator, its data and a reference', async () => {
  expect(project).toMatchObject({ name: 'Ethanol', isSample: true });
  expect(project.files.map(({ name, missing }) => [name, missing])).toEqual([
    ['ethanol.pdb', false],
    ['frames.npz', false],
    ['reference.xtc', false],
  ]);
  expect(run).toMatchObject({
    name: 'ethanol',
    finished: true,
    can: { simulate: false },
    has: { model: true, samples: true, simulation: false, metrics: true },
  });
  expect(run!.interrupted).toBeUndefined();
  expect(project.view).toEqual({ 'sample.settings': { run: run!.id, changes: { count: 100_000 } } });
});

test('its settings are a draft that has no fault', async () => {
  const { faults, specification } = await window.ask('draft.check', { draft: project.draft });
  expect(faults).toEqual([]);
  expect(specification).toMatchObject({ name: 'ethanol', method: 'drifting', system: { symmetries: 'like-atoms' } });
  const { specification: yaml } = await window.ask('draft.command', { draft: project.draft });
  expect(yaml).toContain(join(project.folder, 'data', 'frames.npz'));
});

test('its samples are close to the reference: distances, bonds, and no bond is broken', async () => {
  const { metrics } = await window.ask('runs.read', { run: run!.id });
  const { structure } = metrics!.quality!.iid!;
  expect(structure!.bondWidths!.value.mean).toBeGreaterThan(0.9);
  expect(structure!.bondWidths!.value.mean).toBeLessThan(1.2);
  const [, hundred] = structure!.distances;
  expect(hundred!.value.mean).toBeLessThan(0.04);
});

test('many conformations are drawn in one step, and compared', async () => {
  const { job } = await window.ask('jobs.add', { kind: 'sample', run: run!.id, settings: { count: 20_000 } });
  const { stream } = await window.ask('stream.open', { kind: 'samples', job });
  window.credit(stream, 1000);
  await window.jobIn(job, 'done');
  const frames = window.frames.get(stream) as StreamFrame<'samples'>[];
  expect(frames.at(-1)).toMatchObject({ done: 20_000 });
  const { metrics, samplesPerSecond } = await window.ask('runs.read', { run: run!.id });
  expect(metrics!.iid).toBeDefined();
  // On two quiet cores 100,000; a busy machine has less.
  expect(samplesPerSecond).toBeGreaterThan(2000);
});
