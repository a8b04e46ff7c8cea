/**
 * Positions of a slider that runs over decades and has 0 at its very left, a little apart from the smallest power so that
 * the two are told apart. Between them there is nothing: what lies there belongs to the nearer of the two.
 */

export interface Decades {
  /** Exponents of the smallest value above 0 and of the largest. */
  readonly from: number;
  readonly to: number;
}

const PER_DECADE = 20;
/** Of the smallest power. */
const FIRST = 12;

export const placesOf = ({ from, to }: Decades): number => FIRST + (to - from) * PER_DECADE;

export function valueAt(place: number, { from }: Decades): number {
  if (place < FIRST / 2) return 0;
  return Number((10 ** (from + (Math.max(FIRST, place) - FIRST) / PER_DECADE)).toPrecision(2));
}

/** The nearest position; values beyond the ends lie at the ends. */
export function placeOf(value: number, decades: Decades): number {
  if (value <= 0) return 0;
  const place = Math.round((Math.log10(value) - decades.from) * PER_DECADE) + FIRST;
  return Math.min(placesOf(decades), Math.max(FIRST, place));
}

/** One step of an arrow key across the gap; undefined where there is none, and a step is a step. */
export function acrossGap(value: number, direction: -1 | 1, decades: Decades): number | undefined {
  if (direction > 0 && value <= 0) return valueAt(FIRST, decades);
  if (direction < 0 && value > 0 && placeOf(value, decades) === FIRST) return 0;
  return undefined;
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 10⁻³ */
export const powerText = (exponent: number): string =>
  `10${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map((digit) => RAISED[Number(digit)]).join('')}`;
