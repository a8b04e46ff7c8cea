/**
 * Data as the path of a line: gaps where a value is missing, and long series reduced to what a screen can show, keeping
 * the lowest and highest point of every pixel column, so no spike is lost. Also the band of an error. CSS pixels.
 */
import type { Scale } from './scale.ts';

type Series = ArrayLike<number>;

export function polyline(xs: Series, ys: Series, x: Scale, y: Scale): string {
  return runs(xs, ys, x, y)
    .map((run) => (run.length === 1 ? `M${point(run[0]!)}h0` : `M${thin(run).map(point).join('L')}`))
    .join('');
}

/** Closed path around y ± error. */
export function band(xs: Series, ys: Series, errors: Series, x: Scale, y: Scale): string {
  const upper = Float64Array.from(ys, (value, i) => value + errors[i]!);
  const lower = Float64Array.from(ys, (value, i) => {
    const edge = value - errors[i]!;
    if (Number.isNaN(y.at(upper[i]!))) return Number.NaN;
    // A logarithmic axis ends before a lower edge at or below 0.
    return Number.isNaN(y.at(edge)) && !Number.isNaN(edge) ? y.domain[0] : edge;
  });
  const tops = runs(xs, upper, x, y);
  return runs(xs, lower, x, y)
    .map((run, i) => `M${[...thin(run), ...thin(tops[i]!).reverse()].map(point).join('L')}Z`)
    .join('');
}

type Point = readonly [number, number];

const point = ([px, py]: Point) => `${px.toFixed(1)} ${py.toFixed(1)}`;

function runs(xs: Series, ys: Series, x: Scale, y: Scale): Point[][] {
  const found: Point[][] = [];
  let open: Point[] | undefined;
  for (let i = 0; i < xs.length; i++) {
    const at: Point = [x.at(xs[i]!), y.at(ys[i]!)];
    if (!at.every(Number.isFinite)) {
      open = undefined;
      continue;
    }
    if (!open) {
      open = [];
      found.push(open);
    }
    open.push(at);
  }
  return found;
}

function thin(run: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (let start = 0, end = 0; start < run.length; start = end) {
    const column = Math.floor(run[start]![0]);
    while (end < run.length && Math.floor(run[end]![0]) === column) end++;
    const inColumn = run.slice(start, end);
    if (inColumn.length <= 4) {
      kept.push(...inColumn);
      continue;
    }
    let lowest = 0;
    let highest = 0;
    inColumn.forEach(([, py], i) => {
      if (py > inColumn[lowest]![1]) lowest = i;
      if (py < inColumn[highest]![1]) highest = i;
    });
    const order = [...new Set([0, lowest, highest, inColumn.length - 1])].sort((a, b) => a - b);
    kept.push(...order.map((i) => inColumn[i]!));
  }
  return kept;
}
