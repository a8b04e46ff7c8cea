/**
 * Free energy on a grid: F = −kT ln p with its minimum shifted to 0 (method §9). Bins that no point visits are NaN and
 * are drawn blank. `p` is the density, so F does not depend on the bin width; the unit is that of `kT`
 * (1 gives F in kT). Outliers count in the normalisation and are not shown.
 */
import { ErgodicError } from '../../errors.ts';
import { type Grid, type Histogram, histogram, innerCounts } from './histogram.ts';
import type { Points } from './points.ts';

export interface FreeEnergy {
  readonly grid: Grid;
  /** One value per inner bin, last axis fastest; NaN where unsampled. */
  readonly values: Float64Array;
  /** −kT ln p at the minimum: `values + offset` is absolute and may be compared between surfaces. */
  readonly offset: number;
  readonly kT: number;
  /** Points counted, outliers too; absent where no counting was done. */
  readonly total?: number;
}

export function freeEnergy(points: Points, grid: Grid, kT: number): FreeEnergy {
  return freeEnergyOf(histogram(points, grid), kT);
}

export function freeEnergyOf(counted: Histogram, kT: number): FreeEnergy {
  const { grid, total } = counted;
  const volume = binVolume(grid);
  const density = innerCounts(counted).map((count) => count / (total * volume));
  return { ...fromDensity(grid, density, kT), total };
}

/** In the units of the axes. */
export const binVolume = ({ limits, bins }: Grid): number =>
  limits.reduce((product, [low, high]) => product * ((high - low) / bins), 1);

/** From a density per inner bin, such as the exact one of a toy. */
export function fromDensity(grid: Grid, density: Float64Array, kT: number): FreeEnergy {
  const absolute = density.map((p) => (p > 0 ? -kT * Math.log(p) : Number.NaN));
  const offset = absolute.filter((F) => !Number.isNaN(F)).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  if (offset === Number.POSITIVE_INFINITY) {
    throw new ErgodicError('No point lies within the limits, so there is no free energy.');
  }
  return { grid, values: absolute.map((F) => F - offset), offset, kT };
}

/** −kT ln (p_a / p_b) per bin, NaN where either is unsampled; needs no common minimum. */
export function freeEnergyDifference(a: FreeEnergy, b: FreeEnergy): Float64Array {
  if (a.values.length !== b.values.length)
    throw new ErgodicError('Free energies on different grids have no difference.');
  return a.values.map((F, bin) => F + a.offset - b.values[bin]! - b.offset);
}
