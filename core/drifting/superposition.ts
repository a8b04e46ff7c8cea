/**
 * Each configuration of one set superposed on each of another, within a program (method §10): what their distances are, and how
 * positions and forces turn along. All are centred by the caller, and all beads count alike. Any unit of length. Configurations
 * are taken as they are: no derivative flows to them from here. In float32 squared distances are off by 1e-6 of what both
 * configurations have about their centres: by about 0.2 % where they are alike to 1 % of their size. Two configurations outside
 * a program are superposed by `systems/superpose.ts`.
 */
import type { Vector } from '../models/vectors.ts';
import { maximum, square } from '../program/functions.ts';
import {
  add,
  broadcastTo,
  concat,
  matmul,
  mul,
  reshape,
  slice,
  stopGradient,
  sub,
  sum,
  transpose,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { bestRotation, innerProduct, type Matrix } from './best-rotation.ts';
import type { Relate } from './pairs.ts';

export interface Superposition {
  /** Squared distances once superposed, summed over beads, [N, M]. */
  readonly squares: Tensor;
  /** R with elements [N, M]: R_ij y_j is superposed on x_i. */
  readonly rotations: Matrix;
}

/** Of `others` [M, B, 3] on `points` [N, B, 3], both centred. */
export function superposed(points: Tensor, others: Tensor): Superposition {
  const covariances = crossProducts(points, others);
  const rotations = bestRotation(covariances);
  const overlap = innerProduct(rotations, covariances);
  return { squares: maximum(sub(sumsOfSquares(points, others), mul(overlap, 2)), 0), rotations };
}

/** Σ_j w_ij R_ij a_j for weights [N, M] and what belongs to the others, positions or forces [M, B, 3]; [N, B, 3]. */
export function weightedSum(weights: Tensor, { rotations }: Superposition, a: Tensor): Tensor {
  const components = byAxis(a);
  const along = (row: Vector) =>
    row
      .map((element, axis) => matmul(mul(weights, element), components[axis]!, false, true))
      .reduce((one, other) => add(one, other));
  const sums = rotations.map((row) => reshape(along(row), [1, weights.shape[0]!, a.shape[1]!]));
  return transpose(concat(sums, 0), [1, 2, 0]);
}

/** Σ a_i · R_ij b_j over beads, where a [N, B, 3] belongs to the points and b [M, B, 3] to the others; [N, M]. */
export const turnedDot = ({ rotations }: Superposition, a: Tensor, b: Tensor): Tensor =>
  innerProduct(rotations, crossProducts(a, b));

/** Of molecules in rows, [N, 3B] and [M, 3B], both centred: turned onto each other before they are compared. */
export const turnedOnto =
  (beads: number): Relate =>
  (points, others) => {
    const inSpace = (rows: Tensor) => reshape(rows, [rows.shape[0]!, beads, 3]);
    const superposition = superposed(inSpace(points), inSpace(others));
    return {
      squares: superposition.squares,
      sum: (weights, vectors) => reshape(weightedSum(weights, superposition, inSpace(vectors)), points.shape),
      dot: (vectors) => turnedDot(superposition, inSpace(points), inSpace(vectors)),
    };
  };

/** x, y and z of [rows, B, 3], [B, rows] each. */
function byAxis(x: Tensor): Vector {
  const [rows, beads] = x.shape as [number, number, number];
  // No strides read these rows from x, so they are laid out anew: products of matrices want them contiguous.
  const all = reshape(transpose(stopGradient(x), [2, 1, 0]), [3 * beads, rows]);
  const along = (axis: number) => slice(all, 0, axis * beads, (axis + 1) * beads);
  return [along(0), along(1), along(2)];
}

/** Σ a_i b_jᵀ over beads, elements [N, M]. */
function crossProducts(a: Tensor, b: Tensor): Matrix {
  const [rows, [x, y, z]] = [byAxis(a), byAxis(b)];
  const row = (of: Tensor): Vector => [matmul(of, x, true), matmul(of, y, true), matmul(of, z, true)];
  return [row(rows[0]), row(rows[1]), row(rows[2])];
}

/**
 * Σ|a_i|² + Σ|b_j|² over beads, [N, M]. A product of matrices, and not a sum of repeated numbers: the wasm engine takes four
 * elements at once only where all that a long expression reads is contiguous.
 */
function sumsOfSquares(a: Tensor, b: Tensor): Tensor {
  const ofEach = (x: Tensor) => reshape(sum(square(stopGradient(x)), [1, 2]), [1, x.shape[0]!]);
  const ones = (x: Tensor) => broadcastTo(1, [1, x.shape[0]!]);
  return matmul(concat([ofEach(a), ones(a)], 0), concat([ones(b), ofEach(b)], 0), true);
}
