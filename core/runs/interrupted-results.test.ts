/**
 * Samples and simulations that are stopped in the middle go on from their last checkpoint, not from the beginning, and end
 * with the very bytes of an undisturbed one: toys and molecules, again and again, with any number of threads.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadEngine } from '../engines/registry.ts';
import type { Specification } from '../specification/settings.ts';
import type { RowCheckpoint } from '../storage/partial-rows.ts';
import type { Continuation, TakeRows } from '../storage/row-sink.ts';
import { systemOf } from './data/run-system.ts';
import { type RunResult, samplesResult, simulationResult, writeResultInFolder } from './run-results.ts';
import { sampleRun, simulateRun, type TrainedRun } from './sampling/from-model.ts';
import { chainSystem, smallMolecularSpecification } from './small-molecule.test-support.ts';
import { Listener, smallSpecification, temporaryFolder, untrained } from './small-run.test-support.ts';

const engines = await Promise.all([1, 2].map((threads) => loadEngine('wasm', { threads })));
const reference = await loadEngine('reference', { threads: 1 });
afterAll(() => Promise.all([...engines, reference].map((engine) => engine.dispose())));

const chain = { sample: { count: 40, solver: 'dpm', steps: 60 }, simulate: { replicas: 3, steps: 200, stride: 20 } };
const simulate = { equilibration: 50, timeStep: 0.001, friction: 10, start: 'samples' };

/** Trained or not is all the same here. */
function toy(solver: string): TrainedRun {
  const specification = smallSpecification({
    sample: { count: 40, solver, steps: 200 },
    simulate: { replicas: 4, steps: 400, stride: 20, equilibration: 100, start: 'samples' },
  });
  return { specification, system: systemOf({ specification }), networks: untrained(specification) };
}
function molecule(features: string, moves: object = {}): TrainedRun {
  const source = { structure: 'chain.pdb', trajectories: [] };
  const changes = { ...chain, simulate: { ...chain.simulate, ...simulate, ...moves } };
  const specification = smallMolecularSpecification([source], { features }, changes);
  const system = chainSystem(4, specification);
  return { specification, system, networks: untrained(specification, system) };
}

type Work = (
  take: TakeRows,
  from: Continuation,
  listener: Listener,
  engine: (typeof engines)[number],
) => Promise<unknown>;
interface Making {
  readonly part: RunResult;
  readonly task: string;
  readonly unit: string;
  readonly work: Work;
  /** What is reported at a checkpoint. */
  done(checkpoint: RowCheckpoint): number;
}
const solverSteps = (specification: Specification): number =>
  'steps' in specification.sample ? specification.sample.steps : 1;
const sampling = (run: TrainedRun): Making => ({
  part: samplesResult(run.specification, run.system),
  task: 'sampling',
  unit: 'samples',
  done: ({ step }) => Math.floor((run.specification.sample.count * step) / solverSteps(run.specification)),
  work: (take, from, listener, engine) => sampleRun(run, engine, listener, take, from),
});
const simulating = (run: TrainedRun): Making => ({
  part: simulationResult(run.specification, run.system),
  task: 'simulating',
  unit: 'steps',
  done: ({ step }) => step,
  work: (take, from, listener, engine) =>
    simulateRun(run, () => Promise.reject(new Error('no data')), engine, listener, take, from),
});

/** Stops after so many reports of its own, or not at all. */
async function session(
  folder: string,
  { part, task, unit, work }: Making,
  { reports = Number.POSITIVE_INFINITY, threads = 1, key = 'same' },
) {
  let heard = 0;
  const listener: Listener = new Listener(({ unit: own }, stop) => {
    if (own === unit && ++heard > reports) stop.abort(new Error('enough'));
  });
  let checkpoint: RowCheckpoint | undefined;
  let seconds: number | undefined;
  const named = async (found: number) => {
    seconds = found;
  };
  const made = await writeResultInFolder(folder, part, { key, named, patience: 0 }, (take, from) => {
    checkpoint = from.checkpoint;
    return work(take, from, listener, engines[threads - 1]!);
  }).catch((error: Error) => error.message);
  const first = listener.reports.get(task)?.[0];
  return { made, checkpoint, seconds, first, done: made !== 'enough' };
}

const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]));

describe.each([
  ['samples of a toy', sampling(toy('em'))],
  ['samples of a molecule', sampling(molecule('chemistry'))],
  ['simulation of a toy', simulating(toy('em'))],
  ['simulation of a molecule', simulating(molecule('place'))],
  [
    'simulation of a molecule with torsion moves',
    simulating(molecule('place', { torsionMoves: 2, torsionMovesEvery: 7 })),
  ],
])('%s', (_, making) => {
  test('stopped again and again: the same bytes, each session from the last checkpoint on', async () => {
    using parent = temporaryFolder();
    using whole = temporaryFolder();
    expect(await session(whole.path, making, {})).toMatchObject({ checkpoint: undefined, done: true });
    let sessions = 0;
    let last = -1;
    for (let done = false; !done; sessions++) {
      const found = await session(parent.path, making, { reports: 3 + sessions, threads: 1 + (sessions % 2) });
      ({ done } = found);
      if (sessions > 0) {
        expect(found.checkpoint!.step).toBeGreaterThan(last);
        expect(found.first!.done).toBe(making.done(found.checkpoint!));
        last = found.checkpoint!.step;
      }
      if (!done) expect(found.made).toBe('enough');
    }
    expect(sessions).toBeGreaterThan(2);
    expect(contents(parent.path)).toEqual(contents(whole.path));
  });

  test('what is left of other settings does not count', async () => {
    using parent = temporaryFolder();
    using whole = temporaryFolder();
    await session(whole.path, making, {});
    await session(parent.path, making, { reports: 3, key: 'other' });
    expect(readdirSync(parent.path).some((name) => name.endsWith('.partial'))).toBe(true);
    expect(await session(parent.path, making, {})).toMatchObject({ checkpoint: undefined, done: true });
    expect(contents(parent.path)).toEqual(contents(whole.path));
  });
});

test('a checkpoint that is damaged costs time only', async () => {
  using parent = temporaryFolder();
  using whole = temporaryFolder();
  const making = simulating(molecule('place'));
  await session(whole.path, making, {});
  await session(parent.path, making, { reports: 4 });
  const names = readdirSync(parent.path).filter((name) => name.includes('.partial.'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) writeFileSync(parent.in(name), 'nonsense');
  expect(await session(parent.path, making, {})).toMatchObject({ checkpoint: undefined, done: true });
  expect(contents(parent.path)).toEqual(contents(whole.path));
});

test('seconds add up over the sessions', async () => {
  using parent = temporaryFolder();
  const making = simulating(molecule('place'));
  const start = performance.now();
  await session(parent.path, making, { reports: 5 });
  const { seconds } = await session(parent.path, making, {});
  const all = (performance.now() - start) / 1000;
  expect(seconds).toBeLessThan(all);
  expect(seconds).toBeGreaterThan(0.3 * all);
});

test('numbers in double precision are kept as such: the reference engine goes on to the same bits, too', async () => {
  const run = molecule('place');
  const specification = {
    ...run.specification,
    sample: { count: 2, solver: 'em', steps: 6, brokenBonds: 'keep' } as const,
  };
  const small = { ...run, specification };
  const checkpoints: RowCheckpoint[] = [];
  const whole: number[] = [];
  await sampleRun(small, reference, new Listener(), async (rows) => void whole.push(...rows), {
    checkpoint: undefined,
    keep: async (checkpoint) => void checkpoints.push(checkpoint),
  });
  expect(checkpoints.length).toBeGreaterThan(1);
  for (const checkpoint of checkpoints.slice(0, -1)) {
    const rest: number[] = [];
    await sampleRun(small, reference, new Listener(), async (rows) => void rest.push(...rows), {
      checkpoint,
      keep: async () => undefined,
    });
    expect(rest).toEqual(whole);
  }
});
