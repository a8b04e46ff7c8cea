/**
 * A stream from its beginning to now in memory that does not grow: means over a number of rows that doubles whenever
 * the room is full, so that hours are drawn with as many points as minutes. What is no number does not count in a mean.
 */
export class WholeRecord {
  readonly #columns: number;
  readonly #capacity: number;
  #rows: number[][] = [];
  #each = 1;
  #sum: number[];
  #seen: number[];
  #pushed = 0;

  constructor(columns: number, capacity: number) {
    this.#columns = columns;
    this.#capacity = capacity;
    this.#sum = new Array(columns).fill(0);
    this.#seen = new Array(columns).fill(0);
  }

  get length(): number {
    return this.#rows.length;
  }

  push(row: readonly number[]): void {
    for (let i = 0; i < this.#columns; i++) {
      const value = row[i]!;
      if (!Number.isFinite(value)) continue;
      this.#sum[i]! += value;
      this.#seen[i]! += 1;
    }
    this.#pushed++;
    if (this.#pushed < this.#each) return;
    this.#rows.push(this.#sum.map((sum, i) => (this.#seen[i]! > 0 ? sum / this.#seen[i]! : Number.NaN)));
    this.#sum.fill(0);
    this.#seen.fill(0);
    this.#pushed = 0;
    if (this.#rows.length >= this.#capacity) this.#halve();
  }

  /** Of one column, the oldest first. */
  column(index: number): Float64Array {
    return Float64Array.from(this.#rows, (row) => row[index]!);
  }

  clear(): void {
    this.#rows = [];
    this.#each = 1;
    this.#pushed = 0;
    this.#sum.fill(0);
    this.#seen.fill(0);
  }

  #halve(): void {
    const halved: number[][] = [];
    for (let i = 0; i + 1 < this.#rows.length; i += 2) {
      const [a, b] = [this.#rows[i]!, this.#rows[i + 1]!];
      halved.push(a.map((value, c) => meanOf(value, b[c]!)));
    }
    this.#rows = halved;
    this.#each *= 2;
  }
}

const meanOf = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : (a + b) / 2);
