/**
 * What an axis or a column shows: a name and a unit. Angles are rad in all arrays and degrees in all that a person reads,
 * picture and CSV alike; this is the one place where they change.
 */
import { isPeriodic, type Periodicity } from '../free-energy/histogram.ts';
import type { ScaleKind } from './scale.ts';
import { toDegrees } from './ticks.ts';

/** Without a unit it is a pure number or in reduced units. */
export interface Quantity {
  readonly label: string;
  readonly unit?: string;
}

/** `x / nm` or `F / (kJ/mol)` on an axis: the quantity divided by its unit is the number shown. */
export function axisTitle(quantity: Quantity): string {
  const { label, unit } = shown(quantity);
  if (!unit) return label;
  return `${label} / ${unit.includes('/') ? `(${unit})` : unit}`;
}

/** `x (nm)` in a header; `x (1)` for a pure number. */
export function columnTitle(quantity: Quantity): string {
  const { label, unit } = shown(quantity);
  return `${label} (${unit ?? '1'})`;
}

/** What stands in a column; degrees without the dust of their conversion. */
export const columnValue = (quantity: Quantity, value: number): number =>
  isAngle(quantity) ? Number(toDegrees(value).toPrecision(12)) : value;

export const scaleKind = (quantity: Quantity): ScaleKind => (isAngle(quantity) ? 'angle' : 'linear');

/** A periodic axis is an angle, whether its label says so or not. */
export const axisQuantity = (quantity: Quantity, periodic: Periodicity | undefined, axis: number): Quantity =>
  isPeriodic(periodic, axis) ? { unit: 'rad', ...quantity } : quantity;

const isAngle = ({ unit }: Quantity): boolean => unit === 'rad';
const shown = (quantity: Quantity): Quantity => (isAngle(quantity) ? { ...quantity, unit: '°' } : quantity);
