import { expect, it } from 'vitest';
import { smallRun } from '../../../core/runs/small-run.test-support.ts';
import { hosted, until } from '../../state/hosted.test-support.ts';
import { aboutText, againIn, comingRuns } from './train-again.ts';

it('offers what the automatic method has trained in a few minutes, and nothing else', () => {
  expect(againIn({ automaticSeconds: 74.5 })).toBe(74.5);
  expect(againIn({ automaticSeconds: 2000 })).toBeUndefined();
  expect(againIn({})).toBeUndefined();
});

it('says about how long', () => {
  expect([3.4, 74.5, 99, 130, 170].map((seconds) => aboutText(seconds).replace('\u00a0', ' '))).toEqual([
    '3 s',
    '75 s',
    '100 s',
    '2 min',
    '3 min',
  ]);
});

it('the sample is trained again from its own data, by the automatic method, and shown as soon as it begins', async () => {
  await using window = await hosted();
  const workspace = await window.open();
  await workspace.openSample();
  await until(() => workspace.runs.current !== undefined);
  const { runs, jobs } = workspace;
  const first = runs.current!;
  expect(againIn(first)).toBeGreaterThan(10);
  expect(workspace.project!.draft).toMatchObject({ method: 'auto', minutes: 0 });
  expect(workspace.project!.draft.experts).toBeUndefined();

  await workspace.trainAgain(first.id);
  expect(workspace.stage).toBe('train');
  await until(() => jobs.all.length > 0);
  const [job] = jobs.all;
  expect(comingRuns(jobs.open, runs.all).map(({ run }) => run)).toEqual(runs.all.length === 1 ? [job!.run] : []);
  await until(() => runs.all.length === 2);
  expect(runs.current!.id).toBe(job!.run);
  expect(againIn(runs.current!)).toBeUndefined();
  const { choice, specification, command } = await workspace.client.request('runs.read', { run: job!.run! });
  expect(choice).toMatchObject({ minutes: 0, rounds: [] });
  const { system, experts } = (await workspace.client.request('runs.read', { run: first.id })).specification;
  expect(specification).toMatchObject({ system, experts });
  expect(command).toMatch(/^ergodic run/);
  jobs.cancel(job!.id);
  await until(() => jobs.open.length === 0);
});

it('a run whose experts a person named is not left to the automatic method', async () => {
  await using window = await hosted();
  const workspace = await window.open();
  await workspace.createProject('Potential');
  const draft = JSON.parse(JSON.stringify({ ...smallRun, name: 'own' }));
  const added = await workspace.jobs.add({ kind: 'train', draft });
  await until(() => workspace.jobs.all.some(({ state }) => state === 'done'));
  await until(() => workspace.runs.all.length === 1);
  expect(againIn(workspace.runs.current!)).toBeUndefined();
  const again = workspace.client.request('jobs.add', { kind: 'again', run: added!.run! });
  await expect(again).rejects.toThrow('The experts of `own` were named by a person');
});
