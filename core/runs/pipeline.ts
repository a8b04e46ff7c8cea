/**
 * A run from its specification to its scores: data, training, samples, simulation, evaluation.
 * What a folder already holds is not done again, which is all that resuming means; each part is written whole.
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../engines/engine.ts';
import { chooseEngine } from '../engines/registry.ts';
import { decodeSamples, encodeSamples } from '../formats/samples.ts';
import { toySystem } from '../systems/toy-systems.ts';
import { type Evaluation, evaluate, type RunMetrics } from './evaluate.ts';
import { errorCode, fileError } from './file-errors.ts';
import type { Specification } from './parameters.ts';
import { measureResidual, type ResidualCurve } from './residual.ts';
import { type RunFolder, type RunRecord, readRunModel, readRunRecord } from './run-folder.ts';
import { drawSamples } from './sample.ts';
import { type Simulation, simulateReplicas } from './simulate.ts';
import type { Task } from './task.ts';
import { type ExpertReport, train } from './train.ts';
import { decodeModel, type TrainedExpert } from './trained-model.ts';
import { type DataSet, trainingData } from './training-data.ts';

/** Who follows the work: a terminal, a window, a test. */
export interface Follower {
  readonly signal: AbortSignal;
  task(name: string): Task;
  say(line: string): void;
}

export const SAMPLES = 'samples.npy';
export const SIMULATION = 'simulation.npy';

/** Threads to use where a specification says 0. */
export const threadsOf = ({ threads }: Pick<Specification, 'threads'>): number => threads || availableParallelism();

export async function withEngine<R>(
  specification: Pick<Specification, 'engine' | 'threads'>,
  use: (engine: Engine) => Promise<R>,
): Promise<R> {
  const engine = await chooseEngine(specification.engine, { threads: threadsOf(specification) });
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}

export async function trainRun(
  folder: RunFolder,
  record: RunRecord,
  follower: Follower,
  data?: DataSet,
): Promise<{ experts: ExpertReport[]; record: RunRecord }> {
  const { specification } = record;
  const start = performance.now();
  const engine = await withEngine(specification, async (e) => {
    const { name, device } = await e.describe();
    return `${name}: ${device}`;
  });
  await folder.writeRecord({ ...record, engine });
  const experts = await train({
    folder,
    specification,
    data: data ?? (await trainingData(specification)),
    threads: threadsOf(specification),
    task: (name) => follower.task(name),
    say: (line) => follower.say(line),
  });
  const seconds = { ...record.seconds, train: (record.seconds.train ?? 0) + (performance.now() - start) / 1000 };
  const trained = { ...record, engine, seconds };
  await folder.writeRecord(trained);
  return { experts, record: trained };
}

export interface TrainedRun {
  readonly specification: Specification;
  readonly experts: readonly TrainedExpert[];
}

/** A run whose training is complete, to read from. */
export async function openTrained(path: string, say: (line: string) => void): Promise<TrainedRun> {
  const { specification } = await readRunRecord(path);
  const model = await readRunModel(path);
  if (model.notice) say(model.notice);
  return { specification, experts: decodeModel(model, specification, path) };
}

export const sampleRun = (
  { specification, experts }: TrainedRun,
  engine: Engine,
  follower: Follower,
): Promise<Float32Array> =>
  drawSamples(experts, { ...specification.sample, seed: specification.seed }, engine, follower.task('sampling'));

/** Replicas start at data points or at the model's own samples, each at another one. */
export async function simulateRun(
  run: TrainedRun,
  engine: Engine,
  follower: Follower,
  data?: DataSet,
): Promise<Simulation> {
  const { specification, experts } = run;
  const { simulate, seed } = specification;
  const system = toySystem(specification.system.kind);
  const starts =
    simulate.start === 'data'
      ? spaced(data ?? (await trainingData(specification)), simulate.replicas)
      : await drawSamples(
          experts,
          { ...specification.sample, count: simulate.replicas, seed: seed + 1 },
          engine,
          follower.task('starting points'),
        );
  const options = { ...simulate, seed, kT: system.kT, masses: Array(system.dimension).fill(system.mass), scale: 1 };
  const simulation = await simulateReplicas(experts, starts, options, engine, follower.task('simulating'));
  if (simulation.stopped > 0) {
    follower.say(
      `${simulation.stopped} of ${simulate.replicas} replicas left the finite world and were stopped; their later frames do not count.`,
    );
  }
  return simulation;
}

/** Data points evenly spaced over the data set. */
function spaced({ values, dimension, count }: DataSet, wanted: number): Float32Array {
  const starts = new Float32Array(wanted * dimension);
  for (let i = 0; i < wanted; i++) {
    const row = Math.floor(((i + 0.5) * count) / wanted) % count;
    starts.set(values.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  }
  return starts;
}

export interface RunSummary {
  readonly run: string;
  readonly metrics: RunMetrics;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Does whatever of the whole pipeline the folder does not hold yet. */
export async function completeRun(folder: RunFolder, begun: RunRecord, follower: Follower): Promise<RunSummary> {
  const { specification } = begun;
  const data = await trainingData(specification);
  let record = (await trainRun(folder, begun, follower, data)).record;
  const timed = async <R>(part: string, work: () => Promise<R>): Promise<R> => {
    const start = performance.now();
    const result = await work();
    record = { ...record, seconds: { ...record.seconds, [part]: (performance.now() - start) / 1000 } };
    await folder.writeRecord(record);
    return result;
  };
  const run = await openTrained(folder.path, (line) => follower.say(line));
  const { dimension } = data;
  const results = await withEngine(specification, async (engine) => {
    const samples =
      (await stored(folder.path, SAMPLES)) ??
      (await timed('sample', async () => {
        const drawn = await sampleRun(run, engine, follower);
        await folder.write(
          SAMPLES,
          encodeSamples(SAMPLES, { shape: [drawn.length / dimension, dimension], data: drawn }),
        );
        return drawn;
      }));
    const simulation =
      (await stored(folder.path, SIMULATION)) ??
      (await timed('simulate', async () => {
        const { frames, frameCount } = await simulateRun(run, engine, follower, data);
        const shape = [frameCount, specification.simulate.replicas, dimension];
        await folder.write(SIMULATION, encodeSamples(SIMULATION, { shape, data: frames }));
        return frames;
      }));
    const residual = await residualOf(run, data, engine, follower);
    return { samples, simulation, ...(residual ? { residual } : {}) };
  });
  const evaluation = evaluate({ specification, reference: data, ...results });
  await storeEvaluation(folder, evaluation, results.residual);
  await folder.writeRecord({ ...record, finished: true });
  return { run: folder.path, metrics: evaluation.metrics, seconds: record.seconds };
}

/** The residual curve where the model has an energy at all. */
export async function residualOf(
  { specification, experts }: TrainedRun,
  data: DataSet,
  engine: Engine,
  follower: Follower,
  points = specification.evaluate.residualPoints,
): Promise<ResidualCurve | undefined> {
  if (!experts.some(({ expert }) => expert.conservative)) return undefined;
  return measureResidual(experts, data, points, specification.seed, engine, follower.task('residual'));
}

export async function storeEvaluation(
  folder: RunFolder,
  { metrics, figures }: Evaluation,
  residual: ResidualCurve | undefined,
): Promise<void> {
  await folder.writeMetrics({ ...metrics, ...(residual ? { fpCurve: residual } : {}) });
  for (const [name, { svg, csv }] of figures) {
    await folder.writeFigure(`${name}.svg`, svg);
    await folder.writeFigure(`${name}.csv`, csv);
  }
}

/** Points of a finished part, or undefined where it is not done yet. */
export async function stored(path: string, name: string): Promise<Float32Array | undefined> {
  const file = join(path, name);
  try {
    return decodeSamples(file, await readFile(file)).data;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, file);
  }
}
