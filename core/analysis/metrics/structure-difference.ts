/**
 * How far the structures of a set are from those of a reference (method §9), by distances between atoms, bonds and torsions:
 * what no plane of collective variables shows. Two summaries in, plain numbers out; the noise floor beside them is
 * structure-quality.ts. Lengths in nm.
 */
import type { Points } from '../free-energy/points.ts';
import { totalVariations } from './distance-histogram.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { wasserstein2 } from './quantiles.ts';
import type { StructureSummary } from './structure-summary.ts';

export interface StructureDifference {
  /** Total variation of the histograms of all distances, in the order of `BIN_NUMBERS`. */
  readonly distances: readonly number[];
  /** The same of each kind of pair. */
  readonly byKind: readonly (readonly number[])[];
  /** Wasserstein-2 distance of all distances together. */
  readonly pooledW2: number;
  /** Mean over the pairs of the Wasserstein-2 distance of each. */
  readonly pairW2: number;
  /** Mean over the bonds of |mean length − mean length in the reference|. */
  readonly bondMeans: number;
  /** Mean over the bonds of standard deviation / standard deviation in the reference; NaN where all bonds are fixed. */
  readonly bondWidths: number;
  /** Fraction of frames in which every bond is within 0.03 nm of its mean in the reference. */
  readonly within30: number;
  /** Within 0.05 nm. */
  readonly within50: number;
  /** Mean over the torsions of the Jensen–Shannon divergence, nats; NaN where there are none. */
  readonly torsions: number;
}

/** nm. A bond that varies less is one of fixed length, and what it varies is rounding. */
const FIXED = 1e-4;

export function structureDifference(model: StructureSummary, reference: StructureSummary): StructureDifference {
  const [own, truth] = [model.bonds.map(momentsOf), reference.bonds.map(momentsOf)];
  const widths = own.flatMap(({ deviation }, bond) => {
    const width = truth[bond]!.deviation;
    return width > FIXED ? [deviation / width] : [];
  });
  const means = truth.map(({ mean }) => mean);
  return {
    distances: totalVariations(model.distances, reference.distances),
    byKind: model.byKind.map((one, kind) => totalVariations(one, reference.byKind[kind]!)),
    pooledW2: wasserstein2(model.pooledQuantiles, reference.pooledQuantiles),
    pairW2: meanOf(model.quantiles.map((one, pair) => wasserstein2(one, reference.quantiles[pair]!))),
    bondMeans: meanOf(own.map(({ mean }, bond) => Math.abs(mean - means[bond]!))),
    bondWidths: meanOf(widths),
    within30: fractionWithin(0.03, model.bonds, means),
    within50: fractionWithin(0.05, model.bonds, means),
    torsions: meanOf(model.torsions.map((one, torsion) => jensenShannon(one, reference.torsions[torsion]!))),
  };
}

/** NaN of nothing. */
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function momentsOf(values: ArrayLike<number>): { readonly mean: number; readonly deviation: number } {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i]! / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

function fractionWithin(tolerance: number, bonds: Points, means: readonly number[]): number {
  const frames = bonds[0]!.length;
  let within = 0;
  for (let frame = 0; frame < frames; frame++) {
    if (bonds.every((lengths, bond) => Math.abs(lengths[frame]! - means[bond]!) <= tolerance)) within++;
  }
  return within / frames;
}
