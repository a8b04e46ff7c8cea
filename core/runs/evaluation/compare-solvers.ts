/**
 * What the solvers of one trained model reach for so many network calls: each draws the same number of samples, which
 * are measured against the reference (method §9). The floor is what so many frames of the reference score themselves,
 * against the others. `bonds` in nm, only for molecules.
 */
import {
  type ConformationMetrics,
  conformationMetrics,
  type Measured,
  measured,
} from '../../analysis/metrics/conformation-metrics.ts';
import { planeMetrics } from '../../analysis/metrics/plane-metrics.ts';
import type { Engine } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import { methodOf } from '../../methods/methods.ts';
import type { Specification } from '../../specification/settings.ts';
import type { DataSet } from '../data/data-set.ts';
import { dimensionOf, type RunSystem } from '../data/run-system.ts';
import type { Follower } from '../follower.ts';
import { drawSamples } from '../sampling/sample.ts';
import type { Scored } from './evaluate-run.ts';

type Errors = Pick<ConformationMetrics, 'pmf' | 'js'> & { readonly bonds?: number };

export interface SolverPoint extends Errors {
  readonly solver: string;
  readonly steps: number;
  /** Evaluations of a network for one sample. */
  readonly calls: number;
  /** Samples with a number that is not finite. */
  readonly lost: number;
}

export interface SolverComparison {
  readonly count: number;
  readonly points: readonly SolverPoint[];
  readonly floor: Errors;
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
  const against = measuredIn(reference.values, system);
  const points: SolverPoint[] = [];
  for (const [solver, perStep] of Object.entries(solvers)) {
    for (const budget of calls) {
      const steps = Math.floor(budget / perStep);
      if (steps < networks.length) continue;
      const own = { ...specification, sample: { ...specification.sample, solver, steps } } as Specification;
      const plan = method.samplingPlan(networks, own);
      const rows: Float32Array[] = [];
      const options = { count, seed: specification.seed, scale: system.scale };
      const task = follower.task(`sampling by ${solver}, ${steps} steps`);
      await drawSamples(plan, options, engine, task, async (some) => void rows.push(some));
      const found = measuredIn(joined(rows), system);
      const lost = count - found.points[0]!.length;
      points.push({ solver, steps, calls: steps * perStep, lost, ...errors(found, against, system) });
    }
  }
  return { count, points, floor: floorOf(reference, count, system) };
}

/** So many frames at even intervals, against the frames between them. */
function floorOf({ values, dimension, count: all }: DataSet, count: number, system: RunSystem): Errors {
  const every = Math.max(2, Math.floor(all / count));
  const parts = [0, 1].map((side) => {
    const kept = Array.from({ length: all }, (_, frame) => frame).filter(
      (frame) => (frame % every === 0) === (side === 0),
    );
    const part = new Float32Array(kept.length * dimension);
    for (const [i, frame] of kept.entries()) {
      part.set(values.subarray(frame * dimension, (frame + 1) * dimension), i * dimension);
    }
    return measuredIn(part, system);
  });
  return errors(parts[0]!, parts[1]!, system);
}

function measuredIn(positions: Float32Array, system: RunSystem): Measured {
  const all = { positions, frames: positions.length / dimensionOf(system), atoms: system.shape[0]! };
  return measured(all, system.variables.points(positions), system.topology ? system.bonds : []);
}

function errors(model: Measured, reference: Measured, system: RunSystem): Errors {
  if (model.points[0]!.length === 0) return { pmf: Number.NaN, js: Number.NaN };
  const { plane } = system.variables;
  if (reference.bonds.length === 0) {
    const { pmf, js } = planeMetrics(model.points, reference.points, plane);
    return { pmf, js };
  }
  const { pmf, js, bonds } = conformationMetrics(model, reference, plane);
  return { pmf, js, bonds };
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}
