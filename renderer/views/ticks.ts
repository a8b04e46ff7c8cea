/**
 * Where an axis has ticks and what they say: steps of 1, 2 or 5 times a power of ten on a linear axis, powers of ten on
 * a logarithmic one (with 2 and 5 between where there is room), degrees on an angle, which comes in rad. The exported
 * figures choose theirs in the same way (core/analysis/figures/ticks.ts). Not here: where on the screen they stand.
 */

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export type Interval = readonly [number, number];

/** The smallest 1-2-5 step that is at least `rough`. */
export function niceStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((candidate) => candidate * decade >= rough * (1 - 1e-9)) ?? 10;
  return clean(factor * decade);
}

/** The interval widened to whole steps. */
export function niceRange([low, high]: Interval, count = 5): [number, number] {
  if (!(high > low)) return low === 0 ? [0, 1] : [low - Math.abs(low) / 2, low + Math.abs(low) / 2];
  const step = niceStep((high - low) / count);
  return [clean(Math.floor(low / step + 1e-9) * step), clean(Math.ceil(high / step - 1e-9) * step)];
}

/** About `count` ticks; two at least, as one alone tells no scale. */
export function linearTicks([low, high]: Interval, count = 5): Tick[] {
  if (!(high > low)) return [];
  let rough = (high - low) / Math.max(1, count);
  let ticks = ticksEvery(niceStep(rough), [low, high]);
  while (ticks.length < 2) {
    rough /= 2;
    ticks = ticksEvery(niceStep(rough), [low, high]);
  }
  return ticks;
}

function ticksEvery(step: number, [low, high]: Interval): Tick[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = clean((first + i) * step);
    return { value, label: written(value, step) };
  });
}

/** Of an interval above 0. */
export function logTicks([low, high]: Interval, count = 5): Tick[] {
  if (!(low > 0) || !(high > low)) return [];
  if (high < 10 * low) return linearTicks([low, high], count);
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const decades = last - first + 1;
  if (decades < 3) {
    const inDecades = Array.from({ length: decades + 2 }, (_, i) => first - 1 + i);
    return inDecades
      .flatMap((exponent) => [1, 2, 5].map((factor) => clean(factor * 10 ** exponent)))
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
      .map((value) => ({ value, label: written(value, value) }));
  }
  const every = Math.ceil(decades / Math.max(1, count));
  return Array.from({ length: decades }, (_, i) => first + i)
    .filter((exponent) => exponent % every === 0)
    .map((exponent) => ({ value: clean(10 ** exponent), label: powerOfTen(exponent) }));
}

/** Of an interval in rad, labelled in degrees; a whole turn has its quarters, or its halves where there is little room. */
export function angleTicks([low, high]: Interval, count = 5): Tick[] {
  const degrees: [number, number] = [toDegrees(low), toDegrees(high)];
  const turn = Math.abs(degrees[1] - degrees[0] - 360) < 1e-4;
  const ticks = turn
    ? (count < 2.3 ? [0, 180, 360] : [0, 90, 180, 270, 360]).map((more) => clean(Math.round(degrees[0] + more)))
    : linearTicks(degrees, count).map(({ value }) => value);
  return ticks.map((value) => ({ value: (value * Math.PI) / 180, label: `${minus(String(value))}°` }));
}

export const toDegrees = (radians: number): number => (radians * 180) / Math.PI;

/** As many digits as tell it from its neighbours a step away; powers of ten where zeros would hide the number. */
export function written(value: number, step: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (size < 1e5 && decimals <= 4) return minus(value.toFixed(decimals));
  const exponent = Math.floor(Math.log10(size) + 1e-9);
  const digits = Math.max(0, exponent - Math.floor(Math.log10(step) + 1e-9));
  const factor = (value / 10 ** exponent).toFixed(digits);
  return minus(factor === '1' ? powerOfTen(exponent) : `${factor}·${powerOfTen(exponent)}`);
}

/** With a sign that is as wide as a digit. */
export const minus = (number: string): string => number.replaceAll('-', '−');

const powerOfTen = (exponent: number): string =>
  exponent >= -3 && exponent <= 4 ? String(clean(10 ** exponent)) : `10${superscript(exponent)}`;

const superscript = (exponent: number): string =>
  [...String(exponent)].map((digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])).join('');

/** Without the dust of floating point; no −0. */
const clean = (value: number): number => Number(value.toPrecision(12)) || 0;
