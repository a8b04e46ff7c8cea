/** That the samples work as they are: their runs open, and are used without any training. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import { called } from './in-process.test-support.ts';

const folderOf = (sample: string) => fileURLToPath(new URL(`../../resources/${sample}`, import.meta.url));
const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());
const project = parent.in('project');
cpSync(folderOf('alanine-dipeptide'), project, { recursive: true });
const run = join(project, 'run');
const generator = parent.in('generator');
cpSync(folderOf('ethanol'), generator, { recursive: true });

test.each(['alanine-dipeptide', 'ethanol'])(
  'nothing in the record of %s names a place on the machine where it was made',
  (sample) => {
    const record = readFileSync(join(folderOf(sample), 'run', 'run.json'), 'utf8');
    expect(record).not.toMatch(/"\/|[A-Z]:\\/);
    expect(JSON.parse(record).finished).toBe(true);
  },
);

test('the generator draws many in one step, and does not simulate', async () => {
  const own = join(generator, 'run');
  const { json } = await called(['sample', own, '-n', '20000', '--out', parent.in('many.xtc')]);
  expect(json.samples).toBe(20_000);
  const { json: found } = await called(['inspect', parent.in('many.xtc')]);
  expect(found).toMatchObject({ format: 'XTC', atoms: 9, frames: 20_000 });
  await expect(called(['simulate', own, '--out', parent.in('none.xtc')])).rejects.toThrow(
    /can be sampled but not simulated/,
  );
});

test('the metrics of the generator are those of what it holds', { tags: ['full'] }, async () => {
  const stored = JSON.parse(readFileSync(join(generator, 'run', 'metrics.json'), 'utf8'));
  const { json } = await called(['evaluate', join(generator, 'run')]);
  expect(json.metrics.iid.js).toBeCloseTo(stored.iid.js, 5);
});

test('its model samples and simulates, with bonds as long as bonds are', async () => {
  const { json: sampled } = await called(['sample', run, '-n', '200', '--steps', '30', '--out', parent.in('s.xtc')]);
  expect(sampled.samples).toBe(200);
  const words = ['--replicas', '4', '--steps', '200', '--stride', '50', '--equilibration', '0'];
  const { json: simulated } = await called(['simulate', run, ...words, '--out', parent.in('d.xtc')]);
  expect(simulated).toMatchObject({ replicas: 4, stopped: 0 });
  for (const [name, frames] of [
    ['s.xtc', 200],
    ['d.xtc', 16],
  ] as const) {
    const { json } = await called(['inspect', parent.in(name)]);
    expect(json).toMatchObject({ format: 'XTC', atoms: 5, frames });
  }
});

test('its metrics are those of what it holds', { tags: ['full'] }, async () => {
  const stored = JSON.parse(readFileSync(join(run, 'metrics.json'), 'utf8'));
  const { json } = await called(['evaluate', run]);
  expect(json.metrics.iid.pmf).toBeCloseTo(stored.iid.pmf, 5);
  expect(json.metrics.sim.js).toBeCloseTo(stored.sim.js, 5);
  expect(json.metrics.iid.js).toBeLessThan(0.3);
});
