/**
 * Training of a run's experts (method §5): side by side where there are threads for it, with checkpoints, resumable at
 * any moment. Seed and step name every random number, so how work is divided or interrupted changes no bit.
 */
import { defaultLearningRate, scheduleInputs } from '../diffusion/schedule.ts';
import { trainingStep } from '../diffusion/training-step.ts';
import type { Engine, Executable, Numbers } from '../engines/engine.ts';
import { chooseEngine } from '../engines/registry.ts';
import { ErgodicError } from '../errors.ts';
import { type Expert, type ExpertModel, expertModel } from '../models/expert.ts';
import { initialValues } from '../models/parameters.ts';
import { Batches } from './batches.ts';
import { decodeCheckpoint, type ExpertProgress, encodeCheckpoint } from './checkpoint.ts';
import { pacedCalls } from './paced-calls.ts';
import type { ExpertSpecification, Specification } from './parameters.ts';
import type { RunFolder } from './run-folder.ts';
import type { Task } from './task.ts';
import { encodeModel, expertsOf } from './trained-model.ts';
import type { DataSet } from './training-data.ts';

/** So many discarded steps in a row mean that training has broken down. */
const MOST_NON_FINITE = 20;
/** Steps between two lines of the log. */
const LOG_EVERY = 500;

export interface ExpertReport {
  readonly range: readonly [number, number];
  readonly steps: number;
  /** Means over the last logged steps: denoising loss, and α/D² · residual². */
  readonly loss: number;
  readonly fp: number;
  readonly nonFinite: number;
  readonly seconds: number;
}

interface Member {
  readonly index: number;
  readonly specification: ExpertSpecification;
  readonly expert: Expert;
  readonly model: ExpertModel;
  progress: ExpertProgress;
}

export const seedOfExpert = (seed: number, index: number): number => seed + index * 2 ** 32;

export interface TrainOptions {
  readonly folder: RunFolder;
  readonly specification: Specification;
  readonly data: DataSet;
  readonly threads: number;
  task(name: string): Task;
  say(line: string): void;
}

export async function train(options: TrainOptions): Promise<ExpertReport[]> {
  const { folder, specification, data, threads } = options;
  const members = await membersOf(options);
  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    // One after the other: experts that train side by side share one checkpoint.
    saving = saving.then(() => folder.writeCheckpoint(encodeCheckpoint(members.map((m) => m.progress))));
    return saving;
  };
  await save();
  const waiting = members
    .filter((m) => m.progress.step < m.specification.steps)
    .sort((a, b) => remaining(b) - remaining(a));
  const sideBySide = Math.max(1, Math.min(waiting.length, threads));
  const worker = async (count: number) => {
    const engine = await chooseEngine(specification.engine, { threads: count });
    try {
      for (let next = waiting.shift(); next; next = waiting.shift())
        await trainExpert(next, engine, options, data, save);
    } finally {
      await engine.dispose();
    }
  };
  const workers = Array.from({ length: sideBySide }, (_, i) =>
    worker(Math.floor((threads * (i + 1)) / sideBySide) - Math.floor((threads * i) / sideBySide)),
  );
  const outcomes = await Promise.allSettled(workers);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await save().catch(() => undefined);
    throw failed.reason;
  }
  await save();
  await folder.writeModel(
    encodeModel(
      members.map(({ expert, model, progress }) => ({ expert, model, parameters: progress.vectors.average })),
      new Map([['specification', JSON.stringify(specification)]]),
    ),
  );
  return members.map(({ expert, progress }) => ({
    range: expert.range,
    steps: progress.step,
    loss: progress.denoising,
    fp: expert.alpha * progress.fokkerPlanck,
    nonFinite: progress.nonFinite,
    seconds: progress.seconds,
  }));
}

/** Work left, in multiples of a plain conservative step: what should start first. */
const remaining = ({ specification: s, progress }: Member): number =>
  (s.steps - progress.step) * s.batch * (s.alpha > 0 ? 3 : s.conservative ? 2 : 1);

async function membersOf({ folder, specification, say }: TrainOptions): Promise<Member[]> {
  const experts = expertsOf(specification);
  const models = experts.map(expertModel);
  const stored = await folder.readCheckpoint();
  if (stored?.notice) say(stored.notice);
  const progress =
    stored &&
    decodeCheckpoint(
      stored,
      models.map((m) => m.layout.size),
      folder.path,
    );
  return experts.map((expert, index) => {
    const model = models[index]!;
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
    seconds: 0,
    vectors: { parameters, average: parameters, gradientMean: zero, gradientSquare: zero },
  };
}

async function trainExpert(
  member: Member,
  engine: Engine,
  options: TrainOptions,
  data: DataSet,
  save: () => Promise<void>,
): Promise<void> {
  const { specification: own, expert, index } = member;
  const { specification, folder } = options;
  const optimiser = { weightDecay: own.weightDecay, clip: own.clip, averageDecay: own.ema };
  const executable = await engine.compile(trainingStep(expert, optimiser));
  const batches = new Batches(data, own.batch, seedOfExpert(specification.seed, index));
  const task = options.task(trainingName(expert, index, specification.experts.length));
  const every = specification.checkpoint.everySteps;
  let tally = new Tally();
  try {
    await pacedCalls({ from: member.progress.step, total: own.steps, stop: every }, task, async (from, count) => {
      const before = performance.now();
      const outputs = await someSteps(
        executable,
        member,
        batches,
        seedOfExpert(specification.seed, index),
        from,
        count,
      );
      member.progress = advanced(member.progress, outputs, count, (performance.now() - before) / 1000);
      tally.add(outputs);
      const done = from + count;
      if (tally.steps >= LOG_EVERY || done === own.steps) {
        const line = tally.line(index, done);
        member.progress = { ...member.progress, denoising: line.denoising, fokkerPlanck: line.fokkerPlanck };
        await folder.log.append(line);
        tally = new Tally();
      }
      task.report({ done, total: own.steps, unit: 'steps', note: noteOf(member) });
      if (member.progress.nonFiniteInRow >= MOST_NON_FINITE) {
        throw new ErgodicError(
          `Training expert ${index + 1} met ${member.progress.nonFiniteInRow} losses in a row that are not finite, and stopped at step ` +
            `${done}; the last good weights are kept: try a smaller learning rate or a smaller \`experts[${index}].alpha\`.`,
        );
      }
      if (done % every === 0) await save();
    });
  } finally {
    executable.dispose();
  }
}

const trainingName = ({ range }: Expert, index: number, experts: number): string =>
  experts === 1 ? 'training' : `training expert ${index + 1} of ${experts} (t ${range[0]}…${range[1]})`;

const noteOf = ({ progress, expert }: Member): string =>
  [
    ...(progress.denoising > 0 ? [`denoising ${progress.denoising.toPrecision(3)}`] : []),
    ...(expert.alpha > 0 && progress.fokkerPlanck > 0 ? [`residual² ${progress.fokkerPlanck.toPrecision(3)}`] : []),
    ...(progress.nonFinite > 0 ? [`${progress.nonFinite} steps discarded`] : []),
  ].join(', ');

type Outputs = Record<string, Numbers>;

async function someSteps(
  executable: Executable,
  { progress, specification }: Member,
  batches: Batches,
  seed: number,
  from: number,
  count: number,
): Promise<Outputs> {
  const { batch, learningRate, steps } = specification;
  const rate = learningRate ? { first: learningRate[0], last: learningRate[1] } : defaultLearningRate;
  return executable.run({
    samples: batch,
    steps: count,
    seed,
    firstStep: from,
    inputs: {
      ...progress.vectors,
      ...scheduleInputs(from, count, steps, rate),
      x0: batches.steps(from, count),
      inverseSamples: [1 / batch],
    },
  });
}

function advanced(before: ExpertProgress, outputs: Outputs, count: number, seconds: number): ExpertProgress {
  let { nonFinite, nonFiniteInRow } = before;
  for (const accepted of outputs.accepted!) {
    nonFiniteInRow = accepted ? 0 : nonFiniteInRow + 1;
    if (!accepted) nonFinite++;
  }
  const { parameters, average, gradientMean, gradientSquare } = outputs as ExpertProgress['vectors'];
  const vectors = { parameters, average, gradientMean, gradientSquare };
  return {
    ...before,
    step: before.step + count,
    nonFinite,
    nonFiniteInRow,
    seconds: before.seconds + seconds,
    vectors,
  };
}

/** Means over the steps since the last line of the log. */
class Tally {
  steps = 0;
  #accepted = 0;
  #denoising = 0;
  #fokkerPlanck = 0;

  add({ denoising, fokkerPlanck, accepted }: Outputs): void {
    accepted!.forEach((taken, i) => {
      this.steps++;
      if (!taken) return;
      this.#accepted++;
      this.#denoising += denoising![i]!;
      this.#fokkerPlanck += fokkerPlanck![i]!;
    });
  }

  line(expert: number, step: number) {
    const n = Math.max(this.#accepted, 1);
    return {
      kind: 'training',
      expert,
      step,
      denoising: this.#denoising / n,
      fokkerPlanck: this.#fokkerPlanck / n,
      discarded: this.steps - this.#accepted,
    } as const;
  }
}
