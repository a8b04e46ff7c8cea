/** What goes wrong around a job: its thread breaks down, its folder is pulled away. The host goes on, nothing is lost. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunFolder } from '../runs/run-folder.ts';
import { smallRun, smallSpecification, temporaryFolder } from '../runs/small-run.test-support.ts';
import type { Draft } from './contract.ts';
import { JobThread } from './jobs/job-thread.ts';
import { temporaryHost } from './window.test-support.ts';

const long = smallRun.experts.map((expert) => ({ ...expert, steps: 100_000 }));

/** A training in a thread of its own, at work. */
async function atWork(project: string) {
  const specification = smallSpecification({ experts: long });
  const folder = join(project, 'runs', 'one');
  let heard = () => {};
  const working = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const order = { kind: 'train', specification } as const;
  const thread = new JobThread(
    { order, folder, project, version: '0.0.0' },
    ({ kind }) => kind === 'points' && heard(),
  );
  await working;
  return { thread, folder };
}

test('a thread that breaks down is one outcome, and lets go of its folder', async () => {
  using at = temporaryFolder();
  const { thread, folder } = await atWork(at.path);
  await expect(RunFolder.open(folder)).rejects.toThrow(/in use by process/);
  // No host says this: the thread does not survive it.
  thread.tell(null as never);
  expect(await thread.ended).toMatchObject({ kind: 'defect', stack: expect.stringContaining('TypeError') });
  await using opened = await RunFolder.open(folder);
  expect((await opened.readRecord()).finished).toBe(false);
});

test('a thread that is told to stop says that it did', async () => {
  using at = temporaryFolder();
  const { thread, folder } = await atWork(at.path);
  expect(await thread.stop()).toEqual({ kind: 'stopped' });
  expect(existsSync(join(folder, '.lock'))).toBe(false);
  expect(existsSync(join(folder, 'checkpoint.safetensors'))).toBe(true);
});

test('an order that makes no sense fails, and takes nothing with it', async () => {
  using at = temporaryFolder();
  const start = { order: { kind: 'evaluate' }, folder: at.in('nothing'), project: at.path, version: '' } as const;
  const thread = new JobThread(start, () => undefined);
  expect(await thread.ended).toMatchObject({ kind: 'failed', sentence: expect.stringMatching(/is not a run/) });
});

test('the folder is pulled away while a job is at work: a sentence, and when it is back the job goes on', {
  timeout: 120_000,
}, async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { folder } = await window.ask('project.create', { name: 'unplugged' });
  const experts = smallRun.experts.map((expert) => ({ ...expert, steps: 1000 }));
  const draft = { ...smallRun, experts } as unknown as Draft;
  const { job, run } = await window.ask('jobs.add', { kind: 'run', draft });
  await window.until(() => window.heard('training.points').length > 3);
  renameSync(folder, at.in('elsewhere'));
  const { message } = await window.jobIn(job, 'failed');
  expect(message).toMatch(/small` is not there: put it back/);
  await window.until(() => window.heard('notice').some(({ kind }) => kind === 'trouble'));
  expect((await window.ask('jobs.list', {})).jobs).toMatchObject([{ id: job, state: 'failed' }]);
  renameSync(at.in('elsewhere'), folder);
  await window.ask('jobs.resume', { job });
  await window.jobIn(job, 'done');
  expect((await window.ask('runs.read', { run: run! })).finished).toBe(true);
});
