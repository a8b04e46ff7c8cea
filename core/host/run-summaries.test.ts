import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import { sample } from './reading/reading.test-support.ts';
import { metricsIn } from './run-summaries.ts';

const stored = JSON.parse(readFileSync(join(sample.run, 'metrics.json'), 'utf8'));

async function metricsOf(content: object) {
  using folder = temporaryFolder();
  mkdirSync(folder.in('run'));
  writeFileSync(folder.in('run/metrics.json'), JSON.stringify(content));
  return await metricsIn(folder.in('run'));
}

test('metrics of an older version, which knew no floor at equal count, open as they are', async () => {
  const { quality: _, ...old } = stored;
  const found = await metricsOf(old);
  expect(found).toMatchObject({ iid: { pmf: old.iid.pmf }, floor: { js: old.floor.js } });
  expect(found!.quality).toBeUndefined();
});

test('metrics of this version say how near the results are to what the data allow', async () => {
  const found = await metricsOf(stored);
  expect(found!.quality!.states.at(-1)!.name).toBe('φ > 0');
  const { iid, sim } = found!.quality!;
  expect(iid!.equalCount.pmf.ratio).toBeLessThan(1.3);
  expect(sim!.equalCount.pmf).toEqual(stored.quality.sim.equalCount.pmf);
});

test('a quality that is damaged hides no row', async () => {
  const found = await metricsOf({ ...stored, quality: { ...stored.quality, iid: { frames: 'many' } } });
  expect(found!.iid!.pmf).toBe(stored.iid.pmf);
  expect(found!.quality).toBeUndefined();
});
