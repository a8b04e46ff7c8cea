/** A training that is looked at is the same training; its residual and its points come while it goes on. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepared, trainRun } from '../runs/pipeline.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { Listener, recordOf, smallSpecification, temporaryFolder, tensorsIn } from '../runs/small-run.test-support.ts';
import type { Spectator } from '../runs/spectator.ts';
import type { Residual, TrainingPoint } from './contract.ts';
import { TrainingWatch } from './watching/training-watch.ts';

async function trained(path: string, spectator?: Spectator) {
  const specification = smallSpecification();
  const listener = new Listener();
  const follower = Object.assign(listener, { spectator });
  const { data } = await prepared(specification, follower);
  await using folder = await RunFolder.create(path, recordOf(specification));
  await trainRun(folder, await folder.readRecord(), follower, data);
  return { tensors: tensorsIn(join(path, 'model.safetensors')) };
}

test('the weights are the same bits, and the residual is that of the experts with an energy', async () => {
  using at = temporaryFolder();
  const points: TrainingPoint[] = [];
  const residuals: Residual[] = [];
  // A clock that hurries: a second of training has many half minutes.
  let seconds = 0;
  const now = () => {
    seconds += 10;
    return seconds;
  };
  const to = {
    points: (some: TrainingPoint[]) => points.push(...some),
    residual: (one: Residual) => residuals.push(one),
  };
  const spectator = {
    training: (data, own) => new TrainingWatch(data, own, to, now),
  } as Partial<Spectator> as Spectator;
  const watched = await trained(at.in('watched'), spectator);
  const alone = await trained(at.in('alone'));
  expect(watched.tensors).toEqual(alone.tensors);
  expect(new Set(points.map(({ network }) => network))).toEqual(new Set([0, 1, 2]));
  const last = residuals.at(-1)!;
  expect(last.t.length).toBe(last.meanAbsR.length);
  expect(last.spread).toHaveLength(last.t.length);
  // Two of the three experts are energies: their ranges end at 0.6.
  expect(Math.max(...last.t)).toBeLessThan(0.6);
  expect(Math.max(...last.t)).toBeGreaterThan(0.5);
  expect([...last.t].sort((a, b) => a - b)).toEqual(last.t);
  expect(last.meanAbsR.every((value) => value > 0)).toBe(true);
  expect(last.spread!.every((value) => value > 0)).toBe(true);
  expect(residuals[0]).not.toEqual(last);
});
