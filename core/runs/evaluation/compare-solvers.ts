/**
 * What the solvers of one trained model reach for so many network calls: each draws the same number of samples, which
 * are measured against the reference beside the noise floor of as many of its frames (method §9). `bonds` in nm, only
 * for molecules.
 */
import { type AtEqualCount, againstReference, type EqualCount } from '../../analysis/metrics/equal-count.ts';
import type { Engine } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import { methodOf } from '../../methods/methods.ts';
import type { Specification } from '../../specification/settings.ts';
import type { DataSet } from '../data/data-set.ts';
import type { Follower } from '../follower.ts';
import { samplesOf } from '../sampling/sample.ts';
import { measuredIn } from './evaluate.ts';
import type { Scored } from './evaluate-run.ts';

interface Errors {
  readonly pmf: number;
  readonly js: number;
  readonly bonds?: number;
}

export interface SolverPoint extends Errors {
  readonly solver: string;
  readonly steps: number;
  /** Evaluations of a network for one sample. */
  readonly calls: number;
  /** Samples with a number that is not finite. */
  readonly lost: number;
  /** Of `pmf` over its floor, and what one split may be off by; null where that cannot be told. */
  readonly ratio: number | null;
  readonly ratioError: number | null;
}

export interface SolverComparison {
  readonly count: number;
  readonly points: readonly SolverPoint[];
  /** Frames on the side of the samples: fewer than the samples where the reference is short. */
  readonly floor: Errors & { readonly frames: number };
}

/** Numbers of calls that a solver has too few steps for are left out. */
export async function compareSolvers(
  { specification, system, networks }: Scored,
  reference: DataSet,
  { count, calls }: { readonly count: number; readonly calls: readonly number[] },
  engine: Engine,
  follower: Follower,
): Promise<SolverComparison> {
  const method = methodOf(specification);
  const { solvers } = method;
  if (!solvers) throw new ErgodicError(`A model of the method ${method.title} has only one way to sample.`);
  const truth = { reference: measuredIn(reference.values, system, 0) };
  const points: SolverPoint[] = [];
  /** With the most samples that are numbers. */
  let best: EqualCount | undefined;
  for (const [solver, perStep] of Object.entries(solvers)) {
    for (const budget of calls) {
      const steps = Math.floor(budget / perStep);
      if (steps < networks.length) continue;
      const own = { ...specification, sample: { ...specification.sample, solver, steps } } as Specification;
      const plan = method.samplingPlan(networks, own);
      const options = { count, seed: specification.seed, scale: system.scale };
      const task = follower.task(`sampling by ${solver}, ${steps} steps`);
      const samples = measuredIn(await samplesOf(plan, options, engine, task), system, 0);
      const found = samples.all.frames > 0 ? againstReference(samples, truth, system.variables.plane) : undefined;
      if (found && found.count > (best?.count ?? 0)) best = found;
      const { ratio, ratioError } = found?.pmf ?? { ratio: null, ratioError: null };
      const lost = count - samples.all.frames;
      points.push({ solver, steps, calls: steps * perStep, lost, ratio, ratioError, ...means(found, 'value') });
    }
  }
  return { count, points, floor: { frames: best?.count ?? 0, ...means(best, 'floor') } };
}

function means(found: EqualCount | undefined, of: 'value' | 'floor'): Errors {
  if (!found) return { pmf: Number.NaN, js: Number.NaN };
  const mean = (measure: AtEqualCount) => measure[of].mean;
  const { pmf, js, bonds } = found;
  return { pmf: mean(pmf), js: mean(js), ...(bonds ? { bonds: mean(bonds) } : {}) };
}
