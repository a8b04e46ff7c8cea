/**
 * A run from its specification to its metrics: data, training, samples, simulation, evaluation.
 * What a folder already holds is not done again, which is all that resuming means; each file is written completely or not at all.
 */
import { join } from 'node:path';
import type { Engine } from '../engines/engine.ts';
import { ErgodicError } from '../errors.ts';
import type { EvaluatedModel, TrainedNetwork } from '../methods/method.ts';
import { methodOf } from '../methods/methods.ts';
import type { Specification } from '../specification/settings.ts';
import { PartialRows } from '../storage/partial-rows.ts';
import type { Continuation, TakeRows } from '../storage/row-sink.ts';
import { chooseSettings, fittedToTime } from './auto/choose-settings.ts';
import type { RecordedChoice } from './auto/recorded-choice.ts';
import { afterRound, judge } from './auto/rounds.ts';
import { doubtOf } from './auto/virial.ts';
import { type DataSet, spaced } from './data/data-set.ts';
import { loadData, reloadData } from './data/load-data.ts';
import type { DataFacts, RunData } from './data/run-data.ts';
import { dimensionOf, type RunSystem, systemOf } from './data/run-system.ts';
import { engineName, threadsOf, withEngine } from './engine-session.ts';
import type { RunMetrics } from './evaluation/evaluate.ts';
import { evaluateRun } from './evaluation/evaluate-run.ts';
import type { IndependentDraws } from './evaluation/independent-draws.ts';
import type { Follower } from './follower.ts';
import { type RunFolder, type RunRecord, readRunModel, readRunRecord } from './run-folder.ts';
import {
  forgetLeftovers,
  type RunResult,
  readResult,
  samplesResult,
  simulationResult,
  writeResultInFolder,
} from './run-results.ts';
import { drawSamples } from './sampling/sample.ts';
import { simulateReplicas } from './sampling/simulate.ts';
import type { Simulation, TorsionMoves } from './sampling/simulation.ts';
import { stratifiedStarts } from './sampling/stratified-starts.ts';
import { movesAskedFor } from './sampling/torsion-sampler.ts';
import { fineTuneStart } from './training/fine-tune.ts';
import { type Trained, train } from './training/train.ts';
import { decodeModel } from './training/trained-model.ts';

/**
 * Checks before a new run gets its folder: the engine, and the data where they come from files. A run that starts from
 * the model of another one takes over its molecule record: the data scale belongs to the weights.
 */
export async function prepared(
  given: Specification,
  follower: Follower,
  { dataFingerprint, molecule }: DataFacts = {},
): Promise<Prepared> {
  await engineName(given);
  if (given.method === 'auto') return preparedAutomatically(given, follower);
  const specification = given;
  const { system } = specification;
  const columns = methodOf(specification).columns(specification);
  if (molecule) {
    const facts = { molecule, ...(dataFingerprint === undefined ? {} : { dataFingerprint }) };
    return { specification, data: await reloadData({ specification, ...facts }, follower, columns), facts };
  }
  if (system.kind !== 'molecule' && system.data === null) return { specification, facts: {} };
  const loaded = await loadData(specification, follower, columns);
  // Better before the training than after it.
  movesAskedFor(specification.simulate, loaded.data.system.topology);
  return { specification, ...loaded };
}

/** What a new run begins with. */
export interface Prepared {
  /** As it was given, or as it was chosen. */
  readonly specification: Specification;
  readonly data?: RunData;
  readonly facts: DataFacts & Pick<RunRecord, 'choice'>;
}

/** With what the automatic method chooses for the data in its place. */
async function preparedAutomatically(
  given: Extract<Specification, { method: 'auto' }>,
  follower: Follower,
): Promise<Prepared> {
  let { specification: wished, choice } = await chooseSettings(given, follower);
  let { data: read, facts } = await prepared(wished, follower);
  const doubt = read && doubtOf(read.training);
  if (doubt) {
    const { specification, choice: other } = await chooseSettings(given, follower, { withoutForces: true });
    wished = specification;
    choice = { ...other, sentence: `${doubt} ${other.sentence}` };
    ({ data: read, facts } = await prepared(wished, follower));
  }
  follower.say(choice.sentence);
  // Steps are measured on data that are still to be generated, too.
  const data = read ?? (choice.minutes > 0 ? (await loadData(wished, follower)).data : undefined);
  const specification = data ? await fittedToTime(wished, choice.minutes, data, follower) : wished;
  return { specification, ...(data ? { data } : {}), facts: { ...facts, choice } };
}

export interface TrainedRecord extends Trained {
  readonly record: RunRecord;
}

/** Trains, or continues to train; where the settings were chosen, in as many rounds as help. */
export async function trainRun(
  folder: RunFolder,
  begun: RunRecord,
  follower: Follower,
  given?: RunData,
): Promise<TrainedRecord> {
  const { specification } = begun;
  const data = given ?? (await reloadData(begun, follower, methodOf(specification).columns(specification)));
  let trained = await trainOnce(folder, begun, follower, data);
  for (;;) {
    const { record } = trained;
    const { choice, specification: own } = record;
    if (!choice || choice.ending !== undefined || own.method !== 'diffusion') return trained;
    const { networks } = await openTrained(folder.path, follower);
    const found = await judge(own, networks, data, follower);
    const after = afterRound(choice, found, trained.seconds);
    const goesOn = after.ending === undefined;
    if (after.ending) follower.say(after.ending);
    const experts = own.experts.map((expert) => ({ ...expert, rounds: expert.rounds + 1 }));
    const next = { ...record, choice: after, ...(goesOn ? { specification: { ...own, experts } } : {}) };
    await folder.writeRecord(next);
    trained = goesOn ? await trainOnce(folder, next, follower, data) : { ...trained, record: next };
  }
}

async function trainOnce(
  folder: RunFolder,
  begun: RunRecord,
  follower: Follower,
  data: RunData,
): Promise<TrainedRecord> {
  const { specification, startedFrom } = begun;
  const record = { ...begun, engine: await engineName(specification) };
  await folder.writeRecord(record);
  const say = (line: string) => follower.say(line);
  const trained = await train({
    folder,
    specification,
    data,
    threads: threadsOf(specification),
    ...(startedFrom === undefined ? {} : { begin: () => fineTuneStart(startedFrom, specification, data.system, say) }),
    task: (name) => follower.task(name),
    say,
    view: follower.spectator?.training(data, specification),
  });
  const seconds = Math.max(record.seconds.train ?? 0, trained.seconds);
  const after = { ...record, seconds: { ...record.seconds, train: seconds } };
  await folder.writeRecord(after);
  return { ...trained, seconds, record: after };
}

export interface TrainedRun {
  readonly specification: Specification;
  readonly system: RunSystem;
  readonly networks: readonly TrainedNetwork[];
}

/** Trains to the end. A run that also samples and simulates is finished by `completeRun`. */
export async function completeTraining(
  folder: RunFolder,
  begun: RunRecord,
  follower: Follower,
  given?: RunData,
): Promise<TrainedRecord> {
  const trained = await trainRun(folder, begun, follower, given);
  if (trained.record.command === 'run') return trained;
  const record = { ...trained.record, finished: true };
  await folder.writeRecord(record);
  return { ...trained, record };
}

/** A trained run, to read from. */
export async function openTrained(path: string, follower: Follower): Promise<TrainedRun & { record: RunRecord }> {
  const record = await readRunRecord(path);
  const { specification } = record;
  const model = await readRunModel(path);
  if (model.notice) follower.say(model.notice);
  const system = systemOf(record);
  return { record, specification, system, networks: decodeModel(model, specification, system, path) };
}

export const sampleRun = (
  { specification, system, networks }: TrainedRun,
  engine: Engine,
  follower: Follower,
  take: TakeRows,
  continuation?: Continuation,
): Promise<number> => {
  const { sample, seed } = specification;
  const options = { count: sample.count, seed, scale: system.scale };
  const plan = methodOf(specification).samplingPlan(networks, specification);
  const view = follower.spectator?.sampling({ system, made: continuation?.made });
  return drawSamples(plan, options, engine, follower.task('sampling'), take, continuation, view);
};

/** Replicas start at different data points, or at different samples of the model (`simulate.start`). */
export async function simulateRun(
  run: TrainedRun,
  data: () => Promise<DataSet>,
  engine: Engine,
  follower: Follower,
  take: TakeRows,
  continuation?: Continuation,
): Promise<Simulation> {
  const { specification, system } = run;
  const { simulate, seed } = specification;
  const force = forceOf(run);
  const moves = movesOf(run, force);
  const { replicas } = simulate;
  const starts = {
    data: async () => spaced(await data(), replicas),
    stratified: async () => stratifiedStarts(await data(), system.variables, replicas, seed),
    samples: () => samplesToStartFrom(run, engine, follower),
  }[simulate.start];
  const { kT, masses, scale } = system;
  const options = { ...simulate, seed, kT, masses, scale, ...(moves ? { moves } : {}) };
  const task = follower.task('simulating');
  const scene = { system, made: continuation?.made, options, force, engine };
  const view = follower.spectator?.simulation(scene);
  const simulation = await simulateReplicas(force, starts, options, engine, task, take, continuation, view).finally(
    () => view?.dispose(),
  );
  if (simulation.stopped > 0) {
    follower.say(
      `${simulation.stopped} of ${simulate.replicas} replicas diverged (non-finite coordinates) and were stopped; their later frames are left out.`,
    );
  }
  const { torsionAcceptance } = simulation;
  if (torsionAcceptance !== undefined) follower.say(acceptanceText(torsionAcceptance));
  return simulation;
}

export const acceptanceText = (fraction: number): string =>
  `${(100 * fraction).toPrecision(2)} % of the torsion moves were accepted. The simulation samples and is no dynamics: it has no times.`;

/** The torsion moves that are asked for; an error where nothing can turn, or where no energy could accept them. */
function movesOf({ specification: { simulate }, system }: TrainedRun, force: EvaluatedModel): TorsionMoves | undefined {
  const moves = movesAskedFor(simulate, system.topology);
  if (!moves || force.hasEnergy) return moves;
  throw new ErgodicError(
    `\`simulate.torsionMoves\` is ${simulate.torsionMoves}, but the network at the evaluation time has no energy to accept them with: set it to 0, or train a conservative network.`,
  );
}

/** The model whose score is the force; an error where the method has none. */
function forceOf({ specification, networks }: TrainedRun): EvaluatedModel {
  const { force, title } = methodOf(specification);
  if (force) return force(networks, specification.simulate.evaluationTime);
  throw new ErgodicError(`The method ${title} has no force: its models can be sampled but not simulated.`);
}

async function samplesToStartFrom({ specification, system, networks }: TrainedRun, engine: Engine, follower: Follower) {
  const { simulate, seed } = specification;
  const starts = new Float32Array(simulate.replicas * dimensionOf(system));
  let filled = 0;
  // Not the seed of the samples: a simulation should not start at the samples it is compared with.
  const options = { count: simulate.replicas, seed: seed + 1, scale: system.scale };
  const plan = methodOf(specification).samplingPlan(networks, specification);
  await drawSamples(plan, options, engine, follower.task('sampling starting points'), async (rows) => {
    starts.set(rows, filled);
    filled += rows.length;
  });
  return starts;
}

/**
 * Makes a result in the run's folder. Its seconds are recorded before it gets its name: a run that is killed in between
 * makes it again.
 */
export async function generateResult<R>(
  folder: RunFolder,
  record: RunRecord,
  result: RunResult,
  work: (take: TakeRows, continuation: Continuation) => Promise<R>,
  /** What the record keeps of the outcome. */
  recorded: (outcome: R) => Partial<RunRecord> = () => ({}),
): Promise<{ outcome: R; record: RunRecord }> {
  let after = record;
  const key = makingKey(record.specification, result);
  const noted = async (take: TakeRows, continuation: Continuation) => {
    const outcome = await work(take, continuation);
    after = { ...record, ...recorded(outcome) };
    return outcome;
  };
  const named = async (seconds: number) => {
    after = { ...after, seconds: { ...record.seconds, [result.key]: seconds } };
    await folder.writeRecord(after);
  };
  const outcome = await writeResultInFolder(folder.path, result, { key, named }, noted);
  return { outcome, record: after };
}

/** Of a simulation, for `generateResult`. */
export const simulationFacts = ({ torsionAcceptance }: Simulation): Partial<RunRecord> => ({ torsionAcceptance });

/** With the settings of sampling, because a simulation may start at samples. */
const makingKey = ({ seed, sample, simulate }: Specification, { key, shape }: RunResult): string =>
  JSON.stringify([seed, sample, key === 'simulate' && simulate, shape]);

/** The settings of a result whose making was interrupted; unchecked. */
export async function settingsLeft(folder: string, { file, key: kind }: RunResult): Promise<object | undefined> {
  const key = await PartialRows.keyLeft(join(folder, file));
  if (key === undefined) return undefined;
  const [, sample, simulate] = JSON.parse(key) as [number, object, object];
  return kind === 'sample' ? sample : simulate;
}

/** The outcome of a complete run. */
export interface RunOutcome {
  readonly run: string;
  /** Name and device. */
  readonly engine: string;
  readonly metrics: RunMetrics;
  /** Of the simulation. */
  readonly effectiveSampleSize: IndependentDraws | undefined;
  readonly seconds: Readonly<Record<string, number>>;
  /** Of settings that were chosen. */
  readonly choice?: RecordedChoice | undefined;
  /** Fraction, of a simulation with torsion moves. */
  readonly torsionAcceptance?: number | undefined;
}

/** Makes everything that the folder does not hold yet. */
export async function completeRun(
  folder: RunFolder,
  begun: RunRecord,
  follower: Follower,
  given?: RunData,
): Promise<RunOutcome> {
  const columns = methodOf(begun.specification).columns(begun.specification);
  const data = given ?? (await reloadData(begun, follower, columns));
  let { record } = await trainRun(folder, begun, follower, data);
  const { specification } = record;
  const run = await openTrained(folder.path, follower);
  const samples = samplesResult(specification, run.system);
  const simulation = simulationResult(specification, run.system);
  await withEngine(specification, follower, async (engine) => {
    if (!(await holds(folder, samples, follower))) {
      ({ record } = await generateResult(folder, record, samples, (take, from) =>
        sampleRun(run, engine, follower, take, from),
      ));
    }
    if (methodOf(specification).force && !(await holds(folder, simulation, follower))) {
      const work = (take: TakeRows, from: Continuation) =>
        simulateRun(run, async () => data.known, engine, follower, take, from);
      ({ record } = await generateResult(folder, record, simulation, work, simulationFacts));
    }
  });
  const { metrics, effectiveSampleSize } = await evaluateRun(folder, run, { data }, follower);
  await folder.writeRecord({ ...record, finished: true });
  const { engine = '', seconds, choice, torsionAcceptance } = record;
  return { run: folder.path, engine, metrics, effectiveSampleSize, seconds, choice, torsionAcceptance };
}

/** Whether a result is complete and as the specification says; says so where it has to be made again. */
export async function holds(folder: RunFolder, result: RunResult, follower: Follower): Promise<boolean> {
  const { file, shape } = result;
  try {
    const found = await readResult(folder.path, result);
    if (!found) return false;
    if (String(found.shape) === String(shape)) {
      await forgetLeftovers(folder.path, result);
      return true;
    }
    follower.say(`\`${file}\` does not match the run's specification and is made again.`);
  } catch (error) {
    if (!(error instanceof ErgodicError)) throw error;
    follower.say(`${error.message} It is made again.`);
  }
  return false;
}
