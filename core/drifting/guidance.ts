/**
 * Forces of the training frames that bend the drift field towards the Boltzmann distribution (arXiv 2603.05527; method §10),
 * for the Gaussian kernel. `fi` mixes them into the directions, `fk` tilts the weights by them, so that what the field pulls
 * to is always a mean of data. The published formulas were not at hand: both are *derived for this product* from the identity
 * h² ∇ log(p∗k) = the kernel-weighted mean of h² s_p. Not here: weights of the data (reweighting/), or the field itself.
 */
import { clamp, mean, minimum, square } from '../program/functions.ts';
import { add, div, exp, mul, reciprocal, sqrt, sub, sum, transpose } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { kernelAmong } from './kernel.ts';
import { ALONE, alongColumns, alongRows, type Pairs, type Relate, shiftTo } from './pairs.ts';

export const tilts = ['residual', 'dot', 'cosine'] as const;
export type Tilt = (typeof tilts)[number];

export interface Guidance {
  readonly kind: 'fi' | 'fk';
  /** Of each bandwidth: ω of `fi`, γ of `fk`; 0 where it is not guided. */
  readonly strengths: readonly number[];
  /** Of `fk`. */
  readonly tilt: Tilt;
  /** βF of each of the data in the space of the field, [M, D]. */
  readonly scores: Tensor;
}

interface Space {
  readonly points: Tensor;
  readonly data: Tensor;
  readonly toData: Pairs;
  readonly relate: Relate;
}

/** One bandwidth. */
interface Near {
  readonly index: number;
  readonly h: Tensor;
  /** Kernel values, [N, M]. */
  readonly raw: Tensor;
  /** After the two-sided normalisation, [N, M]. */
  readonly near: Tensor;
}

/** From each point the way that the data pull it, [N, D]. */
type Pull = (of: Near) => Tensor;

/** Tilts in kT, at most. */
const MOST_TILT = 4;
/** Neighbours for which a residual counts half: fewer tell of the noise of their forces. */
const HALF_KNOWN = 3;
/** Bandwidths that a force pushes, at most. */
const FURTHEST = 2;
/** Of the mean kernel value among the data: where a point has less, forces of `fi` fade. */
const FADING = 0.1;

export function guided(guidance: Guidance | undefined, space: Space): Pull {
  const plain: Pull = ({ near }) => shiftTo(space.points, space.toData, space.data, near);
  if (!guidance) return plain;
  const among = space.relate(space.data, space.data);
  const own = guidance.kind === 'fi' ? withForces(guidance, space, among, plain) : withTilt(guidance, space, among);
  return (of) => (guidance.strengths[of.index]! > 0 ? own(of) : plain(of));
}

/**
 * (1 − ω_i)·(mean of y − x) + ω_i·(mean of h²βF − ½c): c = Σ_i k (x_i − y)/Σ_i k takes back what the normalisation over
 * columns does to the density of the data. ω_i = ω Z_i/(Z_i + z₀) fades where the points leave the data, which would
 * otherwise push them away for good; no push is longer than two bandwidths, as far as the kernel sees.
 */
function withForces({ strengths, scores }: Guidance, space: Space, among: Pairs, plain: Pull): Pull {
  const { points, data, toData } = space;
  const [count, width] = data.shape as [number, number];
  const back = space.relate(data, points);
  return (of) => {
    const { index, h, raw, near } = of;
    const shift = plain(of);
    const pushes = mul(scores, square(h));
    const lengths = sqrt(add(sum(square(pushes), [1]), ALONE));
    const bounded = mul(pushes, alongRows(minimum(div(mul(FURTHEST, h), lengths), 1), width));
    // As seen from the data: where the points nearby are.
    const columns = sum(raw, [0]);
    const towardsPoints = sub(back.sum(transpose(raw, [1, 0]), points), mul(data, alongRows(columns, width)));
    const spread = div(towardsPoints, alongRows(add(columns, ALONE), width));
    const push = sub(bounded, mul(0.5, spread));
    const pushed = div(toData.sum(near, push), alongRows(add(sum(near, [1]), ALONE), width));
    const known = mul(sum(raw, [1]), 1 / count);
    const faint = mul(FADING, mean(kernelAmong('gaussian', among.squares, h)));
    const share = alongRows(mul(strengths[index]!, div(known, add(known, add(faint, ALONE)))), width);
    return add(mul(sub(1, share), shift), mul(share, pushed));
  };
}

/** Weights times e^(γ · tilt), where the tilt of y at x is what a step from x to y gains. */
function withTilt(guidance: Guidance, space: Space, among: Pairs): Pull {
  const { points, data, toData } = space;
  const rows = points.shape[0]!;
  return ({ index, h, near }) => {
    const directions = guidance.tilt === 'residual' ? residuals(guidance.scores, data, among, h) : guidance.scores;
    const own = alongColumns(sum(mul(directions, data), [1]), rows);
    const gain = sub(own, toData.dot(directions));
    const scaled = guidance.tilt === 'cosine' ? div(gain, lengthsOf(directions, toData)) : gain;
    const tilt = clamp(mul(scaled, guidance.strengths[index]!), -MOST_TILT, MOST_TILT);
    return shiftTo(points, toData, data, mul(near, exp(tilt)));
  };
}

/** |v_j| |y_j − x_i|. */
function lengthsOf(directions: Tensor, { squares }: Pairs): Tensor {
  const own = sqrt(add(sum(square(directions), [1]), ALONE));
  return mul(alongColumns(own, squares.shape[0]!), sqrt(add(squares, ALONE)));
}

/**
 * The smoothed score of the Boltzmann distribution less that of the data at each of the data, from the others of the
 * batch: Σ w [βF − (y_l − y_j)/h²]. It is 0 where the data are Boltzmann, and shrinks where neighbours are few.
 */
function residuals(scores: Tensor, data: Tensor, among: Pairs, h: Tensor): Tensor {
  const width = data.shape[1]!;
  const kernel = kernelAmong('gaussian', among.squares, h);
  const mass = sum(kernel, [1]);
  const forces = div(among.sum(kernel, scores), alongRows(add(mass, ALONE), width));
  const own = mul(shiftTo(data, among, data, kernel), reciprocal(square(h)));
  return mul(sub(forces, own), alongRows(div(mass, add(mass, HALF_KNOWN)), width));
}
