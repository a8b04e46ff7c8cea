/**
 * How long the experts of a draft would train on this machine, and how much memory each takes: a few of their own
 * training steps are measured, with as many threads as each would have.
 */
import { trainingStep } from '../../../diffusion/training-step.ts';
import type { Engine } from '../../../engines/engine.ts';
import { ErgodicError } from '../../../errors.ts';
import { type Expert, expertModel } from '../../../models/expert.ts';
import { initialValues } from '../../../models/parameters.ts';
import { productOperations } from '../../../program/operations.ts';
import { Batches } from '../../../runs/data/batches.ts';
import type { TrainingSet } from '../../../runs/data/data-set.ts';
import { openEngine, threadsOf } from '../../../runs/engine-session.ts';
import { ExpertSteps } from '../../../runs/training/expert-steps.ts';
import { freshProgress, seedOfExpert } from '../../../runs/training/train.ts';
import { expertsOf, forShape } from '../../../runs/training/trained-model.ts';
import type { ExpertSpecification } from '../../../specification/settings.ts';
import { validateSpecification } from '../../../specification/specification.ts';
import type { ExpertEstimate } from '../../contract.ts';
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { typicalSets } from './draft-sizes.ts';
import { DRAFT } from './draft-system.ts';
import type { StepMeasure } from './step-measure.ts';

/** Seconds for all experts together. */
const PATIENCE = 2;

export async function estimateDraft(
  { draft }: Questions['draft.estimate'],
  { follower, kept }: Reading,
): Promise<Answer<'draft.estimate'>> {
  const specification = validateSpecification(draft, DRAFT);
  const sets = await typicalSets(specification, kept, follower);
  const threads = threadsOf(specification);
  const own = Math.max(1, Math.floor(threads / Math.min(specification.experts.length, threads)));
  const keys = specification.experts.map(({ steps: _, learningRate: __, ...settings }) =>
    JSON.stringify([specification.engine, own, settings, sets.map(({ shape, features }) => [shape, features?.shape])]),
  );
  const patience = PATIENCE / new Set(keys).size;
  await using engines = new AsyncDisposableStack();
  let engine: Engine | undefined;
  const experts: ExpertEstimate[] = [];
  for (const [index, expert] of expertsOf(specification, sets[0]!).entries()) {
    follower.signal.throwIfAborted();
    const settings = specification.experts[index]!;
    const { secondsPerStep, bytes } = await kept.measures.get(keys[index]!, async () => {
      engine ??= engines.adopt(await openEngine({ ...specification, threads: own }, () => undefined), (one) =>
        one.dispose(),
      );
      const seed = seedOfExpert(specification.seed, index);
      return measuredPhases(expert, settings, { sets, seed, engine, patience, signal: follower.signal });
    });
    const parameters = expertModel(expert).layout.size;
    experts.push({ expert: index, parameters, secondsPerStep, seconds: secondsPerStep * settings.steps, bytes });
  }
  return { experts, threads };
}

interface Circumstances {
  readonly sets: readonly TrainingSet[];
  readonly seed: number;
  readonly engine: Engine;
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** Of all steps alike, or of those before and after the regulariser joins. */
async function measuredPhases(
  expert: Expert,
  settings: ExpertSpecification,
  circumstances: Circumstances,
): Promise<StepMeasure> {
  const plainShare = settings.alpha > 0 ? settings.alphaFrom : 0;
  if (plainShare === 0) return measured(expert, settings, circumstances);
  const half = { ...circumstances, patience: circumstances.patience / 2 };
  const plain = await measured({ ...expert, alpha: 0 }, { ...settings, alpha: 0 }, half);
  const regularised = await measured(expert, { ...settings, alphaFrom: 0 }, half);
  return {
    secondsPerStep: plainShare * plain.secondsPerStep + (1 - plainShare) * regularised.secondsPerStep,
    bytes: plain.bytes + regularised.bytes,
  };
}

/** Multiplications and additions of a step that is measured as it is; of a longer one a smaller batch is. */
const LONGEST = 2e9;
/** What cannot be told in seconds. */
const TOO_LONG = 5e9;
/** Parameters whose state would fill the memory that others need. */
const TOO_MANY = 2e7;

async function measured(
  expert: Expert,
  specification: ExpertSpecification,
  { sets, seed, engine, patience, signal }: Circumstances,
): Promise<StepMeasure> {
  const tooLarge = () =>
    new ErgodicError(
      'A training step of this network is too large to be measured here: use a narrower network, fewer layers or fewer beads.',
    );
  if (expertModel(expert).layout.size > TOO_MANY) throw tooLarge();
  const operations = operationsOf(expert, sets);
  const whole = operations(specification.batch);
  let { batch } = specification;
  while (batch > 1 && operations(batch) > LONGEST) batch = Math.ceil(batch / 4);
  const part = operations(batch);
  if (part > TOO_LONG) throw tooLarge();
  const settings = { specification: { ...specification, batch }, batches: new Batches(sets, batch, seed), seed };
  const steps = new ExpertSteps(expert, settings, engine);
  try {
    const { vectors } = freshProgress(initialValues(expertModel(expert).layout, seed));
    const timed = async (from: number, count: number): Promise<number> => {
      const start = performance.now();
      await steps.run(vectors, from, count);
      return (performance.now() - start) / 1000 / count;
    };
    const begun = performance.now();
    const left = () => patience - (performance.now() - begun) / 1000;
    // The first call compiles; how many steps the next takes is known from the one before.
    let last = await timed(0, 1);
    let from = 1;
    const perStep: number[] = [];
    while (perStep.length < LEAST_CALLS || (left() > last && perStep.length < MOST_CALLS)) {
      signal.throwIfAborted();
      const count = Math.max(1, Math.min(STEPS, Math.floor((patience * SHARE) / last)));
      last = await timed(from, count);
      from += count;
      perStep.push(last);
    }
    // The quickest: what else the machine does in these seconds, it will not do for hours.
    const scaled = Math.min(...perStep) * (whole / part);
    return { secondsPerStep: scaled, bytes: steps.bytes + 4 * STATES * vectors.parameters.length };
  } finally {
    steps.dispose();
  }
}

const LEAST_CALLS = 2;
const MOST_CALLS = 8;
/** Vectors as long as the parameters that lie outside of the engine: the state before a call and after it. */
const STATES = 8;
/** A multiple of the stretches of one size (core/runs/data/batches.ts), so that every size counts. */
const STEPS = 48;
/** Of the patience, for one call. */
const SHARE = 0.15;

/** Of one step of the largest molecule, by the size of the batch. */
function operationsOf(expert: Expert, sets: readonly TrainingSet[]): (batch: number) => number {
  const lines = sets.map(({ shape }) => {
    const program = trainingStep(forShape(expert, shape));
    const fixed = productOperations(program, 0);
    return { fixed, each: productOperations(program, 1) - fixed };
  });
  return (batch) => Math.max(1, ...lines.map(({ fixed, each }) => fixed + batch * each));
}
