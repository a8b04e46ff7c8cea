/**
 * Training of a method's networks (method §5): side by side where there are threads for it, with checkpoints, resumable
 * at any moment. Seed and step name every random number, so how work is divided or interrupted changes no bit.
 */
import type { Numbers } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import { lossLabel } from '../../methods/loss-labels.ts';
import type { TrainableNetwork, TrainedNetwork } from '../../methods/method.ts';
import { initialValues } from '../../models/parameters.ts';
import type { Specification } from '../../specification/settings.ts';
import type { Task } from '../../task.ts';
import { Batches } from '../data/batches.ts';
import type { RunData } from '../data/run-data.ts';
import { pacedCalls, TARGET_CALL_SECONDS } from '../paced-calls.ts';
import type { RunFolder } from '../run-folder.ts';
import type { TrainingView } from '../spectator.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  type LossTerms,
  type NetworkProgress,
  type TrainingProgress,
} from './checkpoint.ts';
import { encodeModel, networksOf } from './trained-model.ts';
import { SpareThreads, TrainingEngine } from './training-engine.ts';
import { againLine, emptyTally, linesEvery, tallied, type ValidationLine } from './training-log.ts';
import { type StepOutputs, TrainingSteps } from './training-steps.ts';
import { Validation } from './validation.ts';

/**
 * Of a call that may be on a GPU. Each returns the state (ten megabytes each way, while the GPU idles), so that losing
 * the GPU loses this much work at most.
 */
const GPU_CALL_SECONDS = 1;
const MAY_BE_ON_A_GPU: readonly string[] = ['webgpu', 'auto'];

/** Consecutive discarded steps after which training counts as diverged. */
const MOST_NON_FINITE = 20;

export interface NetworkReport {
  readonly title: string;
  readonly facts: readonly string[];
  readonly steps: number;
  /** Means of the loss terms, as in the last line of the log. */
  readonly terms: LossTerms;
  /** Discarded steps. */
  readonly nonFinite: number;
}

export interface Trained {
  readonly networks: readonly NetworkReport[];
  /** Wall time, all sessions together. */
  readonly seconds: number;
}

interface Member {
  readonly index: number;
  readonly network: TrainableNetwork;
  progress: NetworkProgress;
}

export interface TrainOptions {
  readonly folder: RunFolder;
  readonly specification: Specification;
  readonly data: RunData;
  readonly threads: number;
  /** Where training begins while there is no checkpoint; random weights unless given. */
  begin?(): Promise<NetworkProgress[]>;
  task(name: string): Task;
  say(line: string): void;
  readonly view?: TrainingView | undefined;
}

export const seedOfNetwork = (seed: number, index: number): number => seed + index * 2 ** 32;

export async function train(options: TrainOptions): Promise<Trained> {
  const { folder, specification, data, say } = options;
  const stored = await storedProgress({ folder, specification, system: data.system, say });
  const members = await membersFrom(options, stored?.networks);
  const before = stored?.seconds ?? 0;
  const start = performance.now();
  const seconds = () => before + (performance.now() - start) / 1000;
  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    // One after the other: networks that train side by side share one checkpoint.
    const keys = members.map(({ network }) => network.key);
    const encoded = () => encodeCheckpoint({ seconds: seconds(), networks: members.map((m) => m.progress) }, keys);
    saving = saving.catch(() => undefined).then(() => folder.writeCheckpoint(encoded()));
    return saving;
  };
  if (!stored) await save();
  const unfinished = members.filter((m) => m.progress.step < m.network.steps);
  if (unfinished.length > 0) {
    try {
      await trainSideBySide(unfinished, options, save);
    } catch (error) {
      // The disk itself may be the reason; then the last checkpoint is still complete, and the error is reported once.
      await save().catch(
        (trouble: Error) => trouble.message !== (error as Error).message && options.say(trouble.message),
      );
      throw error;
    }
    await save();
  }
  const trained = members.map(({ network, progress }) => ({ network, parameters: progress.vectors.average }));
  await folder.writeModel(encodeModel(trained, new Map([['specification', JSON.stringify(specification)]])));
  return { networks: members.map(reportOf), seconds: unfinished.length > 0 ? seconds() : before };
}

const reportOf = ({ network: { title, facts }, progress: { step, means, nonFinite } }: Member): NetworkReport => ({
  title,
  facts,
  steps: step,
  terms: means,
  nonFinite,
});

async function storedProgress({
  folder,
  specification,
  system,
  say,
}: Pick<TrainOptions, 'folder' | 'specification' | 'say'> & Pick<RunData, 'system'>): Promise<
  TrainingProgress | undefined
> {
  const stored = await folder.readCheckpoint();
  if (stored?.notice) say(stored.notice);
  const expected = networksOf(specification, system).map(({ key, layout }) => ({ key, size: layout.size }));
  return stored && decodeCheckpoint(stored, expected, folder.path);
}

async function membersFrom(
  { specification, data, begin }: TrainOptions,
  stored: readonly NetworkProgress[] | undefined,
): Promise<Member[]> {
  const progress = stored ?? (await begin?.());
  return networksOf(specification, data.system).map((network, index) => {
    const own =
      progress?.[index] ?? freshProgress(initialValues(network.layout, seedOfNetwork(specification.seed, index)));
    return { index, network, progress: own };
  });
}

/** Forgets what some networks have learned: they begin once more, with other settings perhaps. */
export async function startAgain(
  folder: RunFolder,
  specification: Specification,
  { system }: Pick<RunData, 'system'>,
  isMeant: (index: number) => boolean,
): Promise<void> {
  const stored = await storedProgress({ folder, specification, system, say: () => undefined });
  if (!stored) return;
  const members = networksOf(specification, system);
  const networks = members.map(({ layout }, index) =>
    isMeant(index)
      ? freshProgress(initialValues(layout, seedOfNetwork(specification.seed, index)))
      : stored.networks[index]!,
  );
  for (const index of members.keys()) if (isMeant(index)) await folder.log.append(againLine(index));
  const keys = members.map(({ key }) => key);
  await folder.writeCheckpoint(encodeCheckpoint({ seconds: stored.seconds, networks }, keys));
}

export function freshProgress(parameters: Numbers): NetworkProgress {
  const zero = new Float32Array(parameters.length);
  return {
    step: 0,
    nonFinite: 0,
    nonFiniteInRow: 0,
    means: {},
    tally: emptyTally,
    vectors: { parameters, average: parameters, gradientMean: zero, gradientSquare: zero },
  };
}

/** As many networks at once as there are threads, the longest first; one that fails stops the others. */
async function trainSideBySide(members: readonly Member[], options: TrainOptions, save: () => Promise<void>) {
  const { specification, threads } = options;
  const waiting = [...members].sort((a, b) => remaining(b) - remaining(a));
  const sideBySide = Math.max(1, Math.min(waiting.length, threads));
  const halt = new AbortController();
  const spare = new SpareThreads();
  const worker = async (count: number) => {
    await using bench = await TrainingEngine.open(specification.engine, count, spare, options.say);
    for (let next = waiting.shift(); next; next = waiting.shift())
      await trainNetwork(next, bench, options, halt.signal, save);
  };
  const threadsBefore = (i: number) => Math.floor((threads * i) / sideBySide);
  const workers = Array.from({ length: sideBySide }, (_, i) =>
    worker(threadsBefore(i + 1) - threadsBefore(i)).catch((error: unknown) => halt.abort(error)),
  );
  await Promise.all(workers);
  halt.signal.throwIfAborted();
}

/** Work left, in the unit of the phases times samples: what should start first. */
const remaining = (member: Member): number => member.network.batch * stepWorkLeft(member).total;

/** In the unit of the phases: of the next step, and of all that are left. */
function stepWorkLeft({ network: { phases, steps }, progress }: Member): { next: number; total: number } {
  const left = phases.map(({ from, work }, i) => {
    const end = Math.min(phases[i + 1]?.from ?? steps, steps);
    return { work, steps: Math.max(0, end - Math.max(progress.step, from)) };
  });
  const next = left.find((phase) => phase.steps > 0) ?? left.at(-1)!;
  return { next: next.work, total: left.reduce((sum, phase) => sum + phase.steps * phase.work, 0) };
}

async function trainNetwork(
  member: Member,
  bench: TrainingEngine,
  { specification, folder, data, task: taskNamed, view }: TrainOptions,
  halt: AbortSignal,
  save: () => Promise<void>,
): Promise<void> {
  const { network, index } = member;
  if (member.progress.nonFiniteInRow >= MOST_NON_FINITE) throw brokenDown(member);
  const seed = seedOfNetwork(specification.seed, index);
  const batches = new Batches(data.training, network.batch, seed, ['positions', ...network.columns]);
  const compiled = async () => {
    const { engine } = bench;
    const training = new TrainingSteps(network, { batches, seed }, engine);
    const validation = await Validation.prepare(data.validation, network, engine);
    const dispose = () => {
      training.dispose();
      validation?.dispose();
    };
    return { training, validation, dispose };
  };
  let programs = await compiled();
  const validate = async ({ step, vectors }: NetworkProgress) => {
    const terms = await programs.validation?.loss(vectors.average);
    if (terms === undefined) return;
    const line: ValidationLine = { kind: 'validation', network: index, step, terms };
    await folder.log.append({ ...line });
  };
  const task = taskNamed(trainingName(network, index, networksOf(specification, data.system).length));
  const signal = AbortSignal.any([task.signal, halt]);
  const stop = specification.checkpoint.everySteps;
  const lines = { network: index, every: linesEvery(network.steps), total: network.steps };
  const report = () => {
    const { next, total } = stepWorkLeft(member);
    const note = noteOf(member);
    task.report({ done: member.progress.step, total: network.steps, unit: 'steps', left: total / next, note });
  };
  try {
    report();
    const callSeconds = () => (MAY_BE_ON_A_GPU.includes(bench.engine.name) ? GPU_CALL_SECONDS : TARGET_CALL_SECONDS);
    const loop = { from: member.progress.step, total: network.steps, stop, callSeconds };
    await pacedCalls(loop, { signal }, async (from, count) => {
      if (bench.canGrow) {
        programs.dispose();
        await bench.grow();
        programs = await compiled();
      }
      const { progress, log } = await advanced(member.progress, lines, count, (steps) =>
        programs.training.run(member.progress.vectors, from, steps),
      );
      // The lines first: a checkpoint, which any network may write, never knows of steps that the log has lost.
      await Promise.all(log.map((line) => folder.log.append(line)));
      member.progress = progress;
      report();
      view?.logged(log);
      if (progress.nonFiniteInRow >= MOST_NON_FINITE) throw brokenDown(member);
      if (progress.step % stop === 0 || progress.step === network.steps) await validate(progress);
      if (progress.step % stop === 0) await save();
      const trained: TrainedNetwork = { network, parameters: progress.vectors.average };
      await view?.see(index, trained, bench.engine);
    });
  } finally {
    programs.dispose();
  }
}

const brokenDown = ({ index, progress, network: { title, remedies } }: Member) =>
  new ErgodicError(
    `Training of ${title.toLowerCase() || `network ${index + 1}`} diverged at step ${progress.step}: its loss was not finite ` +
      `${progress.nonFiniteInRow} times in a row, ${progress.nonFinite} times in total. The last good weights are stored; ` +
      `start a new run with a smaller ${remedies.map((setting) => `\`${setting}\``).join(' or a smaller ')}.`,
  );

const trainingName = ({ title, facts }: TrainableNetwork, index: number, networks: number): string =>
  networks === 1 ? 'training' : `training ${title.toLowerCase()} of ${networks} (${facts[0] ?? index})`;

const noteOf = ({ progress }: Member): string =>
  [
    ...Object.entries(progress.means).map(([term, mean]) => `${lossLabel(term).short} ${mean.toPrecision(3)}`),
    ...(progress.nonFinite > 0 ? [`${progress.nonFinite} steps discarded`] : []),
  ].join(', ');

/** The progress after so many steps, and the lines that the log gets for them. */
async function advanced(
  before: NetworkProgress,
  lines: Parameters<typeof tallied>[2],
  count: number,
  someSteps: (count: number) => Promise<StepOutputs>,
) {
  let { vectors, chunks } = await someSteps(count);
  const acceptedIn = () => chunks.flatMap(({ accepted }) => Array.from(accepted));
  const last = breakdownIn(acceptedIn(), before.nonFiniteInRow);
  // Training ends at the step at which it diverged; later steps of this call are discarded.
  if (last !== undefined && last + 1 < count) ({ vectors, chunks } = await someSteps(last + 1));
  const steps = acceptedIn();
  let { nonFinite, nonFiniteInRow } = before;
  for (const accepted of steps) {
    nonFiniteInRow = accepted ? 0 : nonFiniteInRow + 1;
    if (!accepted) nonFinite++;
  }
  const { tally, log } = tallied(before, chunks, lines);
  const means = log.findLast(({ terms }) => Object.keys(terms).length > 0)?.terms ?? before.means;
  const progress: NetworkProgress = {
    step: before.step + steps.length,
    nonFinite,
    nonFiniteInRow,
    means,
    tally,
    vectors,
  };
  return { progress, log };
}

/** Index of the step at which too many consecutive ones are discarded. */
function breakdownIn(accepted: readonly number[], inRow: number): number | undefined {
  let row = inRow;
  for (let i = 0; i < accepted.length; i++) {
    row = accepted[i] ? 0 : row + 1;
    if (row >= MOST_NON_FINITE) return i;
  }
  return undefined;
}
