import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../runs/small-run.test-support.ts';
import { Asker } from '../reading.test-support.ts';
import { madeChain, madeToy } from './made-run.test-support.ts';

test('a toy that was trained on biased samples is compared with unbiased ones', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const energies = async (name: string, bias: object) => {
    await madeToy(folder.in(name), 'double-well-2d', [], bias);
    const { distributions } = await asker.ask('runs.results', { run: name, folder: folder.in(name) });
    return [...distributions[0]!.profiles[0]!.energy];
  };
  const hot = await energies('hot', { dataTemperature: 3 });
  const thinned = await energies('thinned', { kept: [1, 0.2] });
  expect(hot).toEqual(thinned);
});

test('weighed frames are compared as their weights make them count, and are found under their own numbers', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const weights = folder.in('weights.csv');
  const isKept = (frame: number) => frame % 4 === 0;
  writeFileSync(weights, `w\n${Array.from({ length: 200 }, (_, i) => (isKept(i) ? 1 : 0)).join('\n')}\n`);
  const run = folder.in('run');
  await madeChain(run, folder.in('a'), 4, [], {}, { weights: 'given' }, { weights });
  const { distributions, problems } = await asker.ask('runs.results', { run: 'run', folder: run });
  expect(problems).toEqual([]);
  expect(distributions[0]!.count).toBe(200);
  const outline: [number, number][] = [
    [-1e3, -1e3],
    [1e3, -1e3],
    [1e3, 1e3],
    [-1e3, 1e3],
  ];
  const { frames, found } = await asker.ask('structures.find', {
    folder: run,
    set: 'reference',
    place: { outline, count: 50 },
  });
  expect(found).toBe(50);
  expect(frames.every(({ frame }) => isKept(frame))).toBe(true);
  expect(new Set(frames.map(({ frame }) => frame)).size).toBe(50);
});
