/**
 * How each configuration of one set lies to each of another: in a space where they are compared as they are, by squared
 * distances and sums along rows. `superposition.ts` has those of molecules that are turned onto each other first.
 */
import { maximum, square } from '../program/functions.ts';
import { add, broadcast, div, matmul, mul, sub, sum } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

export interface Pairs {
  /** Squared distances, [N, M]. */
  readonly squares: Tensor;
  /** Σ_j w_ij v_j of vectors [M, D] at the others, as they are seen from each point, [N, D]. */
  sum(weights: Tensor, vectors: Tensor): Tensor;
  /** x_i · v_j of vectors [M, D] at the others, [N, M]. */
  dot(vectors: Tensor): Tensor;
}

/** Of points [N, D] and others [M, D]. */
export type Relate = (points: Tensor, others: Tensor) => Pairs;

export const asTheyAre: Relate = (points, others) => ({
  squares: squaredDistances(points, others),
  sum: (weights, vectors) => matmul(weights, vectors),
  dot: (vectors) => matmul(points, vectors, false, true),
});

/** Kernel mass at which a point counts as alone. */
export const ALONE = 1e-12;

/** From each point [N, D] to the mean of `rows` [M, D] with its weights [N, M], [N, D]: 0 where there is nothing near. */
export function shiftTo(points: Tensor, pairs: Pairs, rows: Tensor, weights: Tensor): Tensor {
  const mass = sum(weights, [1]);
  const columns = points.shape[1]!;
  const moment = sub(pairs.sum(weights, rows), mul(points, alongRows(mass, columns)));
  return div(moment, alongRows(add(mass, ALONE), columns));
}

/** One number for each row, repeated along it. */
export const alongRows = (x: Tensor, columns: number): Tensor => broadcast(x, [x.shape[0]!, columns], [0]);
/** One number for each column, repeated along it. */
export const alongColumns = (x: Tensor, rows: number): Tensor => broadcast(x, [rows, x.shape[0]!], [1]);

/** Between rows of a [N, D] and b [M, D], [N, M]. */
export function squaredDistances(a: Tensor, b: Tensor): Tensor {
  const [rows, columns] = [a.shape[0]!, b.shape[0]!];
  const left = alongRows(sum(square(a), [1]), columns);
  const right = alongColumns(sum(square(b), [1]), rows);
  return maximum(sub(add(left, right), mul(2, matmul(a, b, false, true))), 0);
}
