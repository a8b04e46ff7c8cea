/**
 * Where an axis has ticks and what they say, in figures and in the window: steps of 1, 2 or 5 times a power of ten on a
 * linear axis, powers of ten on a logarithmic one (with 2 and 5 between them where there is room), degrees on an angle,
 * which comes in rad. Not here: where on the paper or the screen they stand (scale.ts).
 */
import type { Interval } from '../../systems/toys/toy-system.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** The smallest 1-2-5 step that is at least `rough`. */
export function niceStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((candidate) => candidate * decade >= rough * (1 - 1e-9)) ?? 10;
  return clean(factor * decade);
}

/** The range widened to whole steps, so that the first and the last tick lie on its ends. */
export function niceRange([low, high]: Interval, count = 5): [number, number] {
  if (!(high > low)) return low === 0 ? [0, 1] : [low - Math.abs(low) / 2, low + Math.abs(low) / 2];
  const step = niceStep((high - low) / count);
  return [clean(Math.floor(low / step + 1e-9) * step), clean(Math.ceil(high / step - 1e-9) * step)];
}

/** About `count` ticks inside the range; two at least, as one alone tells no scale. */
export function linearTicks(range: Interval, count = 5): Tick[] {
  if (!(range[1] > range[0])) return [];
  let rough = (range[1] - range[0]) / Math.max(1, count);
  let ticks = ticksEvery(niceStep(rough), range);
  while (ticks.length < 2) {
    rough /= 2;
    ticks = ticksEvery(niceStep(rough), range);
  }
  return ticks;
}

function ticksEvery(step: number, [low, high]: Interval): Tick[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // One style for a whole axis.
  const plain = isPlain(Math.max(Math.abs(low), Math.abs(high)), step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const value = clean((first + i) * step);
    return { value, label: plain ? fixed(value, step) : scientific(value, step) };
  });
}

/** Ticks of a logarithmic axis, even ones where it shows less than a decade; none where it does not lie above 0. */
export function logTicks([low, high]: Interval, count = 6): Tick[] {
  if (!(low > 0 && high > low)) return [];
  if (high < 10 * low) return linearTicks([low, high], count);
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const decades = last - first + 1;
  if (decades < 3) {
    return Array.from({ length: decades + 2 }, (_, i) => first - 1 + i)
      .flatMap((exponent) => [1, 2, 5].map((factor) => clean(factor * 10 ** exponent)))
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
      .map((value) => ({ value, label: written(value, value) }));
  }
  const every = Math.ceil(decades / Math.max(1, count));
  return Array.from({ length: decades }, (_, i) => first + i)
    .filter((exponent) => exponent % every === 0)
    .map((exponent) => ({ value: clean(10 ** exponent), label: decade(exponent) }));
}

/**
 * Where an angle in rad stands in degrees; a whole turn has its quarters, or its halves where there is little room.
 * `sign` follows each number where the title of the axis does not say that they are degrees.
 */
export function angleTicks([low, high]: Interval, count = 5, sign: '' | '°' = ''): Tick[] {
  const degrees: Interval = [toDegrees(low), toDegrees(high)];
  const turn = Math.abs(degrees[1] - degrees[0] - 360) < 1e-4;
  const values = turn
    ? (count < 2.3 ? [0, 180, 360] : [0, 90, 180, 270, 360]).map((more) => clean(Math.round(degrees[0] + more)))
    : linearTicks(degrees, count).map(({ value }) => value);
  return values.map((value) => ({ value: (value * Math.PI) / 180, label: minus(String(value)) + sign }));
}

export const toDegrees = (radians: number): number => (radians * 180) / Math.PI;

/** As many digits as tell it from its neighbours a step away; powers of ten where zeros would hide the number. */
export const written = (value: number, step: number): string =>
  isPlain(Math.abs(value), step) ? fixed(value, step) : scientific(value, step);

/** With a sign that is as wide as a digit. */
export const minus = (number: string): string => number.replaceAll('-', '−');

const isPlain = (size: number, step: number): boolean => size < 1e5 && decimalsOf(step) <= 4;
const decimalsOf = (step: number): number => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

const fixed = (value: number, step: number): string => (value === 0 ? '0' : minus(value.toFixed(decimalsOf(step))));

function scientific(value: number, step: number): string {
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const digits = Math.max(0, exponent - Math.floor(Math.log10(step) + 1e-9));
  const factor = minus((value / 10 ** exponent).toFixed(digits));
  return factor === '1' ? powerOfTen(exponent) : `${factor}·${powerOfTen(exponent)}`;
}

const decade = (exponent: number): string =>
  exponent >= -3 && exponent <= 4 ? String(clean(10 ** exponent)) : powerOfTen(exponent);

const powerOfTen = (exponent: number): string =>
  `10${[...String(exponent)].map((digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])).join('')}`;

/** Without the dust of floating point; no −0. */
const clean = (value: number): number => Number(value.toPrecision(12)) || 0;
