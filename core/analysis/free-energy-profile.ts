/**
 * A one-dimensional free-energy profile with error bars from blocks: the trajectory is cut into consecutive blocks, the
 * spread of a bin's probability over them gives its standard error, and δF = kT δp / p. Blocks longer than the
 * correlation time make the bars honest. Same unit as `kT`; unsampled bins are NaN.
 */

import { blockAverages, blockBounds } from './block-averages.ts';
import { freeEnergy } from './free-energy.ts';
import { binCentres, type Grid, histogram, innerCounts } from './histogram.ts';

export interface FreeEnergyProfile {
  readonly centres: Float64Array;
  readonly values: Float64Array;
  /** Standard error of each value. */
  readonly errors: Float64Array;
}

export function freeEnergyProfile(
  values: ArrayLike<number>,
  grid: Grid,
  kT: number,
  blockCount = 10,
): FreeEnergyProfile {
  const blocks = blockBounds(values.length, blockCount).map(([start, end]) => {
    const block = Float64Array.from({ length: end - start }, (_, i) => values[start + i]!);
    return innerCounts(histogram([block], grid)).map((count) => count / block.length);
  });
  const errors = Float64Array.from({ length: grid.bins }, (_, bin) => {
    const { mean, standardError } = blockAverages(
      blocks.map((block) => block[bin]!),
      blockCount,
    );
    return (kT * standardError) / mean;
  });
  return {
    centres: binCentres(grid.limits[0]!, grid.bins),
    values: freeEnergy([values], grid, kT).values,
    errors,
  };
}
