/**
 * What a run's window compares: how the reference, the samples and the simulation are distributed, with the metrics and
 * the residual that are stored. Shows what there is; what should be there and is not is a sentence.
 */
import { ErgodicError } from '../../../errors.ts';
import { readRunMetrics } from '../../../runs/run-folder.ts';
import {
  type Distribution,
  effectiveSampleSizeSchema,
  type Residual,
  type SimulationDraws,
  sets,
} from '../../contract.ts';
import { metricsIn } from '../../run-summaries.ts';
import { withShortNames } from '../files/short-names.ts';
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import type { ConformationSet } from './conformation-set.ts';
import { axesOf, bondRanges, planeDistribution, shapesOf } from './distribution.ts';
import { setOf } from './run-sets.ts';

export async function runResults(
  { run: id, folder }: Questions['runs.results'],
  reading: Reading,
): Promise<Answer<'runs.results'>> {
  const { caches, follower } = reading;
  const { signal } = follower;
  const run = await caches.runs.open(folder);
  const { system, plane } = run;
  const problems: string[] = [];
  const attempt = async <R>(work: () => Promise<R>): Promise<R | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ErgodicError)) throw error;
      problems.push(withShortNames(error.message));
      return undefined;
    }
  };
  const found: ConformationSet[] = [];
  for (const name of sets) {
    const set = await attempt(() => setOf(run, name, reading));
    if (!set) continue;
    found.push(set);
    problems.push(...set.problems.map(withShortNames));
  }
  const distributions: Distribution[] = [];
  const [first] = found;
  for (const set of found) {
    const key = [set.name, set.key, first!.key, plane].join('\n');
    const made = () =>
      caches.distributions.get(key, async () => {
        const points = await caches.points.of(set, system, plane, signal);
        const ranges = await caches.ranges.get(`${first!.key}\n${plane}`, () => bondRanges(first!, system, signal));
        return {
          ...planeDistribution(set, points, system.variables.plane),
          ...(await shapesOf(set, system, ranges, signal)),
        };
      });
    const distribution = await attempt(made);
    if (distribution) distributions.push(distribution);
  }
  const metrics = await metricsIn(folder);
  const residual = await residualIn(folder);
  const effectiveSampleSize = await effectiveSampleSizeIn(folder);
  const { torsionAcceptance } = run.record;
  return {
    run: id,
    axes: axesOf(system),
    beads: system.topology?.atoms.length ?? 0,
    distributions,
    ...(metrics ? { metrics } : {}),
    ...(residual ? { residual } : {}),
    ...(effectiveSampleSize ? { effectiveSampleSize } : {}),
    ...(torsionAcceptance === undefined ? {} : { torsionAcceptance }),
    problems: [...new Set(problems)],
  };
}

/** As the last evaluation stored it; undefined where there is none that can be read. */
export async function residualIn(folder: string): Promise<Residual | undefined> {
  const stored = (await readRunMetrics(folder)) as { readonly fpCurve?: Partial<Residual> } | undefined;
  const { t, meanAbsR, spread } = stored?.fpCurve ?? {};
  if (!Array.isArray(t) || !Array.isArray(meanAbsR)) return undefined;
  // What was not a number is null in JSON.
  const places = [...t.keys()].filter((i) => Number.isFinite(t[i]) && Number.isFinite(meanAbsR[i]));
  if (places.length === 0) return undefined;
  const hasSpread = Array.isArray(spread) && places.every((i) => Number.isFinite(spread[i]));
  return {
    t: places.map((i) => t[i]!),
    meanAbsR: places.map((i) => meanAbsR[i]!),
    ...(hasSpread ? { spread: places.map((i) => spread[i]!) } : {}),
  };
}

/** As the last evaluation stored it; undefined before, and where an older version stored none. */
export async function effectiveSampleSizeIn(folder: string): Promise<SimulationDraws | undefined> {
  const stored = (await readRunMetrics(folder)) as { readonly effectiveSampleSize?: unknown } | undefined;
  return effectiveSampleSizeSchema.safeParse(stored?.effectiveSampleSize).data;
}
