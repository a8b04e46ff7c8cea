/**
 * What stands at an axis: its title with the unit, its ticks, a value on it as text. Angles come in rad and are shown in
 * degrees; everything else is shown in the unit that the axis names.
 */

import {
  angleTicks,
  linearTicks,
  minus,
  niceStep,
  type Tick,
  toDegrees,
  written,
} from '../../../core/analysis/figures/ticks.ts';
import type { Axis } from '../../../core/host/contract.ts';

const TURN = 2 * Math.PI;

export const isAngle = ({ unit, periodic, limits }: Axis): boolean =>
  unit === 'rad' || unit === '°' || (periodic && Math.abs(limits[1] - limits[0] - TURN) < 1e-4);

export function axisTitle(axis: Axis): string {
  if (isAngle(axis)) return axis.label;
  return axis.unit ? `${axis.label} / ${axis.unit}` : axis.label;
}

export const axisTicks = (axis: Axis, count = 5): Tick[] =>
  isAngle(axis) ? angleTicks(axis.limits, count, '°') : linearTicks(axis.limits, count);

/** A place on the axis, as finely as a pointer can tell. */
export function onAxis(axis: Axis, value: number): string {
  if (isAngle(axis)) return `${minus(String(Math.round(toDegrees(value)) || 0))}°`;
  const number = written(value, niceStep((axis.limits[1] - axis.limits[0]) / 1000));
  return axis.unit ? `${number} ${axis.unit}` : number;
}
