/**
 * A host that is killed in the middle of a job: at the next start its project opens, the job is there and paused, and
 * when it is resumed it ends with the bits of an undisturbed one. The same where the project is closed in order.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { completeRun, prepared } from '../runs/pipeline.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { Listener, recordOf, smallRun, temporaryFolder, tensorsIn } from '../runs/small-run.test-support.ts';
import { validateSpecification } from '../specification/specification.ts';
import type { Draft } from './contract.ts';
import { Host } from './host.ts';
import { resources, TestWindow, temporaryHost } from './window.test-support.ts';

const draft = { ...smallRun, experts: smallRun.experts.map((expert) => ({ ...expert, steps: 500 })) };

async function expectUndisturbed(path: string) {
  using other = temporaryFolder();
  const specification = validateSpecification(draft, 'draft');
  const listener = new Listener();
  const { data } = await prepared(specification, listener);
  await using folder = await RunFolder.create(other.in('reference'), recordOf(specification, 'run'));
  await completeRun(folder, await folder.readRecord(), listener, data);
  expect(tensorsIn(join(path, 'model.safetensors'))).toEqual(tensorsIn(join(folder.path, 'model.safetensors')));
  for (const name of ['samples.npy', 'simulation.npy', 'metrics.json']) {
    expect(readFileSync(join(path, name)).equals(readFileSync(join(folder.path, name)))).toBe(true);
  }
}

/** Starts a host, and kills it when it has told so many new points. */
async function killedHost(home: string, points: number): Promise<{ folder: string; run: string }> {
  const script = fileURLToPath(new URL('./lone-host.test-support.ts', import.meta.url));
  const child = spawn(process.execPath, [script, home, JSON.stringify(draft)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let first: { folder: string; run: string } | undefined;
  let heard = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!first) first = JSON.parse(line);
    else if (line === 'training.points' && ++heard === points) child.kill('SIGKILL');
  }
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
  return first!;
}

test('what was at work when the host was killed is offered, and goes on to the same bits', async () => {
  using home = temporaryFolder();
  const { folder, run } = await killedHost(home.path, 4);
  await using host = await Host.open({ shell: 'browser', version: '0.0.0', home: home.path, resources });
  const window = new TestWindow(host);
  const { recent } = await window.ask('hello', {});
  expect(recent).toMatchObject([{ path: folder }]);
  await window.ask('project.open', { folder: recent[0]!.folder });
  const { jobs } = await window.ask('jobs.list', {});
  expect(jobs).toMatchObject([
    { title: 'small', run, state: 'paused', message: 'It was interrupted; stored results are safe.' },
    { title: 'waiting', state: 'paused', message: 'It had not started when Ergodic was closed.' },
  ]);
  expect(host.busy).toBe(false);
  expect((await window.ask('runs.list', {})).runs).toMatchObject([{ id: run, finished: false, interrupted: 'run' }]);
  expect(await window.ask('jobs.add', { kind: 'resume', run })).toEqual({ job: jobs[0]!.id, run });
  await window.jobIn(jobs[0]!.id, 'done');
  await expectUndisturbed(join(folder, 'runs', run));
  await expect(window.ask('jobs.add', { kind: 'resume', run })).rejects.toThrow('Nothing was interrupted in `small`');
  await window.ask('jobs.resume', { job: jobs[1]!.id });
  await window.jobIn(jobs[1]!.id, 'running');
  await window.ask('jobs.cancel', { job: jobs[1]!.id });
}, 180_000);

test('a run whose job is not in any list any more can be resumed all the same', { tags: ['full'] }, async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { folder } = await window.ask('project.create', { name: 'closed' });
  const { job, run } = await window.ask('jobs.add', { kind: 'run', draft: draft as unknown as Draft });
  await window.until(() => window.heard('training.points').length > 2);
  await window.ask('project.close', {});
  expect(at.host.busy).toBe(false);
  const [entry] = await at.host.grant([folder]);
  await window.ask('project.open', { folder: entry!.id });
  expect((await window.ask('jobs.list', {})).jobs).toMatchObject([{ id: job, state: 'paused' }]);
  await window.ask('jobs.cancel', { job });
  await window.ask('jobs.dismiss', { job });
  const resumed = await window.ask('jobs.add', { kind: 'resume', run: run! });
  expect(resumed.job).not.toBe(job);
  await window.jobIn(resumed.job, 'done');
  await expectUndisturbed(join(folder, 'runs', run!));
});
