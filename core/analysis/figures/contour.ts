/**
 * Contour lines of values on a grid by marching squares between cell centres. A square with a blank (NaN) corner has
 * no line, so contours end where the data ends. `smooth` softens counting noise first; it fills no blank.
 * Coordinates in cells: (0, 0) is the centre of the first cell.
 */

export type Polyline = [x: number, y: number][];

/** Binomial 1-2-1 smoothing along both axes over the sampled neighbours only. */
export function smooth(values: Float64Array, bins: number, passes = 2): Float64Array {
  let current = values;
  for (let pass = 0; pass < passes; pass++) {
    const previous = current;
    current = previous.map((value, cell) => {
      if (Number.isNaN(value)) return Number.NaN;
      const i = Math.floor(cell / bins);
      const j = cell % bins;
      let sum = 0;
      let weights = 0;
      for (let di = -1; di <= 1; di++) {
        for (let dj = -1; dj <= 1; dj++) {
          if (i + di < 0 || i + di >= bins || j + dj < 0 || j + dj >= bins) continue;
          const neighbour = previous[(i + di) * bins + j + dj]!;
          if (Number.isNaN(neighbour)) continue;
          const weight = (2 - Math.abs(di)) * (2 - Math.abs(dj));
          sum += weight * neighbour;
          weights += weight;
        }
      }
      return sum / weights;
    });
  }
  return current;
}

/** Lines of one level; the first axis of `values` is x. */
export function contourLines(values: Float64Array, bins: number, level: number): Polyline[] {
  const at = (i: number, j: number) => values[i * bins + j]!;
  // Crossing points are named by the grid edge they lie on, so that neighbouring squares share them.
  const points = new Map<number, [number, number]>();
  const crossing = (i0: number, j0: number, i1: number, j1: number): number => {
    const name = 2 * (i0 * bins + j0) + (j1 > j0 ? 1 : 0);
    const t = (level - at(i0, j0)) / (at(i1, j1) - at(i0, j0));
    if (!points.has(name)) points.set(name, [i0 + t * (i1 - i0), j0 + t * (j1 - j0)]);
    return name;
  };
  const segments: [number, number][] = [];
  for (let i = 0; i + 1 < bins; i++) {
    for (let j = 0; j + 1 < bins; j++) {
      const corners = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
      if (corners.some(Number.isNaN)) continue;
      const above = corners.map((value) => value >= level);
      const ends: number[] = [];
      if (above[0] !== above[1]) ends.push(crossing(i, j, i + 1, j));
      if (above[1] !== above[2]) ends.push(crossing(i + 1, j, i + 1, j + 1));
      if (above[2] !== above[3]) ends.push(crossing(i, j + 1, i + 1, j + 1));
      if (above[3] !== above[0]) ends.push(crossing(i, j, i, j + 1));
      if (ends.length === 2) segments.push([ends[0]!, ends[1]!]);
      if (ends.length === 4) {
        // A saddle: the mean decides which corners belong together.
        const joined = corners.reduce((sum, value) => sum + value, 0) / 4 >= level === above[0];
        if (joined) segments.push([ends[0]!, ends[1]!], [ends[2]!, ends[3]!]);
        else segments.push([ends[3]!, ends[0]!], [ends[1]!, ends[2]!]);
      }
    }
  }
  return joinSegments(segments).map((line) => line.map((name) => points.get(name)!));
}

/** Segments that share end points, joined into lines. */
function joinSegments(segments: readonly [number, number][]): number[][] {
  const neighbours = new Map<number, number[]>();
  for (const [a, b] of segments) {
    neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
    neighbours.set(b, [...(neighbours.get(b) ?? []), a]);
  }
  const follow = (from: number): number[] => {
    const line = [from];
    for (let next = neighbours.get(from)?.[0]; next !== undefined; next = neighbours.get(next)?.[0]) {
      const here = line.at(-1)!;
      for (const [a, b] of [
        [here, next],
        [next, here],
      ] as const) {
        const left = neighbours.get(a)!;
        left.splice(left.indexOf(b), 1);
      }
      line.push(next);
    }
    return line;
  };
  const lines: number[][] = [];
  const ends = [...neighbours].filter(([, around]) => around.length === 1).map(([name]) => name);
  for (const start of [...ends, ...neighbours.keys()]) if (neighbours.get(start)!.length > 0) lines.push(follow(start));
  return lines;
}
