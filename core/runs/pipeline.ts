/**
 * A run from its specification to its scores: data, training, samples, simulation, evaluation.
 * What a folder already holds is not done again, which is all that resuming means; each part is written whole.
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../engines/engine.ts';
import { chooseEngine } from '../engines/registry.ts';
import { ErgodicError } from '../errors.ts';
import type { NumberArray } from '../formats/npy.ts';
import { decodeSamples } from '../formats/samples.ts';
import { toySystem } from '../systems/toy-systems.ts';
import type { TakeRows } from './array-file.ts';
import { type Evaluation, evaluate, type RunMetrics } from './evaluate.ts';
import { errorCode, fileError } from './file-errors.ts';
import { fineTuneStart } from './fine-tune.ts';
import type { Specification } from './parameters.ts';
import { measureResidual, type ResidualCurve } from './residual.ts';
import { type RunFolder, type RunRecord, readRunLog, readRunModel, readRunRecord } from './run-folder.ts';
import { drawSamples } from './sample.ts';
import { frameCount, type Simulation, simulateReplicas } from './simulate.ts';
import type { Task } from './task.ts';
import { type Trained, train } from './train.ts';
import { decodeModel, type TrainedExpert } from './trained-model.ts';
import { type DataSet, fingerprint, secondDataSet, trainingData } from './training-data.ts';
import { trainingLines } from './training-log.ts';

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

/** Name and device, for the record of what was computed where. */
export const engineName = (specification: Specification): Promise<string> =>
  withEngine(specification, async (engine) => {
    const { name, device } = await engine.describe();
    return `${name}: ${device}`;
  });

/** What must be right before a new run gets its folder: the engine, and the data where they come from a file. */
export async function prepared(
  specification: Specification,
  follower: Follower,
): Promise<{ data?: DataSet; dataFingerprint?: string }> {
  await engineName(specification);
  if (specification.system.data === null) return {};
  const data = await trainingData(specification.system, follower.task('training data'));
  return { data, dataFingerprint: fingerprint(data) };
}

/** The data of a run that was begun before, the same as then. */
export async function runData(
  { specification, dataFingerprint }: Pick<RunRecord, 'specification' | 'dataFingerprint'>,
  follower: Follower,
): Promise<DataSet> {
  const { system } = specification;
  const data = await trainingData(system, follower.task('training data'));
  if (dataFingerprint !== undefined && fingerprint(data) !== dataFingerprint) {
    throw new ErgodicError(
      `\`${system.data}\` has changed since this run was begun: put the original back, or start a new run.`,
    );
  }
  return data;
}

export interface TrainedRecord extends Trained {
  readonly record: RunRecord;
}

/** Trains what is not trained yet. */
export async function trainRun(
  folder: RunFolder,
  begun: RunRecord,
  follower: Follower,
  data?: DataSet,
): Promise<TrainedRecord> {
  const { specification, startedFrom } = begun;
  const record = { ...begun, engine: await engineName(specification) };
  await folder.writeRecord(record);
  const say = (line: string) => follower.say(line);
  const trained = await train({
    folder,
    specification,
    data: data ?? (await runData(record, follower)),
    threads: threadsOf(specification),
    ...(startedFrom === undefined ? {} : { begin: () => fineTuneStart(startedFrom, specification, say) }),
    task: (name) => follower.task(name),
    say,
  });
  const seconds = Math.max(record.seconds.train ?? 0, trained.seconds);
  const after = { ...record, seconds: { ...record.seconds, train: seconds } };
  await folder.writeRecord(after);
  return { ...trained, seconds, record: after };
}

export interface TrainedRun {
  readonly specification: Specification;
  readonly experts: readonly TrainedExpert[];
}

/** A run whose training is complete, to read from. */
export async function openTrained(path: string, follower: Follower): Promise<TrainedRun & { record: RunRecord }> {
  const record = await readRunRecord(path);
  const { specification } = record;
  const model = await readRunModel(path);
  if (model.notice) follower.say(model.notice);
  return { record, specification, experts: decodeModel(model, specification, path) };
}

/** [count, coordinates]. */
export const samplesShape = ({ sample, system }: Specification): number[] => [
  sample.count,
  toySystem(system.kind).dimension,
];

/** [frames, replicas, coordinates]. */
export const simulationShape = ({ simulate, system }: Specification): number[] => [
  frameCount(simulate),
  simulate.replicas,
  toySystem(system.kind).dimension,
];

export const sampleRun = (
  { specification, experts }: TrainedRun,
  engine: Engine,
  follower: Follower,
  take: TakeRows,
): Promise<void> =>
  drawSamples(experts, { ...specification.sample, seed: specification.seed }, engine, follower.task('sampling'), take);

/** Replicas start at data points or at the model's own samples, each at another one. */
export async function simulateRun(
  run: TrainedRun,
  data: () => Promise<DataSet>,
  engine: Engine,
  follower: Follower,
  take: TakeRows,
): Promise<Simulation> {
  const { specification, experts } = run;
  const { simulate, seed } = specification;
  const system = toySystem(specification.system.kind);
  const starts =
    simulate.start === 'data'
      ? spaced(await data(), simulate.replicas)
      : await samplesToStartFrom(run, engine, follower);
  const options = { ...simulate, seed, kT: system.kT, masses: Array(system.dimension).fill(system.mass), scale: 1 };
  const simulation = await simulateReplicas(experts, starts, options, engine, follower.task('simulating'), take);
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

async function samplesToStartFrom({ specification, experts }: TrainedRun, engine: Engine, follower: Follower) {
  const { sample, simulate, seed, system } = specification;
  const starts = new Float32Array(simulate.replicas * toySystem(system.kind).dimension);
  let filled = 0;
  // Another seed than that of the samples: a simulation should not begin where it is compared.
  const options = { ...sample, count: simulate.replicas, seed: seed + 1 };
  await drawSamples(experts, options, engine, follower.task('starting points'), async (rows) => {
    starts.set(rows, filled);
    filled += rows.length;
  });
  return starts;
}

/** One part of a run whose result is an array. */
export interface Part {
  /** In the record's seconds. */
  readonly key: string;
  readonly file: string;
  readonly shape: readonly number[];
}

/**
 * Makes a part, into the run's folder. Its seconds are recorded before it gets its name,
 * so that whoever is killed in between does the part again.
 */
export async function makePart<R>(
  folder: RunFolder,
  record: RunRecord,
  part: Part,
  work: (take: TakeRows) => Promise<R>,
): Promise<{ result: R; record: RunRecord }> {
  const start = performance.now();
  await using file = await folder.arrayFile(part.file, part.shape);
  const result = await work((rows) => file.append(rows));
  const seconds = { ...record.seconds, [part.key]: (performance.now() - start) / 1000 };
  const after = { ...record, seconds };
  await folder.writeRecord(after);
  await file.finish();
  return { result, record: after };
}

export interface RunSummary {
  readonly run: string;
  /** Name and device. */
  readonly engine: string;
  readonly metrics: RunMetrics;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Does whatever of the whole pipeline the folder does not hold yet. */
export async function completeRun(
  folder: RunFolder,
  begun: RunRecord,
  follower: Follower,
  given?: DataSet,
): Promise<RunSummary> {
  const data = given ?? (await runData(begun, follower));
  let { record } = await trainRun(folder, begun, follower, data);
  const { specification } = record;
  const run = await openTrained(folder.path, follower);
  const samples = { key: 'sample', file: SAMPLES, shape: samplesShape(specification) };
  const simulation = { key: 'simulate', file: SIMULATION, shape: simulationShape(specification) };
  await withEngine(specification, async (engine) => {
    if (!(await holds(folder, samples, follower))) {
      ({ record } = await makePart(folder, record, samples, (take) => sampleRun(run, engine, follower, take)));
    }
    if (!(await holds(folder, simulation, follower))) {
      const work = (take: TakeRows) => simulateRun(run, async () => data, engine, follower, take);
      ({ record } = await makePart(folder, record, simulation, work));
    }
  });
  const { metrics } = await evaluateRun(folder, run, { data }, follower);
  await folder.writeRecord({ ...record, finished: true });
  return { run: folder.path, engine: record.engine ?? '', metrics, seconds: record.seconds };
}

/** Whether a part is there, whole and as the specification wants it; if not, it is made again. */
async function holds(folder: RunFolder, { file, shape }: Part, follower: Follower): Promise<boolean> {
  try {
    const found = await storedPart(folder.path, file, shape.length, shape.at(-1)!);
    if (!found) return false;
    if (String(found.shape) === String(shape)) return true;
    follower.say(`\`${file}\` is not what this run's specification asks for, and is made again.`);
  } catch (error) {
    if (!(error instanceof ErgodicError)) throw error;
    follower.say(`${error.message} It is made again.`);
  }
  return false;
}

export interface Comparison {
  /** The run's own data, for the residual. */
  readonly data: DataSet;
  /** What to compare with instead of the run's own data. */
  readonly reference?: DataSet | undefined;
}

export interface StoredEvaluation extends Evaluation {
  /** Where the model has an energy at all. */
  readonly residual: ResidualCurve | undefined;
}

/** Scores and draws what the folder holds, and stores it there. */
export async function evaluateRun(
  folder: RunFolder,
  { specification, experts }: TrainedRun,
  { data, reference = data }: Comparison,
  follower: Follower,
): Promise<StoredEvaluation> {
  const { system, seed, evaluate: settings } = specification;
  const { path } = folder;
  const samples = await storedPart(path, SAMPLES, 2, data.dimension);
  const simulation = await storedPart(path, SIMULATION, 3, data.dimension);
  if (!samples && !simulation) {
    throw new ErgodicError(
      `\`${path}\` has neither samples nor a simulation yet: make some with \`ergodic sample ${path}\` or \`ergodic simulate ${path}\`.`,
    );
  }
  const residual = experts.some(({ expert }) => expert.conservative)
    ? await withEngine(specification, (engine) =>
        measureResidual(experts, data, settings.residualPoints, seed, engine, follower.task('residual')),
      )
    : undefined;
  // A reference of one's own has no twin: its noise floor comes from its halves.
  const twin = reference === data && system.data === null;
  const second = twin ? await secondDataSet(system, data.count, follower.task('data for the noise floor')) : undefined;
  const training = trainingLines(await readRunLog(path));
  const evaluation = evaluate({ specification, reference, second, samples, simulation, residual, training });
  for (const notice of evaluation.notices) follower.say(notice);
  await folder.writeMetrics({ ...evaluation.metrics, ...(residual ? { fpCurve: residual } : {}) });
  for (const [name, { svg, csv }] of evaluation.figures) {
    await folder.writeFigure(`${name}.svg`, svg);
    await folder.writeFigure(`${name}.csv`, csv);
  }
  return { ...evaluation, residual };
}

/** The array of a finished part, or undefined where it is not done yet. */
async function storedPart(
  path: string,
  name: string,
  axes: number,
  dimension: number,
): Promise<NumberArray | undefined> {
  const file = join(path, name);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, file);
  }
  const found = decodeSamples(file, bytes);
  if (found.shape.length === axes && found.shape.at(-1) === dimension) return found;
  throw new ErgodicError(
    `\`${file}\` holds an array of shape (${found.shape.join(', ')}), where ${axes} axes were expected, the last of ${dimension}.`,
  );
}
