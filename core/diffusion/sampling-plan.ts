/**
 * The steps of a sampling run as numbers (method §6): the grid in t from 1 down to almost 0, cut at the boundaries
 * between experts (no step spans two of them), and the coefficients of each step, all in float64.
 */

import type { TimeRange } from '../models/time-features.ts';
import {
  betaAt,
  deviationAt,
  logSignalToNoiseAt,
  meanFactorAt,
  timeOfLogSignalToNoise,
  varianceAt,
} from './noise-schedule.ts';
import { TIME_FLOOR } from './process.ts';
import { coefficientNames, type Solver } from './samplers.ts';
import { boundaries, checkCover, expertAt } from './time-experts.ts';

/** One call: consecutive steps of one expert's sampling program. */
export interface SamplingStage {
  /** Index of the expert. */
  readonly expert: number;
  readonly steps: number;
  /** Number of its first step in the whole run, for the random numbers. */
  readonly firstStep: number;
  /** Per-step inputs by name. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
}

/** Grid in t, descending: steps + 1 values with every boundary among them. */
export function timeGrid(solver: Solver, steps: number, cuts: readonly number[], end = TIME_FLOOR): number[] {
  if (!Number.isInteger(steps) || steps < cuts.length + 1) {
    throw new RangeError(`Sampling across ${cuts.length + 1} experts needs at least as many steps, not ${steps}.`);
  }
  const grid = Array.from({ length: steps + 1 }, (_, i) => spacing[solver](i / steps, end));
  grid[0] = 1;
  grid[steps] = end;
  // The nearest inner point that still leaves one for each later boundary moves onto the boundary.
  let taken = 0;
  const descending = [...cuts].sort((a, b) => b - a);
  descending.forEach((cut, k) => {
    const last = steps - (descending.length - k);
    let nearest = taken + 1;
    for (let i = nearest; i <= last; i++) if (Math.abs(grid[i]! - cut) < Math.abs(grid[nearest]! - cut)) nearest = i;
    grid[nearest] = cut;
    taken = nearest;
  });
  return grid.sort((a, b) => b - a);
}

/** Karras et al. 2022, equation 5: even in (σ/m)^{1/ρ}. */
const RHO = 7;

/** From progress 0…1 to t. */
const spacing: Record<Solver, (progress: number, end: number) => number> = {
  'sde-dpm': evenInLogSignalToNoise,
  em: evenInBoth,
  heun: (progress, end) => {
    const root = (t: number) => Math.exp(-logSignalToNoiseAt(t) / RHO);
    return timeOfLogSignalToNoise(-RHO * Math.log(root(1) + progress * (root(end) - root(1))));
  },
  dpm: evenInLogSignalToNoise,
};

function evenInLogSignalToNoise(progress: number, end: number): number {
  const from = logSignalToNoiseAt(1);
  return timeOfLogSignalToNoise(from + progress * (logSignalToNoiseAt(end) - from));
}

/**
 * Half of the steps even in t, half in λ. A step of Euler–Maruyama adds (βh)² / v to a direction of variance v, which
 * includes σ², so it has to shrink with σ²: steps even in t alone leave bonds 13 % too narrow after a thousand of them.
 */
function evenInBoth(progress: number, end: number): number {
  const from = logSignalToNoiseAt(1);
  const whole = logSignalToNoiseAt(end) - from;
  const passed = (t: number) => 0.5 * ((1 - t) / (1 - end) + (logSignalToNoiseAt(t) - from) / whole);
  let [below, above] = [from, from + whole];
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (below + above);
    if (passed(timeOfLogSignalToNoise(middle)) < progress) below = middle;
    else above = middle;
  }
  return timeOfLogSignalToNoise(0.5 * (below + above));
}

type Coefficients = Readonly<Record<string, number>>;

interface StepTimes {
  readonly t: number;
  readonly next: number;
  /** The grid point before t; none in the first step of an expert, whose predecessor predicted other data. */
  readonly before: number | undefined;
  readonly last: boolean;
}

const coefficients: Record<Solver, (times: StepTimes) => Coefficients> = {
  em: ({ t, next, last }) => {
    const amount = betaAt(t) * (t - next);
    return { t, keep: 1 + 0.5 * amount, scoreWeight: amount, noiseWeight: last ? 0 : Math.sqrt(amount) };
  },
  heun: ({ t, next }) => {
    const m = meanFactorAt(next);
    const change = m * (deviationAt(next) / m - deviationAt(t) / meanFactorAt(t));
    return {
      t,
      keep: m / meanFactorAt(t),
      scoreWeight: -change * deviationAt(t),
      nextTime: next,
      nextScoreWeight: -change * deviationAt(next),
    };
  },
  dpm: (times) => {
    const { t, next } = times;
    const step = logSignalToNoiseAt(next) - logSignalToNoiseAt(t);
    return {
      t,
      keep: deviationAt(next) / deviationAt(t),
      dataWeight: -meanFactorAt(next) * Math.expm1(-step),
      ...dataPrediction(times, step),
    };
  },
  'sde-dpm': (times) => {
    const { t, next } = times;
    const step = logSignalToNoiseAt(next) - logSignalToNoiseAt(t);
    const fresh = -Math.expm1(-2 * step);
    return {
      t,
      keep: (deviationAt(next) / deviationAt(t)) * Math.exp(-step),
      dataWeight: meanFactorAt(next) * fresh,
      ...dataPrediction(times, step),
      noiseWeight: deviationAt(next) * Math.sqrt(fresh),
    };
  },
};

/** `step` in λ. */
const dataPrediction = ({ t, before }: StepTimes, step: number) => ({
  dataFromX: 1 / meanFactorAt(t),
  dataFromScore: varianceAt(t) / meanFactorAt(t),
  history: before === undefined ? 0 : step / (2 * (logSignalToNoiseAt(t) - logSignalToNoiseAt(before))),
});

/** The calls of a sampling run, in order; each hands its state on to the next. */
export function samplingPlan(
  experts: readonly { readonly range: TimeRange }[],
  solver: Solver,
  steps: number,
): SamplingStage[] {
  checkCover(experts);
  const grid = timeGrid(solver, steps, boundaries(experts));
  const owner = (i: number) => expertAt(experts, 0.5 * (grid[i]! + grid[i + 1]!));
  const all = grid.slice(0, -1).map((t, i) => {
    const expert = owner(i);
    const before = i > 0 && owner(i - 1) === expert ? grid[i - 1] : undefined;
    return { expert, values: coefficients[solver]({ t, next: grid[i + 1]!, before, last: i === steps - 1 }) };
  });
  const starts = all.flatMap(({ expert }, i) => (i === 0 || expert !== all[i - 1]!.expert ? [i] : []));
  return starts.map((from, k) => {
    const own = all.slice(from, starts[k + 1]);
    return {
      expert: own[0]!.expert,
      steps: own.length,
      firstStep: from,
      inputs: Object.fromEntries(
        coefficientNames[solver].map((name) => [name, Float64Array.from(own, ({ values }) => values[name]!)]),
      ),
    };
  });
}
