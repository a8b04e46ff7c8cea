/**
 * Training of a run's experts (method §5): side by side where there are threads for it, with checkpoints, resumable at
 * any moment. Seed and step name every random number, so how work is divided or interrupted changes no bit.
 */
import type { Numbers } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import { type Expert, type ExpertModel, expertModel } from '../../diffusion/expert.ts';
import { initialValues } from '../../models/parameters.ts';
import type { ExpertSpecification, Specification } from '../../specification/settings.ts';
import type { Task } from '../../task.ts';
import { Batches } from '../data/batches.ts';
import type { RunData } from '../data/run-data.ts';
import { pacedCalls, TARGET_CALL_SECONDS } from '../paced-calls.ts';
import type { RunFolder } from '../run-folder.ts';
import type { TrainingView } from '../spectator.ts';
import { decodeCheckpoint, type ExpertProgress, encodeCheckpoint, type TrainingProgress } from './checkpoint.ts';
import { ExpertEngine, SpareThreads } from './expert-engine.ts';
import { ExpertSteps, firstRegularised, type StepOutputs } from './expert-steps.ts';
import { encodeModel, expertsOf } from './trained-model.ts';
import { emptyTally, linesEvery, tallied, type ValidationLine } from './training-log.ts';
import { Validation } from './validation.ts';

/** Work of a step with the regulariser, where a score step is one and an energy's two. */
const REGULARISED = 6;

/**
 * Of a call that may be on a graphics card. State comes back with each, so that whoever loses the card loses that much work
 * at most; on its way, ten megabytes both ways, the card has nothing to do.
 */
const GPU_CALL_SECONDS = 1;
const MAY_BE_ON_A_GPU: readonly string[] = ['webgpu', 'auto'];

/** So many discarded steps in a row mean that training has broken down. */
const MOST_NON_FINITE = 20;

export interface ExpertReport {
  readonly range: readonly [number, number];
  readonly steps: number;
  /** Means as in the last line of the log: denoising loss, and α/D² · residual². */
  readonly loss: number;
  readonly fp: number;
  /** Discarded steps. */
  readonly nonFinite: number;
}

export interface Trained {
  readonly experts: readonly ExpertReport[];
  /** Wall time, all sessions together. */
  readonly seconds: number;
}

interface Member {
  readonly index: number;
  readonly specification: ExpertSpecification;
  readonly expert: Expert;
  readonly model: ExpertModel;
  progress: ExpertProgress;
}

export interface TrainOptions {
  readonly folder: RunFolder;
  readonly specification: Specification;
  readonly data: RunData;
  readonly threads: number;
  /** Where training begins while there is no checkpoint; random weights unless given. */
  begin?(): Promise<ExpertProgress[]>;
  task(name: string): Task;
  say(line: string): void;
  readonly view?: TrainingView | undefined;
}

export const seedOfExpert = (seed: number, index: number): number => seed + index * 2 ** 32;

export async function train(options: TrainOptions): Promise<Trained> {
  const { folder, specification } = options;
  const stored = await storedProgress(options);
  const members = await membersFrom(options, stored?.experts);
  const before = stored?.seconds ?? 0;
  const start = performance.now();
  const seconds = () => before + (performance.now() - start) / 1000;
  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    // One after the other: experts that train side by side share one checkpoint.
    const encoded = () => encodeCheckpoint({ seconds: seconds(), experts: members.map((m) => m.progress) });
    saving = saving.catch(() => undefined).then(() => folder.writeCheckpoint(encoded()));
    return saving;
  };
  if (!stored) await save();
  const unfinished = members.filter((m) => m.progress.step < m.specification.steps);
  if (unfinished.length > 0) {
    try {
      await trainSideBySide(unfinished, options, save);
    } catch (error) {
      // What stopped it may be the very disk; the last checkpoint is whole then, and the person hears of it once.
      await save().catch(
        (trouble: Error) => trouble.message !== (error as Error).message && options.say(trouble.message),
      );
      throw error;
    }
    await save();
  }
  const trained = members.map(({ expert, model, progress }) => ({
    expert,
    model,
    parameters: progress.vectors.average,
  }));
  await folder.writeModel(encodeModel(trained, new Map([['specification', JSON.stringify(specification)]])));
  return { experts: members.map(reportOf), seconds: unfinished.length > 0 ? seconds() : before };
}

const reportOf = ({ expert, progress }: Member): ExpertReport => ({
  range: expert.range,
  steps: progress.step,
  loss: progress.denoising,
  fp: expert.alpha * progress.fokkerPlanck,
  nonFinite: progress.nonFinite,
});

async function storedProgress({
  folder,
  specification,
  data,
  say,
}: TrainOptions): Promise<TrainingProgress | undefined> {
  const stored = await folder.readCheckpoint();
  if (stored?.notice) say(stored.notice);
  const sizes = expertsOf(specification, data.system).map((expert) => expertModel(expert).layout.size);
  return stored && decodeCheckpoint(stored, sizes, folder.path);
}

async function membersFrom(
  { specification, data, begin }: TrainOptions,
  stored: readonly ExpertProgress[] | undefined,
): Promise<Member[]> {
  const progress = stored ?? (await begin?.());
  return expertsOf(specification, data.system).map((expert, index) => {
    const model = expertModel(expert);
    const own =
      progress?.[index] ?? freshProgress(initialValues(model.layout, seedOfExpert(specification.seed, index)));
    return { index, specification: specification.experts[index]!, expert, model, progress: own };
  });
}

export function freshProgress(parameters: Numbers): ExpertProgress {
  const zero = new Float32Array(parameters.length);
  return {
    step: 0,
    nonFinite: 0,
    nonFiniteInRow: 0,
    denoising: 0,
    fokkerPlanck: 0,
    tally: emptyTally,
    vectors: { parameters, average: parameters, gradientMean: zero, gradientSquare: zero },
  };
}

/** As many experts at once as there are threads, the longest first; one that fails stops the others. */
async function trainSideBySide(members: readonly Member[], options: TrainOptions, save: () => Promise<void>) {
  const { specification, threads } = options;
  const waiting = [...members].sort((a, b) => remaining(b) - remaining(a));
  const sideBySide = Math.max(1, Math.min(waiting.length, threads));
  const halt = new AbortController();
  const spare = new SpareThreads();
  const worker = async (count: number) => {
    await using bench = await ExpertEngine.open(specification.engine, count, spare, options.say);
    for (let next = waiting.shift(); next; next = waiting.shift())
      await trainExpert(next, bench, options, halt.signal, save);
  };
  const share = (i: number) => Math.floor((threads * i) / sideBySide);
  const workers = Array.from({ length: sideBySide }, (_, i) =>
    worker(share(i + 1) - share(i)).catch((error: unknown) => halt.abort(error)),
  );
  await Promise.all(workers);
  halt.signal.throwIfAborted();
}

/** Work left, in multiples of a score step of one sample: what should start first. */
const remaining = (member: Member): number => member.specification.batch * stepWorkLeft(member).total;

/** In multiples of a score step, in round numbers: of the next step, and of all that are left. */
function stepWorkLeft({ specification, progress }: Member): { next: number; total: number } {
  const { steps, conservative, alpha } = specification;
  const regularised = alpha > 0 ? steps - Math.max(progress.step, firstRegularised(specification)) : 0;
  const plain = steps - progress.step - regularised;
  const ofPlain = conservative ? 2 : 1;
  return { next: plain > 0 ? ofPlain : REGULARISED, total: REGULARISED * regularised + ofPlain * plain };
}

async function trainExpert(
  member: Member,
  bench: ExpertEngine,
  { specification, folder, data, task: taskNamed, view }: TrainOptions,
  halt: AbortSignal,
  save: () => Promise<void>,
): Promise<void> {
  const { specification: own, expert, index } = member;
  if (member.progress.nonFiniteInRow >= MOST_NON_FINITE) throw brokenDown(member);
  const seed = seedOfExpert(specification.seed, index);
  const batches = new Batches(data.training, own.batch, seed);
  const compiled = async () => {
    const { engine } = bench;
    const training = new ExpertSteps(expert, { specification: own, batches, seed }, engine);
    const validation = await Validation.prepare(data.validation, expert, engine);
    const dispose = () => {
      training.dispose();
      validation?.dispose();
    };
    return { training, validation, dispose };
  };
  let programs = await compiled();
  const validate = async ({ step, vectors }: ExpertProgress) => {
    const denoising = await programs.validation?.loss(vectors.average);
    if (denoising === undefined) return;
    const line: ValidationLine = { kind: 'validation', expert: index, step, denoising };
    await folder.log.append({ ...line });
  };
  const task = taskNamed(trainingName(expert, index, specification.experts.length));
  const signal = AbortSignal.any([task.signal, halt]);
  const stop = specification.checkpoint.everySteps;
  const lines = { expert: index, every: linesEvery(own.steps), total: own.steps };
  const report = () => {
    const { next, total } = stepWorkLeft(member);
    const note = noteOf(member);
    task.report({ done: member.progress.step, total: own.steps, unit: 'steps', left: total / next, note });
  };
  try {
    report();
    const callSeconds = () => (MAY_BE_ON_A_GPU.includes(bench.engine.name) ? GPU_CALL_SECONDS : TARGET_CALL_SECONDS);
    const loop = { from: member.progress.step, total: own.steps, stop, callSeconds };
    await pacedCalls(loop, { signal }, async (from, count) => {
      if (bench.canGrow) {
        programs.dispose();
        await bench.grow();
        programs = await compiled();
      }
      const { progress, log } = await advanced(member.progress, lines, count, (steps) =>
        programs.training.run(member.progress.vectors, from, steps),
      );
      // The lines first: a checkpoint, which any expert may write, never knows of steps that the log has lost.
      await Promise.all(log.map((line) => folder.log.append(line)));
      member.progress = progress;
      report();
      view?.logged(log);
      if (progress.nonFiniteInRow >= MOST_NON_FINITE) throw brokenDown(member);
      if (progress.step % stop === 0 || progress.step === own.steps) await validate(progress);
      if (progress.step % stop === 0) await save();
      const parameters = progress.vectors.average;
      await view?.see(index, { expert, model: member.model, parameters }, bench.engine);
    });
  } finally {
    programs.dispose();
  }
}

const brokenDown = ({ index, progress, specification }: Member) =>
  new ErgodicError(
    `Training of expert ${index + 1} broke down at step ${progress.step}: its loss was not finite ` +
      `${progress.nonFiniteInRow} times in a row, ${progress.nonFinite} times in all. The last good weights are kept; ` +
      `start a new run with a smaller \`experts[${index}].learningRate\`` +
      `${specification.alpha > 0 ? ` or a smaller \`experts[${index}].alpha\`` : ''}.`,
  );

const trainingName = ({ range }: Expert, index: number, experts: number): string =>
  experts === 1 ? 'training' : `training expert ${index + 1} of ${experts} (t ${range[0]}…${range[1]})`;

const noteOf = ({ progress, expert }: Member): string =>
  [
    ...(progress.denoising > 0 ? [`denoising ${progress.denoising.toPrecision(3)}`] : []),
    ...(expert.alpha > 0 && progress.fokkerPlanck > 0 ? [`residual² ${progress.fokkerPlanck.toPrecision(3)}`] : []),
    ...(progress.nonFinite > 0 ? [`${progress.nonFinite} steps discarded`] : []),
  ].join(', ');

/** The progress after so many steps, and the lines that the log gets for them. */
async function advanced(
  before: ExpertProgress,
  lines: Parameters<typeof tallied>[2],
  count: number,
  someSteps: (count: number) => Promise<StepOutputs>,
) {
  let outputs = await someSteps(count);
  const last = breakdownIn(outputs.accepted, before.nonFiniteInRow);
  // Training ends at its breakdown, wherever in a call that is; what came after it in this call is not to be had.
  if (last !== undefined && last + 1 < count) outputs = await someSteps(last + 1);
  let { nonFinite, nonFiniteInRow } = before;
  for (const accepted of outputs.accepted) {
    nonFiniteInRow = accepted ? 0 : nonFiniteInRow + 1;
    if (!accepted) nonFinite++;
  }
  const { parameters, average, gradientMean, gradientSquare } = outputs;
  const { tally, log } = tallied(before, outputs, lines);
  const means = log.findLast((line) => line.denoising !== null);
  const progress: ExpertProgress = {
    step: before.step + outputs.accepted.length,
    nonFinite,
    nonFiniteInRow,
    denoising: means?.denoising ?? before.denoising,
    fokkerPlanck: means?.fokkerPlanck ?? before.fokkerPlanck,
    tally,
    vectors: { parameters, average, gradientMean, gradientSquare },
  };
  return { progress, log };
}

/** Place of the step at which the discarded ones in a row are too many. */
function breakdownIn(accepted: Numbers, inRow: number): number | undefined {
  let row = inRow;
  for (let i = 0; i < accepted.length; i++) {
    row = accepted[i] ? 0 : row + 1;
    if (row >= MOST_NON_FINITE) return i;
  }
  return undefined;
}
