/**
 * The gauge of an energy (method §5): E + c(t) has the score of E for any c, so denoising leaves c to chance, and most
 * of the Fokker–Planck residual R of a freshly denoised energy is that chance. `c′(t)` is the mean of −R over x at t. Here
 * it is a function of its own, linear between nodes in log(σ² + 3e-4), which resolves small t and saturates below it.
 *
 * Its values at the nodes lie behind the weights of the network. No gradient trains them: they are running means of −R
 * over the last hundred steps or so, begun before the term counts. A mean over the samples of the same step could not be
 * subtracted from one of them; what earlier steps measured can.
 */
import type { NamedTensors, ParameterSpec } from '../models/parameters.ts';
import type { TimeRange } from '../models/time-features.ts';
import { allWithin, maximum } from '../program/functions.ts';
import {
  add,
  concat,
  constant,
  div,
  log,
  mul,
  neg,
  select,
  slice,
  stopGradient,
  sub,
  sum,
  sumOverSamples,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { meanResidual, type Residual } from './fokker-planck.ts';
import { varianceAt } from './noise-schedule.ts';
import { variance } from './process.ts';

const NODES = 32;
/** σ² at which the nodes begin to saturate. */
const RESOLVED = 3e-4;
/** What is left of older measurements after each step. */
const MEMORY = 0.99;

const NAME = 'gauge.rate';

export const hasGauge = ({ alpha = 0, gauge = 'none' }: { readonly alpha?: number; readonly gauge?: string }) =>
  alpha !== 0 && gauge === 'fitted';

/** Steps that measure the gauge before the term counts. */
export const gaugeSteps = (steps: number): number => Math.min(500, Math.ceil(steps / 20));

/** Models from before it, and those trained without the term, have none. */
export const gaugeParameters: readonly ParameterSpec[] = [
  { name: NAME, shape: [NODES], initial: 'zero', optional: true },
];

export interface Gauge {
  /** c′(t). */
  rateAt(t: Tensor): Tensor;
  /** Fraction of each node in the value at t: [NODES], of sum 1. */
  sharesAt(t: Tensor): Tensor;
}

/** `times`: what the expert is trained on. */
export function gaugeOf(weights: NamedTensors, [low, high]: TimeRange): Gauge {
  const [from, to] = [low, high].map((t) => Math.log(varianceAt(t) + RESOLVED)) as [number, number];
  const nodes = constant(
    Array.from({ length: NODES }, (_, k) => k),
    [NODES],
  );
  const sharesAt = (t: Tensor) => {
    const place = mul(sub(log(add(variance(t), RESOLVED)), from), (NODES - 1) / (to - from));
    const away = sub(nodes, place);
    return maximum(sub(1, maximum(away, neg(away))), 0);
  };
  const rates = stopGradient(weights[NAME]!);
  return { sharesAt, rateAt: (t) => sum(mul(sharesAt(t), rates)) };
}

/** The residual of E + c(t). */
export const inGauge = ({ score, estimates }: Residual, rate: Tensor): Residual => ({
  score,
  estimates: estimates.map((estimate) => add(estimate, rate)),
});

interface Vectors {
  readonly parameters: Tensor;
  readonly average: Tensor;
  readonly gradientMean: Tensor;
  readonly gradientSquare: Tensor;
}

/**
 * The state after a step with what its samples say of the gauge; `residual` is what is left of R beside it. A node moves
 * by the mean of that over its fraction of all samples so far, of which older ones count less; how many it has seen takes
 * the place of the gradient's running mean. One sample's worth of doubt keeps the very first from deciding.
 */
export function withGauge<State extends Vectors>(
  after: State,
  before: Vectors,
  shares: Tensor,
  residual: Residual,
  accepted: Tensor,
): State {
  const [rates, seen] = [gaugePart(before.parameters), gaugePart(before.gradientMean)];
  const counts = add(mul(seen, MEMORY), sumOverSamples(shares));
  const moved = sub(rates, div(sumOverSamples(mul(shares, meanResidual(residual))), add(counts, 1)));
  const isGood = mul(accepted, allWithin(moved));
  const withPart = (flat: Tensor, part: Tensor, old: Tensor) =>
    concat([slice(flat, 0, 0, flat.shape[0]! - NODES), select(isGood, part, old)], 0);
  return {
    ...after,
    parameters: withPart(after.parameters, moved, rates),
    average: withPart(after.average, moved, rates),
    gradientMean: withPart(after.gradientMean, counts, seen),
  };
}

/** The last part of a flat vector. */
const gaugePart = (flat: Tensor): Tensor => slice(flat, 0, flat.shape[0]! - NODES, flat.shape[0]!);
