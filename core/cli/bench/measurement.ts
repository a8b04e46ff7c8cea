/** One line of the result of `ergodic bench`. */

/** What a GPU would need at least for it: its arithmetic and the bytes that must move, at the GPU's ceilings. */
export interface Floor {
  readonly operations: number;
  readonly bytes: number;
  readonly ms: number;
  /** Of the time that was taken. */
  readonly fraction: number;
}

export interface Measurement {
  /** Ends in its unit where that is not obvious; a name once given keeps its meaning. */
  readonly name: string;
  readonly value: number;
  readonly unit: 'GFLOP/s' | 'GB/s' | 'MB/s' | 'ms' | 'µs' | 'steps/s' | 'times';
  /** Arithmetic of the matrix products over what this machine's threads could do in the same time; see `peak.ts`. */
  readonly fractionOfPeak?: number;
  readonly floor?: Floor;
}

export type OfPeak = Pick<Measurement, 'fractionOfPeak' | 'floor'>;

const DIGITS = 4;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

export const measurement = (
  name: string,
  value: number,
  unit: Measurement['unit'],
  { fractionOfPeak, floor }: OfPeak = {},
): Measurement => ({
  name,
  value: rounded(value),
  unit,
  ...(fractionOfPeak === undefined ? {} : { fractionOfPeak: rounded(fractionOfPeak) }),
  ...(floor && {
    floor: {
      operations: floor.operations,
      bytes: floor.bytes,
      ms: rounded(floor.ms),
      fraction: rounded(floor.fraction),
    },
  }),
});
