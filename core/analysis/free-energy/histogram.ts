/**
 * Counts of points on a regular grid in one or two dimensions, with an outlier bin at each end of every axis, so that
 * no point silently vanishes. A value on an inner edge belongs to the bin above it, the upper limit to the last inner
 * bin. A coordinate that is not a number is an error: stopped replicas are excluded before anything is counted.
 */
import { ErgodicError } from '../../errors.ts';
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { Points } from './points.ts';

export interface Grid {
  readonly limits: readonly Interval[];
  /** Inner bins per axis, the same for all axes. */
  readonly bins: number;
  /** Wrap values into the limits; the outlier bins then stay empty. */
  readonly periodic?: Periodicity;
}

/** Of all axes, or of each. */
export type Periodicity = boolean | readonly boolean[];

export const isPeriodic = (periodic: Periodicity | undefined, axis: number): boolean =>
  typeof periodic === 'object' ? (periodic[axis] ?? false) : (periodic ?? false);

export interface Histogram {
  readonly grid: Grid;
  /** Points counted. */
  readonly total: number;
  /** Counts over (bins + 2) per axis, outlier bins first and last, last axis fastest. */
  readonly counts: Float64Array;
}

export function histogram(points: Points, grid: Grid): Histogram {
  const counts = new Float64Array(binCount(grid));
  for (const bin of binsOfPoints(points, grid)) counts[bin]! += 1;
  return { grid, total: points[0]!.length, counts };
}

/** How many bins a histogram on this grid has, outlier bins included. */
export const binCount = ({ limits, bins }: Grid): number => (bins + 2) ** limits.length;

/** Where a histogram counts each point: an index into its `counts`. */
export function binsOfPoints(points: Points, grid: Grid): Uint32Array {
  const { limits, bins } = grid;
  checkGrid(points, grid);
  const [first, second] = points.map((values, axis) =>
    binIndices(values, limits[axis]!, bins, isPeriodic(grid.periodic, axis)),
  );
  return second ? first!.map((row, i) => row * (bins + 2) + second[i]!) : first!;
}

/** The counts of the bins between the limits, last axis fastest. */
export function innerCounts({ grid, counts }: Histogram): Float64Array {
  const { bins, limits } = grid;
  if (limits.length === 1) return counts.slice(1, bins + 1);
  const inner = new Float64Array(bins * bins);
  for (let row = 0; row < bins; row++) {
    const start = (row + 1) * (bins + 2) + 1;
    inner.set(counts.subarray(start, start + bins), row * bins);
  }
  return inner;
}

/** Fraction of all points in each bin, outlier bins included. */
export const probabilities = ({ counts, total }: Histogram): Float64Array => counts.map((count) => count / total);

/** Middle of each inner bin along one axis. */
export function binCentres([low, high]: Interval, bins: number): Float64Array {
  return Float64Array.from({ length: bins }, (_, bin) => low + ((high - low) * (bin + 0.5)) / bins);
}

/** `value` moved by whole periods into [low, high). */
export function wrap(value: number, [low, high]: Interval): number {
  const period = high - low;
  const wrapped = value - period * Math.floor((value - low) / period);
  // Rounding may reach the upper end.
  return wrapped >= high ? low : wrapped;
}

/** Index of the inner bin of each point, last axis fastest; −1 for outliers and points that are not numbers. */
export function innerBins(points: Points, { limits, bins, periodic }: Grid): Int32Array {
  const binIndices = new Int32Array(points[0]!.length);
  for (const [axis, values] of points.entries()) {
    const wrapped = isPeriodic(periodic, axis);
    for (let i = 0; i < binIndices.length; i++) {
      const bin = binOf(values[i]!, limits[axis]!, bins, wrapped);
      binIndices[i] = binIndices[i]! >= 0 && bin >= 1 && bin <= bins ? binIndices[i]! * bins + bin - 1 : -1;
    }
  }
  return binIndices;
}

/** Bin of each value along one axis: 0 below the limits, 1 … bins inside, bins + 1 above. */
function binIndices(values: ArrayLike<number>, limits: Interval, bins: number, periodic: boolean): Uint32Array {
  const indices = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const bin = binOf(values[i]!, limits, bins, periodic);
    if (Number.isNaN(bin)) throw new ErgodicError(`Point ${i} is not a number; exclude stopped replicas first.`);
    indices[i] = bin;
  }
  return indices;
}

function binOf(value: number, limits: Interval, bins: number, periodic: boolean): number {
  const [low, high] = limits;
  const inside = periodic ? wrap(value, limits) : value;
  if (inside < low) return 0;
  if (inside > high) return bins + 1;
  return Math.min(1 + Math.floor((inside - low) * (bins / (high - low))), bins);
}

function checkGrid(points: Points, { limits, bins }: Grid): void {
  if (points.length !== limits.length || points.length < 1 || points.length > 2) {
    throw new ErgodicError(`A grid of ${limits.length} axes cannot count points with ${points.length} coordinates.`);
  }
  if (points[0]!.length === 0) throw new ErgodicError('There are no points to count.');
  if (points.some((values) => values.length !== points[0]!.length)) {
    throw new ErgodicError(`The coordinates differ in length: ${points.map((values) => values.length).join(' and ')}.`);
  }
  if (!Number.isSafeInteger(bins) || bins < 1)
    throw new ErgodicError(`The number of bins must be at least 1, not ${bins}.`);
  for (const [low, high] of limits) {
    if (!(Number.isFinite(low) && low < high)) throw new ErgodicError(`The limits ${low} … ${high} hold no interval.`);
  }
}
