/** One line of the result of `ergodic bench`. */

export interface Measurement {
  /** Ends in its unit where that is not obvious; a name once given keeps its meaning. */
  readonly name: string;
  readonly value: number;
  readonly unit: 'GFLOP/s' | 'MB/s' | 'ms' | 'steps/s' | 'times';
  /** Arithmetic of the matrix products over what this machine's threads could do in the same time; see `peak.ts`. */
  readonly fractionOfPeak?: number;
}

const DIGITS = 4;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

export const measurement = (
  name: string,
  value: number,
  unit: Measurement['unit'],
  fractionOfPeak?: number,
): Measurement => ({
  name,
  value: rounded(value),
  unit,
  ...(fractionOfPeak === undefined ? {} : { fractionOfPeak: rounded(fractionOfPeak) }),
});
