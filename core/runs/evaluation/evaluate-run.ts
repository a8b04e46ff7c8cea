/**
 * The evaluation of a run's folder: reads its samples and its simulation, and writes metrics and figures.
 * What the metrics are stands in evaluate.ts.
 */
import { ErgodicError } from '../../errors.ts';
import type { TrainedNetwork } from '../../methods/method.ts';
import { methodOf } from '../../methods/methods.ts';
import type { Specification } from '../../specification/settings.ts';
import type { DataSet } from '../data/data-set.ts';
import { targetSource } from '../data/molecule-record.ts';
import type { RunData } from '../data/run-data.ts';
import type { RunSystem } from '../data/run-system.ts';
import { secondDataSet } from '../data/toy-data.ts';
import { withEngine } from '../engine-session.ts';
import type { Follower } from '../follower.ts';
import { type RunFolder, readRunLog } from '../run-folder.ts';
import { readResult, samplesResult, simulationResult } from '../run-results.ts';
import { trainingLines, validationLines } from '../training/training-log.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { measureResidual, type ResidualCurve } from './residual.ts';

/** A trained model and its system. */
export interface Scored {
  readonly specification: Specification;
  readonly system: RunSystem;
  readonly networks: readonly TrainedNetwork[];
}

export interface Comparison {
  /** The run's own. */
  readonly data: Pick<RunData, 'reference' | 'known'>;
  /** What to compare with instead of the run's own data; it is `known`, too, where these cannot be read. */
  readonly reference?: DataSet | undefined;
  /** The residual of this very model, where it has been measured; `later`: metrics are written without it. */
  readonly residual?: ResidualCurve | 'later' | undefined;
}

export interface StoredEvaluation extends Evaluation {
  /** Where the model has an energy at all. */
  readonly residual: ResidualCurve | undefined;
}

/** Computes metrics and figures of what the folder holds, and stores them there. */
export async function evaluateRun(
  folder: RunFolder,
  { specification, system, networks }: Scored,
  { data, reference: other, residual: measured }: Comparison,
  follower: Follower,
): Promise<StoredEvaluation> {
  const { seed, evaluate: settings } = specification;
  const { scale } = system;
  const { path } = folder;
  const reference = other ?? data.reference;
  const samples = await readResult(path, samplesResult(specification, system));
  const simulation = await readResult(path, simulationResult(specification, system));
  if (!samples && !simulation) {
    throw new ErgodicError(
      `\`${path}\` has neither samples nor a simulation yet: create them with \`ergodic sample ${path}\` or \`ergodic simulate ${path}\`.`,
    );
  }
  const ranges = methodOf(specification).residual?.(networks, settings.residualPoints) ?? [];
  const measure = () =>
    withEngine(specification, follower, (engine) =>
      measureResidual(ranges, data.known, scale, seed, engine, follower.task('measuring the residual')),
    );
  const hasResidual = measured !== 'later' && ranges.length > 0;
  const residual = hasResidual ? (measured ?? (await measure())) : undefined;
  const isOwn = reference === data.reference;
  const second = isOwn ? await secondSet(specification, data, follower) : undefined;
  const log = await readRunLog(path);
  const training = trainingLines(log);
  const validation = validationLines(log);
  const evaluation = evaluate({
    specification,
    system,
    reference,
    second,
    forTesting: isOwn && data.known !== reference,
    trainingFrames: isHeldOut(specification) || data.known === other ? undefined : data.known,
    samples,
    simulation,
    residual,
    training,
    validation,
  });
  for (const notice of evaluation.notices) follower.say(notice);
  const { metrics, effectiveSampleSize } = evaluation;
  await folder.writeMetrics({
    ...metrics,
    ...(effectiveSampleSize ? { effectiveSampleSize } : {}),
    ...(residual ? { fpCurve: residual } : {}),
  });
  for (const [name, { svg, csv }] of evaluation.figures) {
    await folder.writeFigure(`${name}.svg`, svg);
    await folder.writeFigure(`${name}.csv`, csv);
  }
  return { ...evaluation, residual };
}

/** Whether no molecule that was trained on is the one that is compared. */
const isHeldOut = ({ system }: Specification): boolean =>
  system.kind === 'molecule' && targetSource(system).use === 'test';

/** True data that the reference is independent of: generated once more, or the frames that are not for testing. */
async function secondSet(
  { system }: Specification,
  { reference, known }: Comparison['data'],
  follower: Follower,
): Promise<DataSet | undefined> {
  if (system.kind === 'molecule' || system.data !== null) return known === reference ? undefined : known;
  return secondDataSet(system, reference.count, follower.task('generating data for the noise floor'));
}
