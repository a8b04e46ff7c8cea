/**
 * How long the networks of a draft would train on this machine, and how much memory each takes: a few of their own
 * training steps are measured, with as many threads as each would have.
 */
import type { Engine } from '../../../engines/engine.ts';
import { ErgodicError } from '../../../errors.ts';
import type { TrainableNetwork, TrainingPhase } from '../../../methods/method.ts';
import { methodOf } from '../../../methods/methods.ts';
import { type ColumnName, columns as columnKinds } from '../../../models/columns.ts';
import { initialValues } from '../../../models/parameters.ts';
import { productOperations } from '../../../program/operations.ts';
import { sizeOf } from '../../../program/tensor.ts';
import { Batches } from '../../../runs/data/batches.ts';
import { sizeOfSet, type TrainingSet } from '../../../runs/data/data-set.ts';
import { openEngine, threadsOf } from '../../../runs/engine-session.ts';
import { freshProgress, seedOfNetwork } from '../../../runs/training/train.ts';
import { networksOf } from '../../../runs/training/trained-model.ts';
import { TrainingSteps } from '../../../runs/training/training-steps.ts';
import { validateSpecification } from '../../../specification/specification.ts';
import type { NetworkEstimate } from '../../contract.ts';
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { chosenFor } from './choose-for-draft.ts';
import { typicalSets } from './draft-sizes.ts';
import { DRAFT } from './draft-system.ts';
import type { StepMeasure } from './step-measure.ts';

/** Seconds for all networks together. */
const PATIENCE = 2;

export async function estimateDraft(
  { draft }: Questions['draft.estimate'],
  { follower, caches }: Reading,
): Promise<Answer<'draft.estimate'>> {
  const given = validateSpecification(draft, DRAFT);
  const specification = given.method === 'auto' ? (await chosenFor(given, caches, follower)).specification : given;
  const { sets: found, statistics, kinds } = await typicalSets(specification, caches, follower);
  const sets = found.map((set) => withZeros(set, methodOf(specification).columns(specification)));
  const threads = threadsOf(specification);
  const [{ shape, columns }] = sets as [TrainingSet, ...TrainingSet[]];
  const networks = networksOf(specification, { shape, features: columns.features, statistics, kinds });
  const own = Math.max(1, Math.floor(threads / Math.min(networks.length, threads)));
  const sizes = sets.map((set) => [set.shape, set.columns.features?.shape]);
  const keys = networks.map((network) => JSON.stringify([specification.engine, own, measuredSettings(network), sizes]));
  const patience = PATIENCE / new Set(keys).size;
  await using engines = new AsyncDisposableStack();
  let engine: Engine | undefined;
  const estimates: NetworkEstimate[] = [];
  for (const [index, network] of networks.entries()) {
    follower.signal.throwIfAborted();
    const { secondsPerStep, bytes } = await caches.measures.get(keys[index]!, async () => {
      engine ??= engines.adopt(await openEngine({ ...specification, threads: own }, () => undefined), (one) =>
        one.dispose(),
      );
      const seed = seedOfNetwork(specification.seed, index);
      return measuredPhases(network, { sets, seed, engine, patience, signal: follower.signal });
    });
    const parameters = network.layout.size;
    estimates.push({ network: index, parameters, secondsPerStep, seconds: secondsPerStep * network.steps, bytes });
  }
  return { networks: estimates, threads };
}

/** What the time of a step depends on. */
const measuredSettings = ({ layout, batch, phases, steps, title, facts, columns }: TrainableNetwork) => [
  title,
  facts,
  columns,
  layout.parameters.map(({ name, shape }) => [name, shape]),
  batch,
  phases.map(({ from, terms, work }) => [from / steps, terms, work]),
];

/** A column that is learned from costs what it costs, whatever its numbers. */
function withZeros(set: TrainingSet, wanted: readonly ColumnName[]): TrainingSet {
  const missing = wanted.filter((name) => set.columns[name] === undefined);
  const zeros = missing.map((name) => {
    const own = columnKinds[name].shapeOf(set.shape)!;
    return [name, { shape: own, values: new Float32Array(set.count * sizeOf(own)) }];
  });
  return { ...set, columns: { ...set.columns, ...Object.fromEntries(zeros) } };
}

interface Circumstances {
  readonly sets: readonly TrainingSet[];
  readonly seed: number;
  readonly engine: Engine;
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** The mean over all steps: phases take different times. */
async function measuredPhases(network: TrainableNetwork, circumstances: Circumstances): Promise<StepMeasure> {
  const { phases, steps } = network;
  const total: { secondsPerStep: number; bytes: number } = { secondsPerStep: 0, bytes: 0 };
  for (const [i, phase] of phases.entries()) {
    const fraction = ((phases[i + 1]?.from ?? steps) - phase.from) / steps;
    if (fraction <= 0) continue;
    const patience = circumstances.patience / phases.length;
    const { secondsPerStep, bytes } = await measured(network, phase, { ...circumstances, patience });
    total.secondsPerStep += fraction * secondsPerStep;
    total.bytes += bytes;
  }
  return total;
}

/** Multiplications and additions of a step that is measured as it is; of a longer one a smaller batch is. */
const LONGEST = 2e9;
/** What cannot be told in seconds. */
const TOO_LONG = 5e9;
/** Parameters whose state would fill the memory that others need. */
const TOO_MANY = 2e7;

async function measured(
  network: TrainableNetwork,
  phase: TrainingPhase,
  { sets, seed, engine, patience, signal }: Circumstances,
): Promise<StepMeasure> {
  const tooLarge = () =>
    new ErgodicError(
      'A training step of this network is too large to be measured here: use a narrower network, fewer layers or fewer beads.',
    );
  if (network.layout.size > TOO_MANY) throw tooLarge();
  const ofSamples = operationsOf(phase, sets);
  // A program of the whole batch has its size and is run on one sample.
  const operations = (batch: number) => ofSamples(network.wholeBatch ? 1 : batch);
  const whole = operations(network.batch);
  let { batch } = network;
  while (!network.wholeBatch && batch > 1 && operations(batch) > LONGEST) batch = Math.ceil(batch / 4);
  const part = operations(batch);
  if (part > TOO_LONG) throw tooLarge();
  const batches = new Batches(sets, batch, seed, ['positions', ...network.columns]);
  const steps = new TrainingSteps({ ...network, phases: [{ ...phase, from: 0 }] }, { batches, seed, batch }, engine);
  try {
    const { vectors } = freshProgress(initialValues(network.layout, seed));
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
      const count = Math.max(1, Math.min(STEPS, Math.floor((patience * FRACTION) / last)));
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
/** A multiple of the chunks of one size (core/runs/data/batches.ts), so that every size counts. */
const STEPS = 48;
/** Of the patience, for one call. */
const FRACTION = 0.15;

/** Of one step of the largest molecule, by the size of the batch. */
function operationsOf(phase: TrainingPhase, sets: readonly TrainingSet[]): (batch: number) => number {
  const lines = sets.map((set) => {
    const program = phase.program(sizeOfSet(set));
    const fixed = productOperations(program, 0);
    return { fixed, each: productOperations(program, 1) - fixed };
  });
  return (batch) => Math.max(1, ...lines.map(({ fixed, each }) => fixed + batch * each));
}
