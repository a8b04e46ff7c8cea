/**
 * What a bead can tell of its surroundings that stays the same when the molecule turns: lengths of and angles between
 * directions to its neighbours, and whether three of them are a right or a left hand. A network of differences alone
 * learns all three from turned copies, and the hand last: it takes a mirror image for the molecule until late.
 *
 * The directions are sums of those that the heads of attention look in, with learned weights, in `triples` of three.
 * Each is shortened to less than 1, so that what is made of them is bounded however far the noise has carried a bead.
 * A score, which must turn with the molecule, has pulls along pairs of beads besides; an energy does so by itself.
 */
import {
  add,
  broadcast,
  concat,
  matmul,
  mul,
  neg,
  reciprocal,
  reshape,
  slice,
  sqrt,
  sum,
  transpose,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { type NamedTensors, type ParameterSpec, weight } from './parameters.ts';

/** Three lengths, three angles, one hand. */
const OF_TRIPLE = 7;

/** The name of the weights in files of models; those of earlier versions have it, too. */
const STORED_AS = 'surroundings';

export const geometricFeatureParameters = (
  name: string,
  heads: number,
  triples: number,
  hidden: number,
): ParameterSpec[] =>
  triples === 0
    ? []
    : [weight(`${name}.directions`, heads, 3 * triples), weight(`${name}.${STORED_AS}`, OF_TRIPLE * triples, hidden)];

/** directions [N, heads, 3] → [N, hidden], or nothing for a network without. */
export function geometricFeatures(parts: NamedTensors, name: string, directions: Tensor): Tensor | undefined {
  const combine = parts[`${name}.directions.w`];
  if (!combine) return undefined;
  return matmul(invariantsOf(matmul(transpose(directions, [0, 2, 1]), combine)), parts[`${name}.${STORED_AS}.w`]!);
}

/** Of a score: a weight for every pair of beads. The second factor starts at zero, and with it the weights. */
export const pairParameters = (triples: number, hidden: number): ParameterSpec[] =>
  triples === 0
    ? []
    : [weight('out.from', hidden, hidden), { ...weight('out.to', hidden, hidden), initial: 'zero' as const }];

/**
 * Nodes h [N, hidden], x [N, 3] → [N, 3]: each bead is drawn along the lines to the others, Σ_j s_ij (x_j − x_i), and
 * so turns with the molecule; nothing for a network without.
 */
export function alongPairs(parts: NamedTensors, h: Tensor, x: Tensor): Tensor | undefined {
  const from = parts['out.from.w'];
  if (!from) return undefined;
  const [beads, hidden] = h.shape as [number, number];
  const pulls = mul(matmul(matmul(h, from), matmul(h, parts['out.to.w']!), false, true), hidden ** -0.5);
  const own = broadcast(sum(pulls, [1]), [beads, 3], [0]);
  return add(matmul(pulls, x), neg(mul(own, x)));
}

/** [N, 3, 3·triples] → [N, 7·triples]. */
export function invariantsOf(directions: Tensor): Tensor {
  const [beads, , count] = directions.shape as [number, number, number];
  const shortening = reciprocal(sqrt(add(sum(mul(directions, directions), [1]), 1)));
  const short = mul(directions, broadcast(shortening, directions.shape, [0, 2]));
  const along = (axis: number) => reshape(slice(short, 1, axis, axis + 1), [beads, count]);
  const [x, y, z] = [along(0), along(1), along(2)];
  const triples = count / 3;
  const third = (i: number): Vector => {
    const own = (component: Tensor) => slice(component, 1, i * triples, (i + 1) * triples);
    return [own(x), own(y), own(z)];
  };
  const [a, b, c] = [third(0), third(1), third(2)];
  return concat([dot(a, a), dot(b, b), dot(c, c), dot(a, b), dot(b, c), dot(c, a), dot(a, cross(b, c))], 1);
}

type Vector = readonly [Tensor, Tensor, Tensor];

const dot = (a: Vector, b: Vector): Tensor => add(add(mul(a[0], b[0]), mul(a[1], b[1])), mul(a[2], b[2]));

function cross([ax, ay, az]: Vector, [bx, by, bz]: Vector): Vector {
  const minor = (p: Tensor, q: Tensor, r: Tensor, s: Tensor) => add(mul(p, q), neg(mul(r, s)));
  return [minor(ay, bz, az, by), minor(az, bx, ax, bz), minor(ax, by, ay, bx)];
}
