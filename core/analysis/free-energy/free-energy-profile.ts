/** A one-dimensional free-energy profile with error bars from blocks. Same unit as `kT`; unsampled bins are NaN. */
import { freeEnergy } from './free-energy.ts';
import { freeEnergyErrors } from './free-energy-errors.ts';
import { binCentres, type Grid } from './histogram.ts';

export interface FreeEnergyProfile {
  readonly centres: Float64Array;
  readonly values: Float64Array;
  /** Standard error of each value. */
  readonly errors: Float64Array;
}

export const freeEnergyProfile = (
  values: ArrayLike<number>,
  grid: Grid,
  kT: number,
  blockCount = 10,
): FreeEnergyProfile => ({
  centres: binCentres(grid.limits[0]!, grid.bins),
  values: freeEnergy([values], grid, kT).values,
  errors: freeEnergyErrors([values], grid, kT, blockCount),
});
