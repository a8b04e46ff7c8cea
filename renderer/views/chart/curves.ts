/**
 * Curves of a chart, and their columns over one common x as uPlot wants them. A curve may have an error band; smoothing
 * draws the bare values faintly under a smoothed line. Not here: colours and the chart itself (LineChart.svelte).
 */
import { angleTicks, linearTicks, logTicks, type Tick } from '../../../core/analysis/figures/ticks.ts';
import type { Interval } from '../../../core/systems/toys/toy-system.ts';
import { smoothed } from './smoothing.ts';

export interface Curve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  /** As many; a value that is no number is a gap. */
  readonly y: ArrayLike<number>;
  /** Half width of the error band, as many. */
  readonly error?: ArrayLike<number> | undefined;
  /** Which of the six colours of series, from 0, or the reference's. */
  readonly colour: number | 'reference';
  readonly dash?: 'solid' | 'dashed' | 'dotted';
  /** Drawn as it is where others are smoothed. */
  readonly bare?: boolean;
}

export interface ChartAxis {
  readonly label: string;
  readonly unit?: string | undefined;
  readonly log?: boolean;
  /** In rad, shown in degrees. */
  readonly angle?: boolean;
  /** An end that is not given is found from the curves. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly ticks?: readonly Tick[];
}

export interface VerticalLine {
  readonly x: number;
  readonly label?: string;
}

export type Column = (number | null)[];
export type ColumnRole = 'line' | 'raw' | 'low' | 'high';

export interface Columns {
  readonly x: number[];
  readonly columns: readonly { readonly curve: number; readonly role: ColumnRole; readonly values: Column }[];
}

/** `smoothing` in points, 0 for none; what is not above 0 has no place on a logarithmic axis. */
export function columnsOf(curves: readonly Curve[], smoothing = 0, logarithmic = false): Columns {
  const x = commonX(curves);
  const placed = (curve: Curve, values: ArrayLike<number>): Column => {
    const column: Column = new Array(x.length).fill(null);
    let at = 0;
    for (let i = 0; i < Math.min(curve.x.length, values.length); i++) {
      while (x[at]! < curve.x[i]!) at++;
      const value = values[i]!;
      if (Number.isFinite(value) && (!logarithmic || value > 0)) column[at] = value;
    }
    return column;
  };
  const columns = curves.flatMap((curve, index) => {
    const { y, error } = curve;
    const of = (role: ColumnRole, values: ArrayLike<number>) => ({ curve: index, role, values: placed(curve, values) });
    const edge = (sign: 1 | -1) => Array.from(y, (value, i) => value + sign * error![i]!);
    const band = error ? [of('low', edge(-1)), of('high', edge(1))] : [];
    return [...band, ...linesOf(curve, smoothing, logarithmic).map(({ role, values }) => of(role, values))];
  });
  return { x, columns };
}

/** What is drawn of a curve beside its band: itself, or its bare values faintly under a smoothed line. */
export function linesOf(
  { y, bare }: Curve,
  smoothing: number,
  logarithmic: boolean,
): { role: 'line' | 'raw'; values: ArrayLike<number> }[] {
  if (smoothing === 0 || bare) return [{ role: 'line', values: y }];
  return [
    { role: 'raw', values: y },
    { role: 'line', values: smoothedFor(y, smoothing, logarithmic) },
  ];
}

/** Where decades are drawn, decades are averaged: a mean of the values themselves would hang above a steep fall. */
function smoothedFor(y: ArrayLike<number>, points: number, logarithmic: boolean): ArrayLike<number> {
  if (!logarithmic) return smoothed(y, points);
  const decades = Float64Array.from(y, (value) => (value > 0 ? Math.log(value) : Number.NaN));
  return smoothed(decades, points).map(Math.exp);
}

/** Every x of the curves, each of which goes up, once. */
function commonX(curves: readonly Curve[]): number[] {
  const first = curves[0];
  if (!first) return [];
  if (curves.every(({ x }) => x === first.x)) return Array.from(first.x);
  const all = new Set<number>();
  for (const { x } of curves) for (let i = 0; i < x.length; i++) all.add(x[i]!);
  return [...all].sort((a, b) => a - b);
}

export const titleOf = ({ label, unit, angle }: ChartAxis): string => (unit && !angle ? `${label} / ${unit}` : label);

export function axisTicksOf(axis: ChartAxis, [low, high]: Interval, count: number): Tick[] {
  if (axis.ticks) return axis.ticks.filter(({ value }) => value >= low - 1e-9 && value <= high + 1e-9);
  if (axis.angle) return angleTicks([low, high], count, '°');
  return axis.log ? logTicks([low, high], count) : linearTicks([low, high], count);
}

/** What an axis shows of curves between two numbers, with so much room beyond as a fraction of it. */
export function rangeOf(
  axis: ChartAxis,
  [low, high]: readonly [number | null, number | null],
  room: number,
): [number, number] {
  let from = axis.from ?? low ?? (axis.log ? 0.1 : 0);
  let to = axis.to ?? high ?? 1;
  if (axis.log) {
    if (!(from > 0)) from = to > 0 ? to / 10 : 0.1;
    if (!(to > from)) [from, to] = [from / 2, from * 2];
    const beyond = (to / from) ** room;
    return [axis.from ?? from / beyond, axis.to ?? to * beyond];
  }
  if (!(to > from)) [from, to] = axis.from === undefined ? [from - 0.5, from + 0.5] : [from, from + 1];
  const beyond = room * (to - from);
  return [axis.from ?? from - beyond, axis.to ?? to + beyond];
}
