/**
 * A small graph transformer learns a molecule whose law is known, three beads with harmonic bonds at 300 K, from files;
 * its samples and its simulation then have the bond lengths that they must have. Every convention between files and
 * forces is in this: units, scale, centring, temperature, masses.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { distances } from '../../analysis/geometry/distances.ts';
import type { Engine } from '../../engines/engine.ts';
import { loadEngine } from '../../engines/registry.ts';
import type { TrainedNetwork } from '../../methods/method.ts';
import type { SpecificationOf } from '../../specification/settings.ts';
import { spaced } from '../data/data-set.ts';
import { loadData } from '../data/load-data.ts';
import type { RunData } from '../data/run-data.ts';
import { RunFolder, readRunModel } from '../run-folder.ts';
import { drawSamples } from '../sampling/sample.ts';
import { simulateReplicas } from '../sampling/simulate.ts';
import {
  chainFrames,
  chainTopology,
  smallMolecularSpecification,
  writeMolecule,
} from '../small-molecule.test-support.ts';
import { forceOf, gathered, Listener, planOf, recordOf, temporaryFolder } from '../small-run.test-support.ts';
import { train } from './train.ts';
import { decodeModel } from './trained-model.ts';

/** What a small network with two thousand steps may be off, as fractions of the bond's length and of its width. */
const LENGTH_ERROR = 0.04;
const WIDTH_ERROR = 0.2;

const experts = [
  {
    range: [0, 0.3],
    network: { kind: 'graph-transformer', hidden: 12, layers: 2, heads: 2, headWidth: 8 },
    weightMidpoint: 0.06,
    ...{ steps: 2200, batch: 128, learningRate: [5e-3, 1e-5] },
  },
  {
    range: [0.3, 1],
    network: { kind: 'graph-transformer', hidden: 12, layers: 1, heads: 2, headWidth: 8 },
    conservative: false,
    ...{ steps: 1000, batch: 128, learningRate: [1e-2, 1e-5] },
  },
];

const FULL = { tags: ['full'] };

let engine: Engine;
let data: RunData;
let trained: TrainedNetwork[];
let specification: SpecificationOf<'diffusion'>;
const listener = new Listener();
beforeAll(async () => {
  using parent = temporaryFolder();
  const topology = chainTopology(['ALA', 'GLY', 'SER']);
  const source = writeMolecule(parent.in('chain'), topology, chainFrames(3, 20_000, 1));
  const plane = { kind: 'distances', first: [1, 2], second: [2, 3] };
  const changes = { experts, checkpoint: { everySteps: 1e6 } };
  specification = smallMolecularSpecification([source], { plane, temperature: 300 }, changes);
  engine = await loadEngine('wasm', { threads: 2 });
  const loaded = await loadData(specification, listener);
  ({ data } = loaded);
  await using folder = await RunFolder.create(parent.in('run'), { ...recordOf(specification), ...loaded.facts });
  await train({ folder, specification, data, threads: 2, task: (name) => listener.task(name), say: () => undefined });
  trained = decodeModel(await readRunModel(folder.path), specification, data.system, folder.path);
}, 180_000);
afterAll(() => engine.dispose());

/** Median and width between quartiles: a few that go astray where so small a network has seen little do no harm. */
function shapeOf(lengths: ArrayLike<number>) {
  const sorted = Array.from(lengths).sort((a, b) => a - b);
  const at = (fraction: number) => sorted[Math.floor(fraction * sorted.length)]!;
  return { median: at(0.5), width: at(0.75) - at(0.25), farthest: at(0.98) };
}

const bondsIn = (positions: Float32Array) =>
  distances({ positions, frames: positions.length / 9, atoms: 3 }, data.system.bonds).map(shapeOf);

function expectBonds(values: readonly number[]) {
  const [exact] = bondsIn(chainFrames(3, 50_000, 9));
  for (const { median, width, farthest } of bondsIn(Float32Array.from(values))) {
    expect(Math.abs(median / exact!.median - 1)).toBeLessThan(LENGTH_ERROR);
    expect(Math.abs(width / exact!.width - 1)).toBeLessThan(WIDTH_ERROR);
    expect(farthest).toBeLessThan(2 * exact!.median);
  }
}

test('samples have the bonds of the data', FULL, async () => {
  const { take, values } = gathered();
  const plan = planOf({ ...specification, sample: { ...specification.sample, solver: 'dpm', steps: 30 } }, trained);
  const options = { count: 2000, seed: 1, scale: data.system.scale };
  await drawSamples(plan, options, engine, listener.task('sampling'), take);
  expectBonds(values());
});

test('a simulation at 300 K has the bonds of the data', FULL, async () => {
  const replicas = 150;
  const { kT, masses, scale } = data.system;
  const settings = { replicas, steps: 800, equilibration: 400, stride: 80, timeStep: 0.005, friction: 5 };
  const rest = { integrator: 'baoab', evaluationTime: 1e-5, seed: 2, kT, masses, scale } as const;
  const { take, values } = gathered();
  const { stopped } = await simulateReplicas(
    forceOf(specification, trained),
    async () => spaced(data.reference, replicas),
    { ...settings, ...rest },
    engine,
    listener.task('simulating'),
    take,
  );
  expect(stopped).toBe(0);
  expectBonds(values());
});
