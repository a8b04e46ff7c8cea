/**
 * Standard errors of a free energy in one or two dimensions from blocks: the trajectory is cut into consecutive blocks,
 * the spread of a bin's probability over them gives its standard error, and δF = kT δp / p. Blocks longer than the
 * correlation time make them honest. Same unit as `kT`; unsampled bins are NaN, and all of them where there are fewer
 * points than blocks.
 */
import { blockBounds } from './block-averages.ts';
import { type Grid, histogram, innerCounts } from './histogram.ts';
import type { Points } from './points.ts';

/** One per inner bin, last axis fastest, as the values of `freeEnergy`. */
export function freeEnergyErrors(points: Points, grid: Grid, kT: number, blockCount = 10): Float64Array {
  const bins = grid.bins ** grid.limits.length;
  if (points[0]!.length < blockCount) return new Float64Array(bins).fill(Number.NaN);
  const blocks = blockBounds(points[0]!.length, blockCount).map(([start, end]) => {
    const counts = innerCounts(histogram(pointsBetween(points, start, end), grid));
    return counts.map((count) => count / (end - start));
  });
  return Float64Array.from({ length: bins }, (_, bin) => {
    let mean = 0;
    for (const block of blocks) mean += block[bin]! / blockCount;
    let squares = 0;
    for (const block of blocks) squares += (block[bin]! - mean) ** 2;
    return (kT * Math.sqrt(squares / (blockCount - 1) / blockCount)) / mean;
  });
}

const pointsBetween = (points: Points, start: number, end: number): Points =>
  points.map((values) =>
    values instanceof Float64Array || values instanceof Float32Array
      ? values.subarray(start, end)
      : Array.prototype.slice.call(values, start, end),
  );
