/** Places of a slider that runs over decades and has 0 at its very left: place 0 is 0, place 1 the smallest power. */

export interface Decades {
  /** Exponents of the smallest value above 0 and of the largest. */
  readonly from: number;
  readonly to: number;
}

const PER_DECADE = 20;

export const placesOf = ({ from, to }: Decades): number => 1 + (to - from) * PER_DECADE;

export function valueAt(place: number, { from }: Decades): number {
  if (place <= 0) return 0;
  return Number((10 ** (from + (place - 1) / PER_DECADE)).toPrecision(2));
}

/** The nearest place; values beyond the ends lie at the ends. */
export function placeOf(value: number, decades: Decades): number {
  if (value <= 0) return 0;
  const place = Math.round((Math.log10(value) - decades.from) * PER_DECADE) + 1;
  return Math.min(placesOf(decades), Math.max(1, place));
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 10⁻³ */
export const powerText = (exponent: number): string =>
  `10${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map((digit) => RAISED[Number(digit)]).join('')}`;
