/**
 * Histograms of distances, nm, and how far two of them are apart: the total variation ½ Σ |p − q| with 50, 100, 200 and
 * 500 bins (method §9). Counted in bins that all of these are made of. The range is 0 … 0.5 nm, or as far as the reference
 * goes; what lies beyond it is in a bin of its own, so that nothing is dropped.
 */

/** Numbers of bins that are compared. */
export const BIN_NUMBERS = [50, 100, 200, 500] as const;

/** A multiple of all of them. */
const FINE_BINS = 1000;
/** nm: where the published histograms of small molecules end. */
const USUAL_LIMIT = 0.5;

/** Where bins end, nm: at 0.5, or at the largest distance of a reference rounded up to a tenth. */
export const distanceLimit = (largest: number): number => Math.max(USUAL_LIMIT, Math.ceil(10 * largest) / 10);

export class DistanceHistogram {
  readonly #counts = new Float64Array(FINE_BINS + 1);
  readonly #limit: number;
  #total = 0;

  /** `limit`: as `distanceLimit` makes it. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(distances: ArrayLike<number>): void {
    const perLength = FINE_BINS / this.#limit;
    for (let i = 0; i < distances.length; i++) {
      this.#counts[Math.min(FINE_BINS, Math.floor(distances[i]! * perLength))]! += 1;
    }
    this.#total += distances.length;
  }

  /** Fractions of all distances in so many bins, and beyond them. */
  probabilities(bins: (typeof BIN_NUMBERS)[number]): Float64Array {
    const merged = new Float64Array(bins + 1);
    for (const [fine, count] of this.#counts.entries()) {
      merged[Math.floor((fine * bins) / FINE_BINS)]! += count / this.#total;
    }
    return merged;
  }
}

/** From 0 for equal histograms to 1 for disjoint ones, for each of the numbers of bins. */
export const totalVariations = (one: DistanceHistogram, other: DistanceHistogram): number[] =>
  BIN_NUMBERS.map((bins) => totalVariation(one.probabilities(bins), other.probabilities(bins)));

function totalVariation(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let bin = 0; bin < p.length; bin++) sum += Math.abs(p[bin]! - q[bin]!);
  return sum / 2;
}
