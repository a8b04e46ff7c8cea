/**
 * Rotation-invariant neighbour features of a bead: lengths of and angles between directions to its neighbours, and the
 * chirality of three of them. A network of coordinate differences alone has to learn all of these from random rotations,
 * and chirality last: until late it does not distinguish a molecule from its mirror image.
 *
 * The directions are learned linear combinations of the mean directions of the attention heads, in `triples` of three.
 * Each is shortened to less than 1, so that the features stay bounded however far the noise has moved a bead.
 * A score, which must rotate with the molecule, also gets forces along pairs of beads; the gradient of an energy has
 * them by itself.
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
import { cross, dot, type Vector } from './vectors.ts';

/** Three lengths, three angles, one chirality. */
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

/** directions [N, heads, 3] → [N, hidden]; undefined for a network without. */
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
 * Nodes h [N, hidden], x [N, 3] → [N, 3]: pair forces Σ_j s_ij (x_j − x_i) on each bead, which rotate with the
 * molecule; undefined for a network without.
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
