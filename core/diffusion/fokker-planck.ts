/**
 * How far an energy is from obeying the Fokker–Planck equation (method §5): with `log q = −E` and `s = −∇E`,
 * `R = ½β [D + x·s + |s|² + ∇·s] − ∂t log q = ½β [D + |∇E|² − L[E]]`, `L[E] = x·∇E + ΔE − (2/β) ∂tE`.
 * D counts the directions in which the density can change: 3N − 3 for a molecule, whose energy is blind to its centre.
 *
 * `exact` takes L[E] from one second-order forward sweep. Up to four dimensions it runs along every unit vector, so R
 * is exact and ∇E comes out of the same sweep; beyond that two or more independent Rademacher probes stand for the
 * Laplacian and ∇E comes from reverse mode. `weak` is the published finite-difference form. Both also return the score at
 * (x, t), which the denoising loss needs anyway.
 */
import { conservativeField, degreesOfFreedom, type Energy } from '../models/score-model.ts';
import { secondOrder } from '../program/differentiate.ts';
import { square } from '../program/functions.ts';
import {
  add,
  concat,
  constant,
  div,
  greater,
  mul,
  neg,
  normal,
  reshape,
  select,
  sub,
  sum,
  uniform,
} from '../program/primitives.ts';
import { type Shape, sizeOf, type Tensor } from '../program/tensor.ts';
import { beta } from './process.ts';
import { streams } from './streams.ts';

export interface Residual {
  /** s(x, t), of the shape of x. */
  readonly score: Tensor;
  /** Independent estimates of R, at least two; only one where R is exact. */
  readonly estimates: readonly Tensor[];
}

/** The published number of probes. */
const PROBES = 2;

/** R² without bias: the square of an exact R, else the mean over products of two different estimates. */
export function squaredResidual({ estimates }: Residual): Tensor {
  const [first, second = first] = estimates as [Tensor, ...Tensor[]];
  if (estimates.length <= 2) return mul(first, second);
  const n = estimates.length;
  const pairs = estimates.flatMap((a, i) => estimates.slice(i + 1).map((b) => mul(a, b)));
  return mul(pairs.reduce(plus), 2 / (n * (n - 1)));
}

/** R with the least variance that its estimates allow. */
export const meanResidual = ({ estimates }: Residual): Tensor => mul(estimates.reduce(plus), 1 / estimates.length);

const plus = (a: Tensor, b: Tensor): Tensor => add(a, b);

/** Most dimensions for which every unit vector is cheaper than two probes and a reverse sweep. */
export const MOST_EXACT_DIMENSIONS = 4;

/** The unit vectors of a shape, one tensor each. */
export const unitVectors = (shape: Shape): Tensor[] =>
  Array.from({ length: sizeOf(shape) }, (_, k) =>
    constant(
      Array.from({ length: sizeOf(shape) }, (_unused, i) => (i === k ? 1 : 0)),
      shape,
    ),
  );

const probeStreams = (probes: number): number[] =>
  Array.from({ length: probes }, (_, i) => [streams.firstProbe, streams.secondProbe][i] ?? streams.furtherProbes + i);

/** +1 or −1 with equal probability. */
const rademacher = (shape: Shape, stream: number): Tensor => select(greater(uniform(shape, stream), 0.5), 1, -1);

/** ½β · bracket. */
const halfBeta = (t: Tensor, bracket: Tensor): Tensor => mul(mul(beta(t), 0.5), bracket);

export function exactResidual(energy: Energy, x: Tensor, t: Tensor, probes = PROBES): Residual {
  return sizeOf(x.shape) <= MOST_EXACT_DIMENSIONS ? fullResidual(energy, x, t) : probedResidual(energy, x, t, probes);
}

/** The drift of L: x moves along x, t along −2/β. */
const driftOf = (x: Tensor, t: Tensor) =>
  new Map([
    [x, x],
    [t, div(-2, beta(t))],
  ]);

function fullResidual(energy: Energy, x: Tensor, t: Tensor): Residual {
  const directions = unitVectors(x.shape).map((v) => new Map([[x, v]]));
  const { along, operator } = secondOrder(energy(x, t), directions, driftOf(x, t));
  const squared = along.map(square).reduce((a, b) => add(a, b));
  const residual = halfBeta(t, sub(add(squared, degreesOfFreedom(x.shape)), operator));
  const gradient = concat(
    along.map((slope) => reshape(slope, [1])),
    0,
  );
  return { score: neg(reshape(gradient, x.shape)), estimates: [residual] };
}

function probedResidual(energy: Energy, x: Tensor, t: Tensor, probes: number): Residual {
  const value = energy(x, t);
  const score = conservativeField(() => value).score(x, t);
  const known = add(sum(square(score)), degreesOfFreedom(x.shape));
  const estimates = probeStreams(probes).map((stream) => {
    const probe = new Map([[x, rademacher(x.shape, stream)]]);
    return halfBeta(t, sub(known, secondOrder(value, [probe], driftOf(x, t)).operator));
  });
  return { score, estimates };
}

/** Standard deviation of the displacement v. */
const WEAK_SIGMA = 1e-4;
/** Steps of the two-sided difference in t, upward and downward. */
const STEP_UP = 5e-4;
const STEP_DOWN = 1e-3;

/**
 * The published estimate: `∇·s ≈ v·(s(x+v) − s(x−v)) / 2σ²` with v ~ N(0, σ²), everything else at x + v, `∂t` by a
 * two-sided difference. The constant D, which the reference replaces by 1, is kept.
 */
export function weakResidual(energy: Energy, x: Tensor, t: Tensor, probes = PROBES): Residual {
  const { score } = conservativeField(energy);
  const logQ = (at: Tensor, time: Tensor) => neg(energy(at, time));
  const estimates = probeStreams(probes).map((stream) => {
    const direction = normal(x.shape, stream);
    const v = mul(direction, WEAK_SIGMA);
    const above = add(x, v);
    const s = score(above, t);
    const divergence = mul(sum(mul(direction, sub(s, score(sub(x, v), t)))), 0.5 / WEAK_SIGMA);
    const change = add(
      add(mul(logQ(above, add(t, STEP_UP)), STEP_DOWN ** 2), mul(logQ(above, t), STEP_UP ** 2 - STEP_DOWN ** 2)),
      mul(logQ(above, sub(t, STEP_DOWN)), -(STEP_UP ** 2)),
    );
    const byTime = mul(change, 1 / (STEP_UP * STEP_DOWN * (STEP_UP + STEP_DOWN)));
    const bracket = add(add(sum(mul(above, s)), sum(square(s))), add(divergence, degreesOfFreedom(x.shape)));
    return sub(halfBeta(t, bracket), byTime);
  });
  return { score: score(x, t), estimates };
}
