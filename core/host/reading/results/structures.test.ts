import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rmsd } from '../../../analysis/geometry/rmsd.ts';
import { memorySource } from '../../../formats/byte-source.ts';
import { openPdb } from '../../../formats/pdb.ts';
import { loadData } from '../../../runs/data/load-data.ts';
import { Listener, temporaryFolder } from '../../../runs/small-run.test-support.ts';
import { openTrajectory } from '../../../storage/molecule-files.ts';
import type { SetName } from '../../contract.ts';
import { Asker, sample } from '../reading.test-support.ts';
import { madeChain, madeToy } from './made-run.test-support.ts';

const turn = (difference: number): number =>
  Math.abs(difference - 2 * Math.PI * Math.round(difference / (2 * Math.PI)));

test.each(['reference', 'samples', 'simulation'] as const)('conformations at a place of the plane: %s', async (set) => {
  await using asker = new Asker();
  const at: [number, number] = [-1.3, 1.3];
  const place = { at, count: 8 };
  const { structure, frames, positions, found } = await asker.ask('structures.find', {
    folder: sample.run,
    set,
    place,
  });
  expect(structure).toMatchObject({ atoms: 5, coarse: false });
  expect(frames).toHaveLength(8);
  expect(found).toBeGreaterThanOrEqual(8);
  for (const { frame, replica, at: own } of frames) {
    expect(replica === undefined).toBe(set !== 'simulation');
    for (const axis of [0, 1]) expect(turn(own![axis]! - at[axis]!)).toBeLessThan(0.05 * 2 * Math.PI);
    const question = { folder: sample.run, set, frame, ...(replica === undefined ? {} : { replica }) };
    expect((await asker.ask('structures.frame', question)).at).toEqual(own);
  }
  // Superposed on the first, each is nearer to it than it could be otherwise.
  const first = positions.subarray(0, 15);
  const best = rmsd({ positions, frames: 8, atoms: 5 }, first);
  for (let i = 1; i < 8; i++) {
    let square = 0;
    for (let k = 0; k < 15; k++) square += (positions[15 * i + k]! - first[k]!) ** 2;
    expect(Math.sqrt(square / 5)).toBeCloseTo(best[i]!, 4);
  }
  const { trajectory } = await openPdb(memorySource('a.pdb', Buffer.from(structure.pdb)));
  const drawn = (await trajectory!.frame(0)).positions;
  for (let k = 0; k < 15; k++) expect(drawn[k]).toBeCloseTo(first[k]!, 3);
});

test('inside an outline: the first is the one in the middle of all, the others are spread over it', async () => {
  await using asker = new Asker();
  const outline: [number, number][] = [
    [-1.6, -1],
    [-0.7, -1],
    [-0.7, 0.2],
    [-1.6, 0.2],
  ];
  const ask = (count: number) =>
    asker.ask('structures.find', { folder: sample.run, set: 'simulation', place: { outline, count } });
  const { frames, found } = await ask(12);
  expect(frames).toHaveLength(12);
  expect(new Set(frames.map(({ frame, replica }) => `${frame} ${replica}`)).size).toBe(12);
  for (const { at } of frames) {
    expect(at![0]).toBeGreaterThan(-1.6);
    expect(at![0]).toBeLessThan(-0.7);
  }
  // Exact over all of them, as far as there are no more than are compared.
  const all = await ask(200);
  expect(all.found).toBe(found);
  expect(all.frames[0]).toEqual(frames[0]);
  const everyone = { positions: all.positions, frames: all.frames.length, atoms: 5 };
  const mean = (i: number) =>
    Array.from(rmsd(everyone, all.positions.subarray(15 * i, 15 * i + 15))).reduce((sum, d) => sum + d, 0);
  const means = all.frames.map((_, i) => mean(i)).toSorted((a, b) => a - b);
  expect(mean(0)).toBeLessThan(means[Math.floor(means.length / 10)]!);
});

test('where nothing lives nothing is found', async () => {
  await using asker = new Asker();
  const place = { at: [2.5, -2] as [number, number], count: 5 };
  const found = await asker.ask('structures.find', { folder: sample.run, set: 'reference', place });
  expect(found).toMatchObject({ frames: [], found: 0 });
  expect(found.positions).toHaveLength(0);
});

test('a set is looked through frame by frame, to the last bit', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const run = folder.in('run');
  const { specification } = await madeChain(run, folder.in('a'), 4);
  const open = (set: SetName) => asker.ask('structures.open', { folder: run, set });
  expect(await open('reference')).toMatchObject({ frames: 200, replicas: 1, timeStep: 1 });
  expect(await open('samples')).toMatchObject({ frames: 60, replicas: 1, timeStep: null });
  expect(await open('simulation')).toMatchObject({ frames: 4, replicas: 3, timeStep: 0.01 });
  expect((await open('samples')).structure).toMatchObject({ atoms: 4, coarse: true });
  const { reference } = await loadData(specification, new Listener()).then(({ data }) => data);
  const frame = (set: SetName, number: number, replica?: number) =>
    asker.ask('structures.frame', { folder: run, set, frame: number, ...(replica === undefined ? {} : { replica }) });
  expect(await frame('reference', 17)).toMatchObject({
    positions: reference.values.slice(12 * 17, 12 * 18),
    time: 17,
  });
  await using own = await openTrajectory(join(run, 'simulation-002.xtc'));
  expect(await frame('simulation', 3, 2)).toMatchObject({
    positions: Float32Array.from((await own.reader.frame(3)).positions),
    time: 0.06,
  });
  await expect(frame('simulation', 4, 2)).rejects.toThrow('There is no frame 5 in replica 3 of the simulation');
  await expect(frame('simulation', 0, 3)).rejects.toThrow('There are 3 replicas, and no replica 4.');
  await expect(frame('samples', 60)).rejects.toThrow('There is no frame 61 in the samples');
  await expect(frame('reference', 200)).rejects.toThrow('no frame 201');
});

test('a replica that stopped before its first frame, and one that is cut off', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const run = folder.in('run');
  await madeChain(run, folder.in('a'), 12);
  writeFileSync(join(run, 'simulation-000.xtc'), '');
  const second = join(run, 'simulation-001.xtc');
  writeFileSync(second, readFileSync(second).subarray(0, -20));
  const opened = await asker.ask('structures.open', { folder: run, set: 'simulation' });
  expect(opened).toMatchObject({ frames: 4, replicas: 3 });
  const results = await asker.ask('runs.results', { run: 'r', folder: run });
  expect(results.distributions.find(({ set }) => set === 'simulation')!.count).toBe(7);
  expect(results.problems).toEqual([expect.stringContaining('`simulation-001.xtc`')]);
});

test('what is not there yet, and what has no structure, is a sentence', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  await madeChain(folder.in('begun'), folder.in('a'), 4, []);
  await madeToy(folder.in('toy'), 'double-well-2d');
  const open = (run: string, set: SetName) => asker.ask('structures.open', { folder: folder.in(run), set });
  await expect(open('begun', 'samples')).rejects.toThrow('There are no samples in this run yet.');
  await expect(open('begun', 'simulation')).rejects.toThrow('There is no simulation in this run yet.');
  await expect(open('toy', 'samples')).rejects.toThrow('whose configurations are points without a structure');
  await expect(
    asker.ask('structures.find', { folder: folder.in('toy'), set: 'samples', place: { at: [0, 0], count: 3 } }),
  ).rejects.toThrow('without a structure');
  rmSync(folder.in('a.xtc'));
  await expect(open('begun', 'reference')).rejects.toThrow('does not exist');
});
