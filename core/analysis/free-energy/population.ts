/**
 * What fraction of frames is in a state, with its standard error. Independent frames: the binomial one. Correlated ones
 * come as series, replica by replica; each is cut into blocks, twenty in all where there are fewer replicas, and the
 * spread of the blocks is the error, but never less than the binomial one. Right where a block is longer than the state
 * lasts, or where replicas start independently. Not a free energy.
 */

export interface Population {
  readonly fraction: number;
  readonly standardError: number;
}

/** Indices of frames that follow one another; absent for independent frames. */
export type Series = readonly ArrayLike<number>[];

const BLOCKS = 20;

/** `inside`: by frame, 1 in the state. */
export function populationOf(inside: ArrayLike<number>, series?: Series): Population {
  const total = inside.length;
  let visits = 0;
  for (let i = 0; i < total; i++) visits += inside[i]!;
  const fraction = visits / total;
  // Half a visit more on either side: none at all in a thousand frames is no proof of none.
  const likely = (visits + 0.5) / (total + 1);
  const binomial = Math.sqrt((likely * (1 - likely)) / total);
  const standardError = Math.max(binomial, series ? blockError(inside, series, fraction) : 0);
  return { fraction, standardError };
}

/** Blocks may differ in length, so the error is that of a ratio of sums. */
function blockError(inside: ArrayLike<number>, series: Series, fraction: number): number {
  const perSeries = Math.max(1, Math.ceil(BLOCKS / series.length));
  let squares = 0;
  let blocks = 0;
  let total = 0;
  for (const frames of series) {
    const pieces = Math.min(perSeries, frames.length);
    for (let piece = 0; piece < pieces; piece++) {
      const start = Math.floor((piece * frames.length) / pieces);
      const end = Math.floor(((piece + 1) * frames.length) / pieces);
      let visits = 0;
      for (let i = start; i < end; i++) visits += inside[frames[i]!]!;
      squares += (visits - fraction * (end - start)) ** 2;
      total += end - start;
      blocks++;
    }
  }
  return blocks > 1 ? Math.sqrt((squares * blocks) / (blocks - 1)) / total : 0;
}

/** As many independent frames would know it as well; never more than there are. */
export const independentCount = ({ fraction, standardError }: Population, frames: number): number =>
  Math.min(frames, (fraction * (1 - fraction)) / standardError ** 2);

/** Difference in standard errors of both. */
export const inStandardErrors = (one: Population, other: Population): number =>
  (one.fraction - other.fraction) / Math.hypot(one.standardError, other.standardError);
