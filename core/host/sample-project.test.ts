/** The sample is ready to be used: it draws samples and simulates from its own weights at once, watched or not. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { StreamFrame } from './contract.ts';
import { temporaryHost } from './window.test-support.ts';

const at = await temporaryHost();
afterAll(() => at[Symbol.asyncDispose]());
const window = at.window();
const { folder } = await window.ask('project.sample', {});
const run = (await window.ask('runs.list', {})).runs[0]!.id;
const path = join(folder, 'runs', run);
const replicas = () => readdirSync(path).filter((name) => /^simulation-\d+\.xtc$/.test(name));
const settings = { replicas: 3, steps: 1500, stride: 50, equilibration: 100 };

test('its settings are a draft that has no fault', async () => {
  const { project } = await window.ask('hello', {});
  const { faults, specification } = await window.ask('draft.check', { draft: project!.draft });
  expect(faults).toEqual([]);
  expect(specification).toMatchObject({ name: 'alanine-dipeptide', simulate: { replicas: 20 } });
  const { specification: yaml, command } = await window.ask('draft.command', { draft: project!.draft });
  expect(yaml).toContain(join(folder, 'data', 'topology.pdb'));
  expect(command).toBe('ergodic run alanine-dipeptide.yaml');
});

test('what a run was trained on is a draft again, its files under the ids that they have', async () => {
  const { project } = await window.ask('hello', {});
  const { draft, files } = await window.ask('runs.draft', { run });
  expect(draft).toMatchObject({ name: 'alanine-dipeptide', system: { kind: 'molecule', temperature: 300 } });
  expect(Object.keys(draft)).toEqual(['name', 'system']);
  expect(files.map(({ name }) => name)).toEqual(['topology.pdb', 'frames.xtc']);
  expect(files.map(({ id }) => id)).toEqual(project!.files.map(({ id }) => id));
  const { faults } = await window.ask('draft.check', { draft: { ...draft, method: 'auto' } });
  expect(faults).toEqual([]);
});

test('what is wrong with a draft is told by the path of the setting, files too', async () => {
  const source = { structure: 'fgone', trajectories: [] };
  const draft = { system: { kind: 'molecule', sources: [source] }, simulate: { replicas: 0 }, sample: { stepz: 5 } };
  const { faults, specification } = await window.ask('draft.check', { draft });
  expect(specification).toBeUndefined();
  expect(faults.map((fault) => fault.path.join('.')).sort()).toEqual([
    'sample.stepz',
    'simulate.replicas',
    'system.sources.0.structure',
  ]);
});

test('it simulates with fewer replicas at once, seen as beads that move at its temperature', async () => {
  expect(replicas()).toHaveLength(20);
  const { job } = await window.ask('jobs.add', { kind: 'simulate', run, settings });
  const { stream, structure, axes } = await window.ask('stream.open', { kind: 'simulation', job, replica: 2 });
  window.credit(stream, 10_000);
  expect(structure).toMatchObject({ atoms: 5, coarse: false });
  expect([...structure!.bonds]).toEqual([0, 1, 1, 2, 2, 3, 3, 4]);
  expect(structure!.pdb).toMatch(/^(ATOM|HETATM|CRYST1|REMARK|TITLE|MODEL)/m);
  expect(axes.map(({ label, periodic }) => [label, periodic])).toEqual([
    ['φ', true],
    ['ψ', true],
  ]);
  await window.jobIn(job, 'done');
  expect(replicas()).toEqual(['simulation-000.xtc', 'simulation-001.xtc', 'simulation-002.xtc']);
  const frames = window.frames.get(stream) as StreamFrame<'simulation'>[];
  expect(frames.length).toBeGreaterThan(3);
  for (const { positions, at: place } of frames) {
    expect(positions).toHaveLength(15);
    expect(place.every((angle) => Math.abs(angle) <= Math.PI)).toBe(true);
    const bond = Math.hypot(
      positions[0]! - positions[3]!,
      positions[1]! - positions[4]!,
      positions[2]! - positions[5]!,
    );
    expect(bond).toBeGreaterThan(0.1);
    expect(bond).toBeLessThan(0.18);
  }
  const temperatures = frames.flatMap(({ temperature }) => temperature ?? []);
  // 45 velocities: about one in five off, each time.
  const mean = temperatures.reduce((sum, value) => sum + value, 0) / temperatures.length;
  expect(mean).toBeGreaterThan(150);
  expect(mean).toBeLessThan(600);
  expect(frames.at(-1)).toMatchObject({ step: 1600, counts: { total: 90, bins: [62, 62] } });
  expect(frames.at(-1)!.time).toBeCloseTo(3.2, 6);
  expect((await window.ask('runs.read', { run })).metrics!.sim).toBeDefined();
});

test('paused in the middle of it and resumed, it ends with the same files', { tags: ['full'] }, async () => {
  const before = replicas().map((name) => readFileSync(join(path, name)));
  const other = await window.ask('jobs.add', { kind: 'simulate', run, settings: { ...settings, steps: 50 } });
  await window.jobIn(other.job, 'done');
  const { job } = await window.ask('jobs.add', { kind: 'simulate', run, settings });
  const { stream } = await window.ask('stream.open', { kind: 'simulation', job, replica: 0 });
  window.credit(stream, 3);
  await window.until(() => window.frames.get(stream)?.length === 3);
  await window.ask('jobs.pause', { job });
  await window.jobIn(job, 'paused');
  await window.until(() => window.ended.has(stream));
  await window.ask('jobs.resume', { job });
  await window.jobIn(job, 'done');
  const after = replicas().map((name) => readFileSync(join(path, name)));
  expect(after.every((bytes, i) => bytes.equals(before[i]!))).toBe(true);
});

test('it draws samples, which are shown superposed', async () => {
  const { job } = await window.ask('jobs.add', { kind: 'sample', run, settings: { count: 1200, steps: 20 } });
  const { stream } = await window.ask('stream.open', { kind: 'samples', job });
  window.credit(stream, 100);
  expect(await window.jobIn(job, 'done')).toMatchObject({ title: 'Samples of alanine-dipeptide' });
  const frames = window.frames.get(stream) as StreamFrame<'samples'>[];
  expect(frames.at(-1)).toMatchObject({ done: 1200, counts: { total: 1200 } });
  const { positions } = frames.at(-1)!;
  expect(positions.length).toBe(12 * 15);
  const centre = (row: number, axis: number) =>
    [0, 1, 2, 3, 4].reduce((sum, bead) => sum + positions[15 * row + 3 * bead + axis]!, 0) / 5;
  for (let row = 1; row < 12; row++) expect(centre(row, 0)).toBeCloseTo(centre(0, 0), 4);
});

test('what is exported lies where it was wanted, and stays in the list when its job is not', async () => {
  mkdirSync(at.in('elsewhere'));
  const [elsewhere] = await at.host.grant([at.in('elsewhere')]);
  const record = await window.ask('jobs.add', { kind: 'export', export: { what: 'record', run } });
  const trajectory = await window.ask('jobs.add', {
    kind: 'export',
    export: { what: 'trajectory', run, set: 'simulation', format: 'dcd', stride: 10 },
    target: elsewhere!.id,
  });
  await window.jobIn(record.job, 'done');
  expect(await window.jobIn(trajectory.job, 'done')).toMatchObject({ title: 'Simulation (DCD) of alanine-dipeptide' });
  await window.ask('jobs.dismiss', { job: record.job });
  const { files } = await window.ask('exports.list', {});
  const of = (job: string) => files.filter((file) => file.job === job);
  expect(of(record.job).map(({ name }) => name)).toContain('alanine-dipeptide-run.json');
  for (const { folder: place } of of(record.job)) expect(place.startsWith(join(folder, 'exports', run))).toBe(true);
  expect(of(trajectory.job).length).toBeGreaterThan(0);
  for (const { id, bytes } of of(trajectory.job)) {
    expect(at.host.pathOf(id).startsWith(at.in('elsewhere'))).toBe(true);
    expect(bytes).toBeGreaterThan(0);
  }
  const stored = JSON.parse(readFileSync(join(folder, 'jobs.json'), 'utf8'));
  expect(stored.exported.filter(({ path: one }: { path: string }) => one.startsWith('exports/'))).toHaveLength(
    of(record.job).length,
  );
});

test('a run is renamed, and removed to where a person finds it', async () => {
  await window.ask('runs.rename', { run, name: 'First try' });
  expect((await window.ask('runs.list', {})).runs).toMatchObject([{ id: run, name: 'First try' }]);
  const record = JSON.parse(readFileSync(join(path, 'run.json'), 'utf8'));
  expect(record.specification.system.sources[0].structure).toBe('../../data/topology.pdb');
  await window.ask('runs.remove', { run });
  expect((await window.ask('runs.list', {})).runs).toEqual([]);
  expect(readdirSync(join(folder, 'removed'))).toEqual([run]);
  await expect(window.ask('runs.read', { run })).rejects.toThrow(/has no run/);
});
