/**
 * Samples or a simulation of a trained run with other settings than it has: the result is made again, and the run's
 * record takes the settings when the result gets its name. Metrics of the previous result are removed, and computed
 * again where the run's data are at hand.
 */
import { z } from 'zod';
import { ErgodicError } from '../errors.ts';
import type { Specification } from '../specification/settings.ts';
import { validateSpecification } from '../specification/specification.ts';
import type { Continuation, TakeRows } from '../storage/row-sink.ts';
import { reloadData } from './data/load-data.ts';
import type { RunData } from './data/run-data.ts';
import { type RunSystem, systemOf } from './data/run-system.ts';
import { withEngine } from './engine-session.ts';
import { evaluateRun } from './evaluation/evaluate-run.ts';
import type { ResidualCurve } from './evaluation/residual.ts';
import type { Follower } from './follower.ts';
import { generateResult, holds, openTrained, settingsLeft, simulationFacts } from './pipeline.ts';
import { type RunFolder, readRunMetrics, readRunRecord } from './run-folder.ts';
import { samplesResult, simulationResult } from './run-results.ts';
import { sampleRun, simulateRun } from './sampling/from-model.ts';
import type { Simulation } from './sampling/simulation.ts';

export type ResultKind = 'sample' | 'simulate';

/** The specification of a run with other settings for one of its results, checked. */
export const withSettings = (own: Specification, kind: ResultKind, settings: object): Specification =>
  validateSpecification({ ...own, [kind]: { ...own[kind], ...settings } }, own.name);

/** The settings of an interrupted result, to continue with. */
export const interruptedSettings = async (folder: string, kind: ResultKind): Promise<object> => {
  const record = await readRunRecord(folder);
  const { specification } = record;
  return (await settingsLeft(folder, resultOf(kind, specification, systemOf(record)))) ?? {};
};

const resultOf = (kind: ResultKind, specification: Specification, system: RunSystem) =>
  kind === 'sample' ? samplesResult(specification, system) : simulationResult(specification, system);

/** Makes the result unless the run has it with exactly these settings. */
export async function regenerateResult(
  folder: RunFolder,
  kind: ResultKind,
  settings: object,
  follower: Follower,
  /** Instead of the run's own. */
  engine?: Specification['engine'],
): Promise<void> {
  const { record, specification: before, system, networks } = await openTrained(folder.path, follower);
  const specification = withSettings(before, kind, settings);
  const run = { specification: { ...specification, ...(engine && { engine }) }, system, networks };
  // Read once, for starting points and for metrics.
  let loaded: Promise<RunData> | undefined;
  const data = () => {
    loaded ??= reloadData(record, follower);
    return loaded;
  };
  const starts = async () => (await data()).known;
  const metrics = await readRunMetrics(folder.path);
  const result = resultOf(kind, specification, system);
  const isSame = JSON.stringify(specification[kind]) === JSON.stringify(before[kind]);
  if (!isSame || !(await holds(folder, result, follower))) {
    const after = { ...record, specification };
    await withEngine(run.specification, follower, async (chosen) => {
      if (kind === 'sample') {
        const work: Work<number> = (take, from) => sampleRun(run, chosen, follower, take, from);
        await generateResult(folder, after, result, work);
      } else {
        const work: Work<Simulation> = (take, from) => simulateRun(run, starts, chosen, follower, take, from);
        await generateResult(folder, after, result, work, simulationFacts);
      }
    });
    await folder.removeMetrics();
  } else if (metrics !== undefined) {
    const what = kind === 'sample' ? 'samples' : 'a simulation';
    follower.say(`The run already has ${what} with these settings.`);
    return;
  }
  try {
    // A residual takes minutes, and the next job waits in the queue: a request to evaluate measures it.
    const residual = measuredBefore(metrics, specification) ?? 'later';
    await evaluateRun(folder, run, { data: await data(), residual }, follower);
  } catch (error) {
    if (!(error instanceof ErgodicError) || follower.signal.aborted) throw error;
    follower.say(`${error.message} The new result is stored but not evaluated.`);
  }
}

type Work<R> = (take: TakeRows, from: Continuation) => Promise<R>;

const numbers = z.array(z.number());
const curve = z.object({ fpCurve: z.object({ t: numbers, meanAbsR: numbers, spread: numbers.optional() }) });

/** The residual is the model's alone, and a trained model does not change. */
function measuredBefore(metrics: unknown, { evaluate }: Specification): ResidualCurve | undefined {
  const { data } = curve.safeParse(metrics);
  return data?.fpCurve.t.length === evaluate.residualPoints ? data.fpCurve : undefined;
}
