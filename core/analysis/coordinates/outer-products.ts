/**
 * Sums Σ x and Σ x xᵀ over rows x, in blocks of rows so that a tile of 4 × 4 sums stays in registers along a block:
 * the one loop that the time of a covariance goes into.
 */
import { ErgodicError } from '../../errors.ts';

/** Rows of a block. */
const ROWS = 64;

export class OuterProducts {
  readonly #size: number;
  /** `size` rounded up to whole tiles. */
  readonly #width: number;
  /** Feature after feature, ROWS numbers each. */
  readonly #block: Float64Array;
  readonly #products: Float64Array;
  readonly #sum: Float64Array;
  #filled = 0;
  #count = 0;

  constructor(size: number) {
    if (!Number.isSafeInteger(size) || size < 1) throw new ErgodicError('There are no features.');
    this.#size = size;
    this.#width = 4 * Math.ceil(size / 4);
    this.#block = new Float64Array(this.#width * ROWS);
    this.#products = new Float64Array(this.#width ** 2);
    this.#sum = new Float64Array(size);
  }

  add(row: Float64Array): void {
    for (let k = 0; k < this.#size; k++) {
      this.#block[k * ROWS + this.#filled] = row[k]!;
      this.#sum[k]! += row[k]!;
    }
    this.#count++;
    if (++this.#filled === ROWS) this.#flush();
  }

  result(): { count: number; sum: Float64Array; products: Float64Array } {
    this.#flush();
    const size = this.#size;
    const products = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        products[i * size + j] = this.#products[Math.max(i, j) * this.#width + Math.min(i, j)]!;
      }
    }
    return { count: this.#count, sum: this.#sum, products };
  }

  /** Adds the block to the lower triangle of tiles. */
  #flush(): void {
    const [rows, width, sums] = [this.#filled, this.#width, this.#products];
    for (let i = 0; i < width; i += 4) {
      for (let j = 0; j <= i; j += 4) addTile(this.#block, rows, i, j, sums, i * width + j, width);
    }
    this.#filled = 0;
  }
}

function addTile(
  block: Float64Array,
  rows: number,
  i: number,
  j: number,
  sums: Float64Array,
  at: number,
  width: number,
): void {
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  const a = i * ROWS;
  const b = j * ROWS;
  for (let row = 0; row < rows; row++) {
    const a0 = block[a + row]!;
    const a1 = block[a + ROWS + row]!;
    const a2 = block[a + 2 * ROWS + row]!;
    const a3 = block[a + 3 * ROWS + row]!;
    const b0 = block[b + row]!;
    const b1 = block[b + ROWS + row]!;
    const b2 = block[b + 2 * ROWS + row]!;
    const b3 = block[b + 3 * ROWS + row]!;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  addRow(sums, at, s00, s01, s02, s03);
  addRow(sums, at + width, s10, s11, s12, s13);
  addRow(sums, at + 2 * width, s20, s21, s22, s23);
  addRow(sums, at + 3 * width, s30, s31, s32, s33);
}

function addRow(sums: Float64Array, at: number, a: number, b: number, c: number, d: number): void {
  sums[at]! += a;
  sums[at + 1]! += b;
  sums[at + 2]! += c;
  sums[at + 3]! += d;
}
