/**
 * A run from its specification to its metrics: data, training, samples, simulation, evaluation.
 * What a folder already holds is not done again, which is all that resuming means; each file is written completely or not at all.
 */
import { join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { methodOf } from '../methods/methods.ts';
import type { Specification } from '../specification/settings.ts';
import { PartialRows } from '../storage/partial-rows.ts';
import type { Continuation, TakeRows } from '../storage/row-sink.ts';
import { chooseSettings, fittedToTime } from './auto/choose-settings.ts';
import type { RecordedChoice } from './auto/recorded-choice.ts';
import { afterRound, enoughSteps, judge, shortenedText, validationLossOf } from './auto/rounds.ts';
import { doubtOf } from './auto/virial.ts';
import { loadData, reloadData } from './data/load-data.ts';
import type { DataFacts, RunData } from './data/run-data.ts';
import { systemOf } from './data/run-system.ts';
import { engineName, threadsOf, withEngine } from './engine-session.ts';
import type { RunMetrics } from './evaluation/evaluate.ts';
import { evaluateRun } from './evaluation/evaluate-run.ts';
import type { IndependentDraws } from './evaluation/independent-draws.ts';
import type { Follower } from './follower.ts';
import { type RunFolder, type RunRecord, readRunLog, readRunModel, readRunRecord } from './run-folder.ts';
import {
  forgetLeftovers,
  type RunResult,
  readResult,
  samplesResult,
  simulationResult,
  writeResultInFolder,
} from './run-results.ts';
import { sampleRun, simulateRun, type TrainedRun } from './sampling/from-model.ts';
import { samplesPerSecond } from './sampling/samples-per-second.ts';
import type { Simulation } from './sampling/simulation.ts';
import { movesAskedFor } from './sampling/torsion-sampler.ts';
import { fineTuneStart } from './training/fine-tune.ts';
import { startAgain, type Trained, train } from './training/train.ts';
import { decodeModel } from './training/trained-model.ts';
import { validationLines } from './training/training-log.ts';

/**
 * Checks before a new run gets its folder: the engine, and the data where they come from files. A run that starts from
 * the model of another one takes over its molecule record: the data scale belongs to the weights.
 */
export async function prepared(
  given: Specification,
  follower: Follower,
  { dataFingerprint, molecule, fittedWeights }: DataFacts = {},
): Promise<Prepared> {
  await engineName(given);
  if (given.method === 'auto') return preparedAutomatically(given, follower);
  const specification = given;
  const { system } = specification;
  const columns = methodOf(specification).columns(specification);
  if (molecule) {
    const facts = {
      molecule,
      ...(dataFingerprint === undefined ? {} : { dataFingerprint }),
      ...(fittedWeights ? { fittedWeights } : {}),
    };
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
    const lines = validationLines(await readRunLog(folder.path));
    const trainable = networks.map(({ network }) => network);
    const enough = choice.shortened ? [] : enoughSteps(trainable, lines);
    if (enough.some((steps) => steps !== undefined)) {
      follower.say(shortenedText(trainable, enough));
      // First the networks, then what is said of them: a run that is killed in between finds the same again.
      await startAgain(folder, own, data, (index) => enough[index] !== undefined);
      const experts = own.experts.map((expert, index) => ({
        ...expert,
        ...(enough[index] === undefined ? {} : { steps: enough[index], rounds: 1 }),
      }));
      const next = { ...record, choice: { ...choice, shortened: true as const }, specification: { ...own, experts } };
      trained = await trainOnce(folder, next, follower, data);
      continue;
    }
    const loss = validationLossOf(trainable, lines);
    // What is held out has no part in when training ends.
    const found = isHeldOut(record) ? undefined : await judge(own, networks, data, follower);
    const after = afterRound(choice, found, trained.seconds, loss);
    const goesOn = after.ending === undefined;
    if (after.ending) follower.say(after.ending);
    const experts = own.experts.map((expert) => ({ ...expert, rounds: expert.rounds + 1 }));
    const next = { ...record, choice: after, ...(goesOn ? { specification: { ...own, experts } } : {}) };
    await folder.writeRecord(next);
    trained = goesOn ? await trainOnce(folder, next, follower, data) : { ...trained, record: next };
  }
}

/** Whether the molecule that is sampled and compared is none of those that are trained on. */
const isHeldOut = ({ molecule }: RunRecord): boolean => molecule?.molecules[molecule.target]?.use === 'test';

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
  readonly samplesPerSecond: number | undefined;
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
  return {
    run: folder.path,
    engine,
    metrics,
    effectiveSampleSize,
    seconds,
    samplesPerSecond: samplesPerSecond(record),
    choice,
    torsionAcceptance,
  };
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
