/**
 * The drift field of one-step generation (arXiv 2602.04770; method §10): at every point of a batch, the way towards the data
 * nearby and away from what is generated nearby. It vanishes where both are distributed alike. Whole batches are single
 * tensors here, a row for each configuration, because every point sees all others. Not here: a generator, or its training.
 */
import { maximum, mean, square } from '../program/functions.ts';
import { add, broadcast, constant, div, equal, exp, matmul, mul, neg, sqrt, sub, sum } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

export const kernels = ['gaussian', 'laplace'] as const;
export type Kernel = (typeof kernels)[number];

export interface Batch {
  /** Where the field is wanted, [N, D]. */
  readonly points: Tensor;
  /** [M, D]. */
  readonly data: Tensor;
  /** [K, D]. */
  readonly generated: Tensor;
  /** Whether the points are the generated ones, in the same order: none is then pushed away from itself. */
  readonly isOwn: boolean;
  /** Of the data, [M]; all alike unless given. */
  readonly weights?: Tensor | undefined;
}

/** Kernel values of one bandwidth, after the two-sided normalisation. */
export interface Affinities {
  /** [N, M]. */
  readonly data: Tensor;
  /** [N, K]. */
  readonly generated: Tensor;
}

export interface Drift {
  /** [N, D]. */
  readonly field: Tensor;
  /** Mean ‖V‖² of each bandwidth, before they are normalised and added, []. */
  readonly sizes: readonly Tensor[];
}

/** Kernel mass at which a point counts as alone. */
const ALONE = 1e-12;

/** One number for each row, repeated along it. */
const alongRows = (x: Tensor, columns: number): Tensor => broadcast(x, [x.shape[0]!, columns], [0]);
/** One number for each column, repeated along it. */
const alongColumns = (x: Tensor, rows: number): Tensor => broadcast(x, [rows, x.shape[0]!], [1]);

/** Between rows of a [N, D] and b [M, D], [N, M]. */
export function squaredDistances(a: Tensor, b: Tensor): Tensor {
  const [rows, columns] = [a.shape[0]!, b.shape[0]!];
  const squares = add(alongRows(sum(square(a), [1]), columns), alongColumns(sum(square(b), [1]), rows));
  return maximum(sub(squares, mul(2, matmul(a, b, false, true))), 0);
}

const kernelOf: Record<Kernel, (squares: Tensor, bandwidth: Tensor) => Tensor> = {
  gaussian: (squares, h) => exp(neg(div(squares, mul(2, square(h))))),
  laplace: (squares, h) => exp(neg(div(sqrt(squares), h))),
};

/** Off the diagonal 1, on it 0. */
function others(count: number): Tensor {
  const index = Array.from({ length: count }, (_, i) => i);
  return sub(1, equal(constant(index, [count, 1]), constant(index, [1, count])));
}

/**
 * √(k/Σ_row ⊙ k/Σ_column), where a row counts data and generated points together, and columns of either by themselves:
 * A point among few data is pulled no less than one among many.
 */
export function affinities(batch: Batch, kernel: Kernel, bandwidth: Tensor): Affinities {
  const { points, data, generated, isOwn } = batch;
  const near = (to: Tensor) => kernelOf[kernel](squaredDistances(points, to), bandwidth);
  const [toData, toAll] = [near(data), near(generated)];
  const toGenerated = isOwn ? mul(toAll, others(points.shape[0]!)) : toAll;
  const perMass = (mass: Tensor) => div(1, sqrt(add(mass, ALONE)));
  const rows = perMass(add(sum(toData, [1]), sum(toGenerated, [1])));
  const normalised = (k: Tensor) =>
    mul(mul(k, alongRows(rows, k.shape[1]!)), alongColumns(perMass(sum(k, [0])), k.shape[0]!));
  return { data: normalised(toData), generated: normalised(toGenerated) };
}

/** From each point [N, D] to the mean of `rows` [M, D] with its weights [N, M]: 0 where there is nothing near. */
function shiftTo(points: Tensor, rows: Tensor, weights: Tensor): { readonly shift: Tensor; readonly mass: Tensor } {
  const mass = sum(weights, [1]);
  const columns = points.shape[1]!;
  const moment = sub(matmul(weights, rows), mul(points, alongRows(mass, columns)));
  return { shift: div(moment, alongRows(add(mass, ALONE), columns)), mass };
}

/** The field of one bandwidth, [N, D], and its size where the masses do not count, []. */
function driftOf(batch: Batch, kernel: Kernel, bandwidth: Tensor): { field: Tensor; size: Tensor } {
  const { points, data, generated, weights } = batch;
  const near = affinities(batch, kernel, bandwidth);
  // Weights move where the data pull to, and not how strongly: attraction and repulsion have equal mass.
  const weighted = weights ? mul(near.data, alongColumns(weights, points.shape[0]!)) : near.data;
  const towards = shiftTo(points, data, weighted);
  const away = shiftTo(points, generated, near.generated);
  const shift = sub(towards.shift, away.shift);
  const mass = mul(sum(near.data, [1]), away.mass);
  return { field: mul(alongRows(mass, data.shape[1]!), shift), size: mean(sum(square(shift), [1])) };
}

/** Bandwidths in the unit of the points. Each field gets a mean square of 1, so that none is lost among the others. */
export function drift(batch: Batch, kernel: Kernel, bandwidths: readonly Tensor[]): Drift {
  const parts = bandwidths.map((bandwidth) => driftOf(batch, kernel, bandwidth));
  const normalised = parts.map(({ field }) => div(field, sqrt(add(mean(square(field)), ALONE))));
  return { field: normalised.reduce((a, b) => add(a, b)), sizes: parts.map(({ size }) => size) };
}
