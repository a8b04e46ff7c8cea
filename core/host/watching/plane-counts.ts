/**
 * Where in the plane everything lies that a part has made so far: counts on the grid of its free energy, which follow
 * the rows on disk. They begin with the first row whenever somebody begins to look, and take little of the time.
 */
import { innerBins } from '../../analysis/free-energy/histogram.ts';
import { surfaceGrid } from '../../analysis/free-energy/plane.ts';
import { dimensionOf, type RunSystem } from '../../runs/data/run-system.ts';
import type { Continuation } from '../../storage/row-sink.ts';

/** Numbers that are read at once. */
const BLOCK = 16_384;

export interface Counts {
  readonly bins: [number, number];
  readonly values: Float32Array<ArrayBuffer>;
  readonly total: number;
}

export class PlaneCounts {
  readonly #system: RunSystem;
  readonly #made: NonNullable<Continuation['made']>;
  readonly #values: Float32Array<ArrayBuffer>;
  readonly #block: Float32Array;
  /** Numbers of `made` that were read. */
  #read = 0;
  #total = 0;

  constructor(system: RunSystem, made: NonNullable<Continuation['made']>) {
    const { plane } = system.variables;
    const dimension = dimensionOf(system);
    this.#system = system;
    this.#made = made;
    this.#values = new Float32Array(surfaceGrid(plane).bins ** plane.limits.length);
    this.#block = new Float32Array(Math.max(1, Math.floor(BLOCK / dimension)) * dimension);
  }

  get isBehind(): boolean {
    return this.#read < this.#made.numbers;
  }

  /** Reads on until everything is counted or `seconds` have gone by. */
  async catchUp(seconds: number): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    while (this.isBehind && performance.now() < end) {
      const some = this.#block.subarray(0, Math.min(this.#block.length, this.#made.numbers - this.#read));
      await this.#made.read(this.#read, some);
      this.#read += some.length;
      this.#count(some);
    }
  }

  /** A copy of what is counted so far. */
  get counts(): Counts {
    const { plane } = this.#system.variables;
    const { bins } = surfaceGrid(plane);
    return { bins: [bins, plane.limits.length === 2 ? bins : 1], values: this.#values.slice(), total: this.#total };
  }

  #count(rows: Float32Array): void {
    const { variables } = this.#system;
    const there = withoutGaps(rows, dimensionOf(this.#system));
    if (there.length === 0) return;
    const places = innerBins(variables.points(there), surfaceGrid(variables.plane));
    this.#total += places.length;
    for (const place of places) if (place >= 0) this.#values[place]!++;
  }
}

/** The rows that are configurations: replicas that have stopped are NaN. */
function withoutGaps(rows: Float32Array, dimension: number): Float32Array {
  if (rows.every(Number.isFinite)) return rows;
  const kept: number[] = [];
  for (let start = 0; start < rows.length; start += dimension) {
    const row = rows.subarray(start, start + dimension);
    if (row.every(Number.isFinite)) kept.push(...row);
  }
  return Float32Array.from(kept);
}
