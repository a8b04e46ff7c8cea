/**
 * Means over consecutive blocks of a correlated series, and the standard error that their spread gives to the mean of
 * the whole. Right when a block is much longer than the correlation time. Unit of the series.
 */
import { ErgodicError } from '../../errors.ts';
import type { Interval } from '../../systems/toys/toy-system.ts';

export interface BlockAverages {
  readonly means: Float64Array;
  readonly mean: number;
  readonly standardError: number;
}

export function blockAverages(series: ArrayLike<number>, blockCount: number): BlockAverages {
  const means = Float64Array.from(blockBounds(series.length, blockCount), ([start, end]) => {
    let sum = 0;
    for (let i = start; i < end; i++) sum += series[i]!;
    return sum / (end - start);
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / blockCount;
  const squares = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { means, mean, standardError: Math.sqrt(squares / (blockCount - 1) / blockCount) };
}

/** First and one-past-last index of each block; sizes differ by at most one. */
export function blockBounds(length: number, blockCount: number): Interval[] {
  if (!Number.isSafeInteger(blockCount) || blockCount < 2 || blockCount > length) {
    throw new ErgodicError(`${length} values cannot be cut into ${blockCount} blocks; use 2 to ${length}.`);
  }
  const edge = (block: number) => Math.floor((block * length) / blockCount);
  return Array.from({ length: blockCount }, (_, block) => [edge(block), edge(block + 1)]);
}
