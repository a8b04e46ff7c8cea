/**
 * How the lengths of one bond are distributed, nm: counted piece by piece, so that a trajectory may be larger than
 * memory. Over the range of the reference and a third of it more at each end; lengths outside count in the total.
 * Frames of stopped replicas do not count.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import { binCentres, histogram, innerCounts } from '../free-energy/histogram.ts';

const BINS = 60;

/** The range of some lengths; NaN does not count. */
export function lengthRange(lengths: ArrayLike<number>, known?: Interval): Interval {
  let [low, high] = known ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < lengths.length; i++) {
    low = Math.min(low, Number.isNaN(lengths[i]!) ? low : lengths[i]!);
    high = Math.max(high, Number.isNaN(lengths[i]!) ? high : lengths[i]!);
  }
  return [low, high];
}

/** Where lengths are counted, from the range of the reference. */
export function countedRange([low, high]: Interval): Interval {
  // A bond of fixed length still needs an axis.
  const margin = Math.max((high - low) / 3, 1e-4 * Math.max(high, 1e-3));
  return [low - margin, high + margin];
}

export class LengthCount {
  readonly limits: Interval;
  readonly #counts = new Float64Array(BINS);
  #total = 0;

  /** `limits`: as `countedRange` makes them. */
  constructor(limits: Interval) {
    this.limits = limits;
  }

  add(lengths: ArrayLike<number>): void {
    const known = Float64Array.from(lengths).filter((length) => !Number.isNaN(length));
    if (known.length === 0) return;
    const counted = innerCounts(histogram([known], { limits: [this.limits], bins: BINS }));
    for (let bin = 0; bin < BINS; bin++) this.#counts[bin]! += counted[bin]!;
    this.#total += known.length;
  }

  /** Middles of the bins, nm. */
  get centres(): Float64Array {
    return binCentres(this.limits, BINS);
  }

  /** 1/nm. */
  get density(): Float64Array {
    const width = (this.limits[1] - this.limits[0]) / BINS;
    return this.#counts.map((count) => count / this.#total / width);
  }
}
