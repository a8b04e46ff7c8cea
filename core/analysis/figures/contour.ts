/**
 * Contour lines of values on a grid by marching squares between cell centres, and the smoothing before it. A square with
 * a blank (NaN) corner has no line, so lines end where there is no grid any more.
 * Our own, for figures and the window alike: d3-contour fills polygons, so it closes every line along the edge of the
 * grid, knows no blank cells, and would be a dependency of the core for what these few lines do.
 * Coordinates in cells: (0, 0) is the centre of the first cell.
 */

export type Polyline = readonly (readonly [x: number, y: number])[];

/** Cells along x, which comes first, and along y. */
export type Cells = readonly [nx: number, ny: number];

/** Binomial 1-2-1 smoothing along both axes over the neighbours that are not blank; it fills no blank. */
export function smooth(values: Float64Array, cells: Cells, passes = 2): Float64Array {
  let current = values;
  for (let pass = 0; pass < passes; pass++) current = smoothOnce(current, cells);
  return current;
}

function smoothOnce(values: Float64Array, [nx, ny]: Cells): Float64Array {
  const result = new Float64Array(values.length);
  for (let i = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      let sum = 0;
      let weights = 0;
      for (let di = i > 0 ? -1 : 0; di <= (i + 1 < nx ? 1 : 0); di++) {
        for (let dj = j > 0 ? -1 : 0; dj <= (j + 1 < ny ? 1 : 0); dj++) {
          const neighbour = values[(i + di) * ny + j + dj]!;
          if (Number.isNaN(neighbour)) continue;
          const weight = (di === 0 ? 2 : 1) * (dj === 0 ? 2 : 1);
          sum += weight * neighbour;
          weights += weight;
        }
      }
      const cell = i * ny + j;
      result[cell] = Number.isNaN(values[cell]!) ? Number.NaN : sum / weights;
    }
  }
  return result;
}

/** Lines of one level; a closed one ends where it began. The first axis of `values` is x. */
export function contourLines(values: ArrayLike<number>, [nx, ny]: Cells, level: number): Polyline[] {
  const crossings = new Crossings(nx * ny);
  for (let i = 0; i + 1 < nx; i++) {
    for (let j = 0; j + 1 < ny; j++) {
      const cell = i * ny + j;
      const [a, b, c, d] = [values[cell]!, values[cell + ny]!, values[cell + ny + 1]!, values[cell + 1]!];
      if (Number.isNaN(a + b + c + d)) continue;
      const [low, right, high, left] = [alongX(cell), alongY(cell + ny), alongX(cell + 1), alongY(cell)];
      const ends: number[] = [];
      if (a >= level !== b >= level) ends.push(low);
      if (b >= level !== c >= level) ends.push(right);
      if (c >= level !== d >= level) ends.push(high);
      if (d >= level !== a >= level) ends.push(left);
      if (ends.length === 2) crossings.join(ends[0]!, ends[1]!);
      if (ends.length === 4) {
        // A saddle: the mean decides which corners belong together.
        const joined = (a + b + c + d) / 4 >= level === a >= level;
        crossings.join(joined ? low : left, joined ? right : low);
        crossings.join(joined ? high : right, joined ? left : high);
      }
    }
  }
  const pointOf = (crossing: number): [number, number] => {
    const cell = crossing >> 1;
    const [i, j] = [Math.floor(cell / ny), cell % ny];
    const from = values[cell]!;
    const isAlongY = (crossing & 1) === 1;
    const t = (level - from) / (values[isAlongY ? cell + 1 : cell + ny]! - from);
    return isAlongY ? [i, j + t] : [i + t, j];
  };
  return crossings.lines().map((line) => line.map(pointOf));
}

/** A crossing is named by the edge of the grid that it lies on, so that neighbouring squares share it. */
const alongX = (cell: number): number => 2 * cell;
const alongY = (cell: number): number => 2 * cell + 1;

/** Crossings with the neighbours that they are joined to, two at most. */
class Crossings {
  readonly #neighbours: Int32Array;
  readonly #found: number[] = [];

  constructor(cells: number) {
    this.#neighbours = new Int32Array(4 * cells).fill(NONE);
  }

  join(a: number, b: number): void {
    this.#add(a, b);
    this.#add(b, a);
  }

  /** Open lines from one end to the other, closed ones around. */
  lines(): number[][] {
    const isEnd = (crossing: number) => this.#neighbours[2 * crossing + 1] === NONE;
    const starts = [...this.#found.filter(isEnd), ...this.#found];
    return starts.map((start) => this.#follow(start)).filter((line) => line.length > 1);
  }

  #add(crossing: number, neighbour: number): void {
    const at = 2 * crossing;
    if (this.#neighbours[at] === NONE) this.#found.push(crossing);
    this.#neighbours[this.#neighbours[at] === NONE ? at : at + 1] = neighbour;
  }

  /** Takes what it passes apart, so that no part is followed twice. */
  #follow(start: number): number[] {
    const line = [start];
    for (let here = start, next = this.#leave(here); next !== NONE; next = this.#leave(here)) {
      this.#cut(next, here);
      line.push(next);
      here = next;
    }
    return line;
  }

  #leave(crossing: number): number {
    const at = 2 * crossing;
    const from = this.#neighbours[at] === NONE ? at + 1 : at;
    const next = this.#neighbours[from]!;
    this.#neighbours[from] = NONE;
    return next;
  }

  #cut(crossing: number, neighbour: number): void {
    const at = 2 * crossing;
    this.#neighbours[this.#neighbours[at] === neighbour ? at : at + 1] = NONE;
  }
}

const NONE = -1;
