/**
 * A model that has learned a Gaussian from samples gives its moments back, by every solver and by Langevin dynamics
 * with the learned force. F = kT s, so the temperature of the dynamics cancels: any toy system's serves.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { loadEngine } from '../../engines/registry.ts';
import type { TrainedNetwork } from '../../methods/method.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import type { DataSet } from '../data/data-set.ts';
import { RunFolder, readRunModel } from '../run-folder.ts';
import { drawSamples } from '../sampling/sample.ts';
import { simulateReplicas } from '../sampling/simulate.ts';
import {
  forceOf,
  gathered,
  Listener,
  planOf,
  recordOf,
  runDataOf,
  smallSpecification,
  temporaryFolder,
} from '../small-run.test-support.ts';
import { train } from './train.ts';
import { decodeModel } from './trained-model.ts';

const MEAN = [0.4, -0.3] as const;
/** Of xx, xy, yy. */
const COVARIANCE = [0.6, 0.25, 0.4] as const;
/** What a small network with a few thousand steps may be off, in units of the distribution. */
const MODEL_ERROR = 0.06;

function gaussianData(count: number): DataSet {
  const next = gaussianSource(7);
  const [xx, xy, yy] = COVARIANCE;
  const values = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [a, b] = [next(), next()];
    values[2 * i] = MEAN[0] + Math.sqrt(xx) * a;
    values[2 * i + 1] = MEAN[1] + (xy / Math.sqrt(xx)) * a + Math.sqrt(yy - xy ** 2 / xx) * b;
  }
  return { dimension: 2, count, values };
}

const specification = smallSpecification({
  experts: [{ network: { kind: 'mlp', widths: [32, 32] }, steps: 3000, batch: 256, learningRate: [5e-3, 1e-5] }],
  checkpoint: { everySteps: 3000 },
});

const FULL = { tags: ['full'] };

let engine: Engine;
let networks: TrainedNetwork[];
const listener = new Listener();
beforeAll(async () => {
  using parent = temporaryFolder();
  engine = await loadEngine('wasm', { threads: 2 });
  await using folder = await RunFolder.create(parent.in('run'), recordOf(specification));
  const data = runDataOf(specification, gaussianData(20_000));
  await train({ folder, specification, data, threads: 2, task: (name) => listener.task(name), say: () => undefined });
  networks = decodeModel(await readRunModel(folder.path), specification, data.system, folder.path);
});
afterAll(() => engine.dispose());

/**
 * Mean and covariance, with tolerances of four standard errors for so many independent points, and the model's. A few
 * points may be far out: where the network has seen little, the probability flow blows its error up.
 */
function expectMoments(all: readonly number[], independent: number) {
  const values = all.filter((_, i) => Math.hypot(all[i - (i % 2)]!, all[i - (i % 2) + 1]!) < 6);
  expect(all.length - values.length).toBeLessThan(1e-2 * all.length);
  const count = values.length / 2;
  const mean = [0, 1].map((axis) => values.reduce((sum, v, i) => (i % 2 === axis ? sum + v : sum), 0) / count);
  const moment = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += (values[2 * i + a]! - mean[a]!) * (values[2 * i + b]! - mean[b]!);
    return sum / count;
  };
  const [xx, xy, yy] = COVARIANCE;
  const within = (value: number, expected: number, variance: number) =>
    expect(Math.abs(value - expected)).toBeLessThan(4 * Math.sqrt(variance / independent) + MODEL_ERROR);
  within(mean[0]!, MEAN[0], xx);
  within(mean[1]!, MEAN[1], yy);
  within(moment(0, 0), xx, 2 * xx ** 2);
  within(moment(0, 1), xy, xx * yy + xy ** 2);
  within(moment(1, 1), yy, 2 * yy ** 2);
}

test.each([
  ['sde-dpm', 100],
  ['em', 300],
  ['heun', 30],
  ['dpm', 30],
] as const)('samples by %s', FULL, async (solver, steps) => {
  const { take, values } = gathered();
  const plan = planOf({ ...specification, sample: { ...specification.sample, solver, steps } }, networks);
  await drawSamples(plan, { count: 20_000, seed: 1, scale: 1 }, engine, listener.task(solver), take);
  expectMoments(values(), 20_000);
});

test.each(['baoab', 'langevin'] as const)('Langevin dynamics by %s', FULL, async (integrator) => {
  const replicas = 1000;
  const { take, values } = gathered();
  const options = {
    ...specification.simulate,
    ...{ replicas, integrator, steps: 2000, equilibration: 1000, stride: 100, timeStep: 0.02, friction: 1 },
    ...{ seed: 2, kT: 1.7, masses: [1, 1], scale: 1 },
  };
  const starts = new Float32Array(2 * replicas);
  const { stopped } = await simulateReplicas(
    forceOf(specification, networks),
    async () => starts,
    options,
    engine,
    listener.task(integrator),
    take,
  );
  expect(stopped).toBe(0);
  // Frames of a replica are correlated: reckon with every fourth.
  expectMoments(values(), (replicas * 20) / 4);
});
