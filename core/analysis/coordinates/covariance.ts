/**
 * Means and covariances of features, frame by frame, piece by piece, so that only one piece of a trajectory is in memory.
 * `Covariance` is that of single frames. `LaggedCovariance` is that of pairs of frames a lag apart in one trajectory,
 * counted in both directions of time, as is right for equilibrium data: then C(τ) is symmetric and has real timescales
 * (Wu et al., 2017). With s = x + y and d = x − y over the pairs (x, y), Σ s sᵀ and Σ d dᵀ give both
 * C(0) = ⟨s sᵀ + d dᵀ⟩ / 4 and C(τ) = ⟨s sᵀ − d dᵀ⟩ / 4, and slow features, of small d, lose no digits.
 * Frames with a value that is not a number count nowhere.
 */
import { ErgodicError } from '../../errors.ts';
import { OuterProducts } from './outer-products.ts';

export interface CovarianceResult {
  /** Frames or pairs of frames. */
  readonly count: number;
  readonly mean: Float64Array;
  /** features × features. */
  readonly covariance: Float64Array;
}

export interface LaggedCovarianceResult extends CovarianceResult {
  /** C(τ), features × features, symmetric. */
  readonly lagged: Float64Array;
}

/** Rows of features, one after the other. */
type Rows = ArrayLike<number>;

export class Covariance {
  readonly #features: number;
  readonly #squares: OuterProducts;
  readonly #origin: Origin;
  readonly #row: Float64Array;

  constructor(features: number) {
    this.#features = features;
    this.#squares = new OuterProducts(features);
    this.#origin = new Origin(features);
    this.#row = new Float64Array(features);
  }

  add(rows: Rows): void {
    const size = this.#features;
    for (let start = 0; start + size <= rows.length; start += size) {
      if (!allFinite(rows, start, size)) continue;
      const origin = this.#origin.from(rows, start);
      for (let k = 0; k < size; k++) this.#row[k] = rows[start + k]! - origin[k]!;
      this.#squares.add(this.#row);
    }
  }

  result(): CovarianceResult {
    const { count, sum, products } = this.#squares.result();
    if (count < 2) throw new ErgodicError('A covariance needs at least two frames.');
    const shift = sum.map((total) => total / count);
    const covariance = products.map((product, at) => {
      const [i, j] = [Math.floor(at / this.#features), at % this.#features];
      return product / count - shift[i]! * shift[j]!;
    });
    return { count, mean: this.#origin.plus(shift), covariance };
  }
}

export class LaggedCovariance {
  readonly #features: number;
  readonly #lag: number;
  readonly #sums: OuterProducts;
  readonly #differences: OuterProducts;
  readonly #origin: Origin;
  readonly #sum: Float64Array;
  readonly #difference: Float64Array;
  /** The last `lag` rows of the trajectory so far, in a ring. */
  readonly #tail: Float64Array;
  #seen = 0;

  /** `lag` in frames. */
  constructor(features: number, lag: number) {
    if (!Number.isSafeInteger(lag) || lag < 1) throw new ErgodicError(`A lag is 1 frame or more, not ${lag}.`);
    this.#features = features;
    this.#lag = lag;
    this.#sums = new OuterProducts(features);
    this.#differences = new OuterProducts(features);
    this.#origin = new Origin(features);
    this.#sum = new Float64Array(features);
    this.#difference = new Float64Array(features);
    this.#tail = new Float64Array(lag * features);
  }

  /** The next rows of the trajectory. */
  add(rows: Rows): void {
    const size = this.#features;
    const tail = this.#tail;
    for (let start = 0; start + size <= rows.length; start += size) {
      const at = (this.#seen % this.#lag) * size;
      if (this.#seen++ >= this.#lag && allFinite(rows, start, size) && allFinite(tail, at, size)) {
        const origin = this.#origin.from(tail, at);
        for (let k = 0; k < size; k++) {
          const early = tail[at + k]! - origin[k]!;
          const late = rows[start + k]! - origin[k]!;
          this.#sum[k] = late + early;
          this.#difference[k] = late - early;
        }
        this.#sums.add(this.#sum);
        this.#differences.add(this.#difference);
      }
      for (let k = 0; k < size; k++) tail[at + k] = rows[start + k]!;
    }
  }

  /** What follows is another trajectory. */
  endTrajectory(): void {
    this.#seen = 0;
  }

  result(): LaggedCovarianceResult {
    const { count, sum, products: s } = this.#sums.result();
    const { products: d } = this.#differences.result();
    if (count < 2) throw new ErgodicError(`No trajectory is long enough for a lag of ${this.#lag} frames.`);
    const shift = sum.map((total) => total / (2 * count));
    const combined = (sign: 1 | -1) =>
      s.map((product, at) => {
        const [i, j] = [Math.floor(at / this.#features), at % this.#features];
        return (product + sign * d[at]!) / (4 * count) - shift[i]! * shift[j]!;
      });
    return { count, mean: this.#origin.plus(shift), covariance: combined(1), lagged: combined(-1) };
  }
}

/** Counting from the first row instead of from 0 keeps the digits of features that vary little about a large mean. */
class Origin {
  readonly #row: Float64Array;
  #known = false;

  constructor(features: number) {
    this.#row = new Float64Array(features);
  }

  from(rows: Rows, start: number): Float64Array {
    if (!this.#known) for (let k = 0; k < this.#row.length; k++) this.#row[k] = rows[start + k]!;
    this.#known = true;
    return this.#row;
  }

  plus(shift: Float64Array): Float64Array {
    return shift.map((value, k) => this.#row[k]! + value);
  }
}

function allFinite(values: ArrayLike<number>, start: number, size: number): boolean {
  for (let k = start; k < start + size; k++) if (!Number.isFinite(values[k]!)) return false;
  return true;
}
