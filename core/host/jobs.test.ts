/** Jobs through the contract: one at a time, in a person's order; paused, resumed, cancelled, refused; the same bits. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, getPriority } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { completeRun, prepared } from '../runs/pipeline.ts';
import { RunFolder } from '../runs/run-folder.ts';
import {
  Listener,
  recordOf,
  smallRun,
  smallSpecification,
  temporaryFolder,
  tensorsIn,
} from '../runs/small-run.test-support.ts';
import type { Draft } from './contract.ts';
import { type TestWindow, temporaryHost } from './window.test-support.ts';

const draftOf = (changes: object = {}) => ({ ...smallRun, ...changes }) as unknown as Draft;
const experts = (steps: number) => smallRun.experts.map((expert) => ({ ...expert, steps }));

async function project(window: TestWindow, draft = draftOf()) {
  const { folder } = await window.ask('project.create', { name: 'jobs' });
  const add = async (kind: 'run' | 'train', own = draft) => {
    const { job, run } = await window.ask('jobs.add', { kind, draft: own });
    return { job, run: run!, path: join(folder, 'runs', run!) };
  };
  return { folder, add };
}

/** What an undisturbed run of the command line makes. */
async function undisturbed(path: string, specification = smallSpecification()) {
  const listener = new Listener();
  const { data } = await prepared(specification, listener);
  await using folder = await RunFolder.create(path, recordOf(specification, 'run'));
  await completeRun(folder, await folder.readRecord(), listener, data);
}

const bytes = (path: string, name: string) => readFileSync(join(path, name)).toString('base64');

function expectSame(one: string, other: string) {
  expect(tensorsIn(join(one, 'model.safetensors'))).toEqual(tensorsIn(join(other, 'model.safetensors')));
  for (const file of ['samples.npy', 'simulation.npy']) expect(bytes(one, file)).toBe(bytes(other, file));
  expect(JSON.parse(readFileSync(join(one, 'metrics.json'), 'utf8'))).toEqual(
    JSON.parse(readFileSync(join(other, 'metrics.json'), 'utf8')),
  );
}

test('a run from a draft is what the command line makes, and is told as it goes', async () => {
  await using at = await temporaryHost();
  using other = temporaryFolder();
  const window = at.window();
  const { add } = await project(window);
  expect(at.host.busy).toBe(false);
  const { job, run, path } = await add('run');
  expect(at.host.busy).toBe(true);
  expect(run).toMatch(/^\d{8}-\d{6}-small$/);
  expect(await window.jobIn(job, 'done')).toMatchObject({ kind: 'run', title: 'small', run, tasks: [] });
  expect(at.host.busy).toBe(false);
  const reference = other.in('reference');
  await undisturbed(reference);
  expectSame(path, reference);

  const points = window
    .heard('training.points')
    .filter((event) => event.run === run)
    .flatMap((event) => event.points);
  const detail = await window.ask('runs.read', { run });
  expect(detail.training).toHaveLength(points.length);
  expect(detail.training).toEqual(expect.arrayContaining(points));
  expect(detail).toMatchObject({ name: 'small', finished: true, command: 'ergodic run small.yaml' });
  expect(detail.residual!.t).toHaveLength(12);
  const last = await window.until(() =>
    window
      .heard('runs.changed')
      .at(-1)
      ?.runs.find(({ finished }) => finished),
  );
  expect(last).toMatchObject({ id: run, has: { model: true, samples: true, simulation: true, metrics: true } });
  expect(readdirSync(path).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('one after the other, in the order that a person gives, with its pace; who waits can be paused, ordered, cancelled', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { add } = await project(window, draftOf({ experts: experts(20_000) }));
  const first = await add('train');
  const [a, b, c, d] = [await add('train'), await add('train'), await add('train'), await add('train')];
  expect(new Set([first, a, b, c, d].map(({ run }) => run)).size).toBe(5);
  const states = async () => (await window.ask('jobs.list', {})).jobs.map(({ id, state }) => [id, state]);
  await window.ask('jobs.pause', { job: b.job });
  await window.ask('jobs.reorder', { jobs: [d.job, a.job, c.job] });
  await window.ask('jobs.cancel', { job: c.job });
  expect(await states()).toEqual([
    [first.job, 'running'],
    [d.job, 'waiting'],
    [b.job, 'paused'],
    [a.job, 'waiting'],
    [c.job, 'cancelled'],
  ]);
  await expect(window.ask('jobs.reorder', { jobs: [d.job] })).rejects.toThrow(/queue has changed/);
  await expect(window.ask('jobs.dismiss', { job: first.job })).rejects.toThrow(/not over yet/);
  await expect(window.ask('jobs.resume', { job: c.job })).rejects.toThrow(/nothing to resume/);
  await window.ask('jobs.dismiss', { job: c.job });
  await window.jobIn(first.job, 'running');
  const tasks = () => window.heard('jobs.changed').flatMap(({ jobs }) => jobs.flatMap((one) => one.tasks));
  await window.until(() => tasks().find(({ unit, rate }) => unit === 'steps' && rate! > 0));
  await window.ask('jobs.cancel', { job: first.job });
  await window.jobIn(first.job, 'cancelled');
  await window.jobIn(d.job, 'running');
  await window.ask('jobs.resume', { job: b.job });
  expect((await states()).map(([id]) => id)).toEqual([first.job, d.job, b.job, a.job]);
  for (const { job } of [b, a, d]) await window.ask('jobs.cancel', { job });
  await window.jobIn(d.job, 'cancelled');
});

test('paused in the middle of training, resumed: the same bits', async () => {
  await using at = await temporaryHost();
  using other = temporaryFolder();
  const window = at.window();
  const draft = draftOf({ experts: experts(1000) });
  const { add } = await project(window, draft);
  const { job, run, path } = await add('run');
  for (let times = 0; times < 3; times++) {
    const heard = window.heard('training.points').length;
    await window.until(() => window.heard('training.points').length > heard);
    await window.ask('jobs.pause', { job });
    await window.jobIn(job, 'paused');
    expect(at.host.busy).toBe(false);
    expect((await window.ask('runs.list', {})).runs).toMatchObject([{ id: run, finished: false, interrupted: 'run' }]);
    await window.ask('jobs.resume', { job });
  }
  await window.jobIn(job, 'done');
  const reference = other.in('reference');
  await undisturbed(reference, smallSpecification({ experts: experts(1000) }));
  expectSame(path, reference);
}, 120_000);

test('a simulation that was stopped in the middle goes on with the settings that it had', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { add } = await project(window, draftOf({ experts: experts(50) }));
  const { job, run, path } = await add('train');
  await window.jobIn(job, 'done');
  // Longer than any machine needs until it is stopped.
  const settings = { replicas: 6, steps: 40_000_000, stride: 400_000, equilibration: 0, timeStep: 0.01 };
  const progressOf = (id: string) =>
    window
      .heard('jobs.changed')
      .at(-1)
      ?.jobs.find((one) => one.id === id)?.tasks[0];
  const stop = async (id: string) => {
    await window.ask('jobs.cancel', { job: id });
    await window.jobIn(id, 'cancelled');
  };
  const simulation = await window.ask('jobs.add', { kind: 'simulate', run, settings });
  await window.until(() => existsSync(join(path, 'simulation.npy.partial.safetensors')));
  const before = progressOf(simulation.job)!;
  await stop(simulation.job);
  expect((await window.ask('runs.list', {})).runs).toMatchObject([{ id: run, interrupted: 'simulate' }]);
  const { job: again } = await window.ask('jobs.add', { kind: 'resume', run });
  const after = await window.until(() => progressOf(again));
  expect(after.total).toBe(settings.steps);
  expect(before.total).toBe(settings.steps);
  await stop(again);
}, 120_000);

test('samples and a simulation with other settings: the record takes them, the metrics are new', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { add } = await project(window);
  const { job, run, path } = await add('run');
  await window.jobIn(job, 'done');
  const before = (await window.ask('runs.read', { run })).metrics!;
  const model = bytes(path, 'model.safetensors');
  const sampled = await window.ask('jobs.add', { kind: 'sample', run, settings: { count: 700, solver: 'dpm' } });
  expect(await window.jobIn(sampled.job, 'done')).toMatchObject({ title: 'Samples of small' });
  const simulated = await window.ask('jobs.add', { kind: 'simulate', run, settings: { replicas: 7 } });
  await window.jobIn(simulated.job, 'done');
  const after = await window.ask('runs.read', { run });
  expect(after.specification).toMatchObject({
    sample: { count: 700, solver: 'dpm', steps: 40 },
    simulate: { replicas: 7, steps: 200 },
  });
  expect(after.metrics!.iid).not.toEqual(before.iid);
  expect(after.metrics!.sim).not.toEqual(before.sim);
  expect(after.metrics!.floor).toEqual(before.floor);
  expect(bytes(path, 'model.safetensors')).toBe(model);
  const again = await window.ask('jobs.add', { kind: 'simulate', run, settings: { replicas: 7 } });
  const { notices } = await window.jobIn(again.job, 'done');
  expect(notices).toEqual(['The run already has a simulation with these settings.']);
});

test('what cannot be done is said before anything begins', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { add, folder } = await project(window);
  await expect(add('run', draftOf({ seed: -1 }))).rejects.toThrow('`seed` is -1; it must be a whole number from 0');
  const source = { structure: 'fnothing', trajectories: [] };
  const molecule = draftOf({ system: { kind: 'molecule', sources: [source] } });
  await expect(add('run', molecule)).rejects.toThrow(/not open here any more/);
  await expect(window.ask('jobs.add', { kind: 'evaluate', run: 'nothing' })).rejects.toThrow(/no run `nothing`/);
  await expect(window.ask('jobs.add', { kind: 'resume', run: 'nothing' })).rejects.toThrow(/no run `nothing`/);
  expect((await window.ask('jobs.list', {})).jobs).toEqual([]);
  expect(readdirSync(folder)).not.toContain('runs');
});

test('what fails says why, and goes on when that is mended', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { add } = await project(window);
  const points = Array.from({ length: 200 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)}\n`);
  const file = at.in('points.csv');
  writeFileSync(file, points.join(''));
  const [entry] = await at.host.grant([file]);
  const first = await add('train', draftOf({ experts: experts(20_000) }));
  const { job } = await add('train', draftOf({ system: { kind: 'double-well-2d', data: entry!.id } }));
  renameSync(file, at.in('elsewhere.csv'));
  await window.ask('jobs.cancel', { job: first.job });
  expect(await window.jobIn(job, 'failed')).toMatchObject({
    message: '`points.csv` does not exist: check the spelling.',
  });
  renameSync(at.in('elsewhere.csv'), file);
  await window.ask('jobs.resume', { job });
  expect((await window.jobIn(job, 'done')).message).toBeUndefined();
});

/** Threads of this process that give way to others, as Linux tells it. */
const givingWay = () =>
  readdirSync('/proc/self/task').filter((id) => {
    const [, after = ''] = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ');
    return Number(after.split(' ')[16]) > getPriority();
  }).length;

const canTell = process.platform === 'linux' && availableParallelism() > 1 && getPriority() < 10;

test.runIf(canTell)('work that fills all cores gives way to the window, one replica need not', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { add } = await project(window);
  const { job: training, run } = await add('train');
  await window.until(() => window.heard('training.points').length > 0);
  expect(givingWay()).toBeGreaterThan(0);
  await window.jobIn(training, 'done');
  for (const [replicas, gives] of [
    [1, false],
    [64, true],
  ] as const) {
    // The threads of the job before may still be ending.
    await window.until(() => givingWay() === 0);
    const settings = { replicas, steps: 10_000_000, stride: 1000 };
    const { job } = await window.ask('jobs.add', { kind: 'simulate', run, settings });
    await window.until(() => (window.heard('jobs.changed').at(-1)!.jobs.at(-1)!.tasks[0]?.done ?? 0) > 0);
    expect(givingWay() > 0).toBe(gives);
    await window.ask('jobs.cancel', { job });
    await window.jobIn(job, 'cancelled');
  }
});
