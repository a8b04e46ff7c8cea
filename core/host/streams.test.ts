/**
 * Streams through the contract: never more frames than were asked for, stored frames the same whether somebody looks or
 * not, and what is seen is what is stored.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeSamples } from '../formats/samples.ts';
import { smallRun } from '../runs/small-run.test-support.ts';
import type { Draft, StreamFrame } from './contract.ts';
import { type TestWindow, temporaryHost } from './window.test-support.ts';

type Frame = StreamFrame<'simulation'>;

/** A trained toy. */
async function toyRun(window: TestWindow, changes: object = {}) {
  const { folder } = await window.ask('project.create', { name: 'streams' });
  const experts = smallRun.experts.map((expert) => ({ ...expert, steps: 50 }));
  const draft = { ...smallRun, experts, ...changes } as unknown as Draft;
  const { job, run } = await window.ask('jobs.add', { kind: 'train', draft });
  await window.jobIn(job, 'done');
  return { run: run!, path: join(folder, 'runs', run!) };
}

const settings = { replicas: 6, steps: 60_000, stride: 100, equilibration: 500, timeStep: 0.01 };

const stored = (path: string) => readFileSync(join(path, 'simulation.npy'));

test('a watched simulation stores the same bytes, and shows what it does', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { run, path } = await toyRun(window);
  const unwatched = await window.ask('jobs.add', { kind: 'simulate', run, settings });
  await window.jobIn(unwatched.job, 'done');
  const before = stored(path);
  // Made again, because in between it was another one.
  const other = await window.ask('jobs.add', { kind: 'simulate', run, settings: { ...settings, steps: 100 } });
  await window.jobIn(other.job, 'done');
  const { job } = await window.ask('jobs.add', { kind: 'simulate', run, settings });
  const { stream, structure, axes } = await window.ask('stream.open', { kind: 'simulation', job, replica: 4 });
  expect(structure).toBeNull();
  expect(axes).toHaveLength(2);
  window.credit(stream, 10_000);
  await window.jobIn(job, 'done');
  await window.until(() => window.ended.has(stream));
  expect(stored(path).equals(before)).toBe(true);

  const frames = window.frames.get(stream) as Frame[];
  expect(frames.length).toBeGreaterThan(5);
  expect(frames.every(({ stopped }) => stopped === undefined)).toBe(true);
  const { data, shape } = decodeSamples('simulation.npy', before);
  expect(shape).toEqual([600, 6, 2]);
  let compared = 0;
  for (const { step, time, positions, at: place, dropped } of frames) {
    expect(time).toBeCloseTo(step * 0.01, 6);
    expect([...positions]).toEqual(place.map((value) => Math.fround(value)));
    expect(dropped).toBe(0);
    const frame = (step - settings.equilibration) / settings.stride - 1;
    if (!Number.isInteger(frame) || frame < 0) continue;
    expect([...positions]).toEqual([...data.slice(2 * (6 * frame + 4), 2 * (6 * frame + 5))]);
    compared++;
  }
  expect(compared).toBeGreaterThan(0);
  expect(frames.map(({ step }) => step)).toEqual([...frames.map(({ step }) => step)].sort((a, b) => a - b));
  expect(frames.some(({ temperature }) => temperature! > 0.1)).toBe(true);
  expect(frames.filter(({ potentialEnergy }) => Number.isFinite(potentialEnergy)).length).toBeGreaterThan(0);
  const { step, counts } = frames.at(-1)!;
  expect(step).toBe(60_500);
  expect(counts!.values).toHaveLength(counts!.bins[0] * counts!.bins[1]);
  expect(counts!.total).toBe(data.filter(Number.isFinite).length / 2);
  const inside = (x: number) => x >= -2 && x <= 2;
  const seen = Array.from({ length: 3600 }, (_, i) => inside(data[2 * i]!) && inside(data[2 * i + 1]!));
  expect(counts!.values.reduce((sum, value) => sum + value, 0)).toBe(seen.filter(Boolean).length);
}, 120_000);

test('no frame without credit, and what was missed is counted', async () => {
  await using at = await temporaryHost();
  const [first, second] = [at.window(), at.window()];
  const { run } = await toyRun(first);
  const { job } = await first.ask('jobs.add', {
    kind: 'simulate',
    run,
    settings: { ...settings, steps: 10_000_000, stride: 100_000 },
  });
  const greedy = await first.ask('stream.open', { kind: 'simulation', job, replica: 0 });
  const modest = await second.ask('stream.open', { kind: 'simulation', job, replica: 5 });
  // Somebody else's stream is not there for a window.
  second.credit(greedy.stream, 50);
  first.credit(greedy.stream, 30);
  second.credit(modest.stream, 2);
  await first.until(() => first.frames.get(greedy.stream)?.length === 30);
  await second.until(() => second.frames.get(modest.stream)?.length === 2);
  await first.ask('jobs.list', {});
  expect(first.frames.get(greedy.stream)).toHaveLength(30);
  expect(second.frames.get(modest.stream)).toHaveLength(2);
  expect(second.frames.has(greedy.stream)).toBe(false);
  second.credit(modest.stream, 1);
  const third = await second.until(() => second.frames.get(modest.stream)?.[2] as Frame | undefined);
  expect(third.dropped).toBeGreaterThan(0);
  await second.ask('stream.close', { stream: modest.stream });
  second.credit(modest.stream, 100);
  first.credit(greedy.stream, 5);
  await first.until(() => first.frames.get(greedy.stream)?.length === 35);
  expect(second.frames.get(modest.stream)).toHaveLength(3);
  // A window that is gone has no streams; the other one goes on.
  second.close();
  await first.ask('jobs.cancel', { job });
  await first.until(() => first.ended.has(greedy.stream));
}, 120_000);

test('replicas that diverge are reported, and have no temperature', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { run } = await toyRun(window);
  // A step so long that nothing holds.
  const { job } = await window.ask('jobs.add', { kind: 'simulate', run, settings: { ...settings, timeStep: 1 } });
  const { stream } = await window.ask('stream.open', { kind: 'simulation', job, replica: 2 });
  window.credit(stream, 10_000);
  await window.jobIn(job, 'done');
  await window.until(() => window.ended.has(stream));
  const last = (window.frames.get(stream) as Frame[]).at(-1)!;
  expect(last.stopped).toEqual({ own: true, all: settings.replicas });
  expect(last.temperature).toBeUndefined();
  expect([...last.positions].every(Number.isFinite)).toBe(true);
}, 120_000);

test('samples are shown as they are drawn, with where they lie', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { run } = await toyRun(window);
  const count = 4000;
  const { job } = await window.ask('jobs.add', { kind: 'sample', run, settings: { count } });
  const { stream } = await window.ask('stream.open', { kind: 'samples', job });
  window.credit(stream, 100);
  await window.jobIn(job, 'done');
  const frames = window.frames.get(stream) as StreamFrame<'samples'>[];
  expect(frames.length).toBeGreaterThan(3);
  expect(frames.at(-1)).toMatchObject({ done: count, dropped: 0 });
  expect(frames.at(-1)!.counts!.total).toBe(count);
  for (const { done, counts, positions } of frames) {
    expect(counts!.total).toBe(done);
    expect(positions.length).toBeGreaterThan(0);
    expect(positions.length % 2).toBe(0);
  }
});

test('what cannot be looked at is said', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { run } = await toyRun(window);
  const open = (kind: 'simulation' | 'samples', job: string) =>
    kind === 'samples'
      ? window.ask('stream.open', { kind, job })
      : window.ask('stream.open', { kind, job, replica: 0 });
  await expect(open('samples', 'j1')).rejects.toThrow(/not in the list any more/);
  const { job } = await window.ask('jobs.add', { kind: 'sample', run, settings: { count: 100_000, steps: 1000 } });
  await expect(open('simulation', job)).rejects.toThrow('`Samples of small` makes no simulation to look at.');
  const fresh = await window.ask('jobs.add', { kind: 'run', draft: smallRun as unknown as Draft });
  await expect(open('samples', fresh.job)).rejects.toThrow(
    '`small` has not started yet: look again once it is running.',
  );
  await window.ask('jobs.cancel', { job: fresh.job });
  await window.ask('jobs.cancel', { job });
  await window.jobIn(job, 'cancelled');
  await expect(open('samples', job)).rejects.toThrow(/is not running/);
  await window.ask('stream.close', { stream: 's1' });
});
