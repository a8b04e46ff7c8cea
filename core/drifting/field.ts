/**
 * The drift field of one-step generation (arXiv 2602.04770; method §10): at every point of a batch, the way towards the data
 * nearby and away from what is generated nearby. It vanishes where both are distributed alike. Whole batches are single
 * tensors here, a row for each configuration, because every point sees all others. Forces of the data may bend it
 * (guidance.ts). Not here: a generator, or its training.
 */
import { mean, square } from '../program/functions.ts';
import { add, div, mul, sqrt, sub, sum } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { type Guidance, guided } from './guidance.ts';
import { type Kernel, kernelAmong, kernelOf } from './kernel.ts';
import { ALONE, alongColumns, alongRows, asTheyAre, type Relate, shiftTo } from './pairs.ts';

export interface Batch {
  /** Where the field is wanted, [N, D]. */
  readonly points: Tensor;
  /** [M, D]. */
  readonly data: Tensor;
  /** [K, D]. */
  readonly generated: Tensor;
  /** Whether the points are the generated ones, in the same order: none is then pushed away from itself. */
  readonly isOwn: boolean;
  /** How configurations are compared: as they are, unless given. */
  readonly relate?: Relate;
  readonly guidance?: Guidance | undefined;
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

/**
 * √(k/Σ_row ⊙ k/Σ_column), where a row counts data and generated points together, and columns of either by themselves:
 * A point among few data is pulled no less than one among many.
 */
export function affinities(toData: Tensor, toGenerated: Tensor): Affinities {
  const perMass = (mass: Tensor) => div(1, sqrt(add(mass, ALONE)));
  const rows = perMass(add(sum(toData, [1]), sum(toGenerated, [1])));
  const normalised = (k: Tensor) =>
    mul(mul(k, alongRows(rows, k.shape[1]!)), alongColumns(perMass(sum(k, [0])), k.shape[0]!));
  return { data: normalised(toData), generated: normalised(toGenerated) };
}

/** Bandwidths in the unit of the points. Each field gets a mean square of 1, so that none is lost among the others. */
export function drift(batch: Batch, kernel: Kernel, bandwidths: readonly Tensor[]): Drift {
  const { points, data, generated, isOwn, guidance, relate = asTheyAre } = batch;
  const [toData, toGenerated] = [relate(points, data), relate(points, generated)];
  const towards = guided(guidance, { points, data, toData, relate });
  const parts = bandwidths.map((h, index) => {
    const raw = kernelOf[kernel](toData.squares, h);
    const other = isOwn ? kernelAmong(kernel, toGenerated.squares, h) : kernelOf[kernel](toGenerated.squares, h);
    const near = affinities(raw, other);
    const pull = towards({ index, h, raw, near: near.data });
    const shift = sub(pull, shiftTo(points, toGenerated, generated, near.generated));
    // Guidance moves where the data pull to, and not how strongly: attraction and repulsion have equal mass.
    const mass = mul(sum(near.data, [1]), sum(near.generated, [1]));
    return { field: mul(alongRows(mass, data.shape[1]!), shift), size: mean(sum(square(shift), [1])) };
  });
  const normalised = parts.map(({ field }) => div(field, sqrt(add(mean(square(field)), ALONE))));
  return { field: normalised.reduce((a, b) => add(a, b)), sizes: parts.map(({ size }) => size) };
}
