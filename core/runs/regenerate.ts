/**
 * Samples or a simulation of a trained run with other settings than those it was made with: the part is made again, and
 * the run's record takes the settings when the part gets its name. The scores of the part before go with it, and are
 * made anew where the run's data are at hand.
 */
import { z } from 'zod';
import { ErgodicError } from '../errors.ts';
import type { Specification } from '../specification/settings.ts';
import { validateSpecification } from '../specification/specification.ts';
import { reloadData } from './data/load-data.ts';
import type { RunData } from './data/run-data.ts';
import { type RunSystem, systemOf } from './data/run-system.ts';
import { withEngine } from './engine-session.ts';
import { evaluateRun } from './evaluation/evaluate-run.ts';
import type { ResidualCurve } from './evaluation/residual.ts';
import type { Follower } from './follower.ts';
import { generateResult, holds, openTrained, sampleRun, settingsLeft, simulateRun } from './pipeline.ts';
import { type RunFolder, readRunMetrics, readRunRecord } from './run-folder.ts';
import { samplesResult, simulationResult } from './run-results.ts';

export type ResultKind = 'sample' | 'simulate';

/** The specification of a run with other settings for one of its parts, checked. */
export const withSettings = (own: Specification, part: ResultKind, settings: object): Specification =>
  validateSpecification({ ...own, [part]: { ...own[part], ...settings } }, own.name);

/** Of the part of a run that was being made when it was interrupted, for going on with it. */
export const interruptedSettings = async (folder: string, part: ResultKind): Promise<object> => {
  const record = await readRunRecord(folder);
  const { specification } = record;
  return (await settingsLeft(folder, partOf(part, specification, systemOf(record)))) ?? {};
};

const partOf = (part: ResultKind, specification: Specification, system: RunSystem) =>
  part === 'sample' ? samplesResult(specification, system) : simulationResult(specification, system);

/** Makes the part unless it is there with these very settings. */
export async function regenerateResult(
  folder: RunFolder,
  part: ResultKind,
  settings: object,
  follower: Follower,
  /** Instead of the run's own. */
  engine?: Specification['engine'],
): Promise<void> {
  const { record, specification: before, system, networks } = await openTrained(folder.path, follower);
  const specification = withSettings(before, part, settings);
  const run = { specification: { ...specification, ...(engine && { engine }) }, system, networks };
  // Read once, for where replicas start and for the scores.
  let loaded: Promise<RunData> | undefined;
  const data = async () => {
    loaded ??= reloadData(record, follower);
    return (await loaded).reference;
  };
  const metrics = await readRunMetrics(folder.path);
  const making = partOf(part, specification, system);
  const isSame = JSON.stringify(specification[part]) === JSON.stringify(before[part]);
  if (!isSame || !(await holds(folder, making, follower))) {
    await withEngine(run.specification, follower, (chosen) =>
      generateResult(folder, { ...record, specification }, making, async (take, from) => {
        if (part === 'sample') await sampleRun(run, chosen, follower, take, from);
        else await simulateRun(run, data, chosen, follower, take, from);
      }),
    );
    await folder.removeMetrics();
  } else if (metrics !== undefined) {
    const what = part === 'sample' ? 'The samples are' : 'The simulation is';
    follower.say(`${what} there already, made with these very settings.`);
    return;
  }
  try {
    // It takes minutes, and the next part waits in the queue: whoever wants to see it asks for the evaluation.
    const residual = measuredBefore(metrics, specification) ?? 'later';
    await evaluateRun(folder, run, { data: await data(), residual }, follower);
  } catch (error) {
    if (!(error instanceof ErgodicError) || follower.signal.aborted) throw error;
    follower.say(`${error.message} What was made is stored; it has no scores yet.`);
  }
}

const curve = z.object({ fpCurve: z.object({ t: z.array(z.number()), meanAbsR: z.array(z.number()) }) });

/** The residual is the model's alone, and a trained model does not change. */
function measuredBefore(metrics: unknown, { evaluate }: Specification): ResidualCurve | undefined {
  const { data } = curve.safeParse(metrics);
  return data?.fpCurve.t.length === evaluate.residualPoints ? data.fpCurve : undefined;
}
