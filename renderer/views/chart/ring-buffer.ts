/**
 * The last so many rows of numbers, in memory that does not grow: a stream may run for hours. Rows have a fixed number
 * of columns; the oldest give way.
 */
export class RingBuffer {
  readonly #columns: readonly Float64Array[];
  readonly #capacity: number;
  #next = 0;
  #length = 0;

  constructor(columns: number, capacity: number) {
    this.#capacity = capacity;
    this.#columns = Array.from({ length: columns }, () => new Float64Array(capacity));
  }

  get length(): number {
    return this.#length;
  }

  push(row: readonly number[]): void {
    for (const [i, column] of this.#columns.entries()) column[this.#next] = row[i] ?? Number.NaN;
    this.#next = (this.#next + 1) % this.#capacity;
    this.#length = Math.min(this.#length + 1, this.#capacity);
  }

  /** Of one column, the oldest first. */
  column(index: number): Float64Array {
    const values = this.#columns[index]!;
    if (this.#length < this.#capacity) return values.slice(0, this.#length);
    const ordered = new Float64Array(this.#capacity);
    ordered.set(values.subarray(this.#next));
    ordered.set(values.subarray(0, this.#next), this.#capacity - this.#next);
    return ordered;
  }

  clear(): void {
    this.#next = 0;
    this.#length = 0;
  }
}
