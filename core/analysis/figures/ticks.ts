/**
 * Where an axis has ticks and what they say: steps of 1, 2 or 5 times a power of ten on a linear axis, powers of ten
 * (with 2 and 5 between them when there is room) on a logarithmic one, degrees on an angle, which is in rad.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** The smallest 1-2-5 step that is at least `rough`. */
export function niceStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * decade >= rough * (1 - 1e-9))!;
  return factor >= 10 ? 10 * decade : factor * decade;
}

/** The range widened to whole steps, so that the first and the last tick lie on its ends. */
export function niceRange([low, high]: Interval, count = 5): Interval {
  if (low === high) return low === 0 ? [0, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
  const step = niceStep((high - low) / count);
  return [clean(Math.floor(low / step + 1e-9) * step), clean(Math.ceil(high / step - 1e-9) * step)];
}

/** At most about `count` ticks inside the range. */
export function linearTicks([low, high]: Interval, count = 5): Tick[] {
  const step = niceStep((high - low) / Math.max(1, count));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const plain = Math.max(Math.abs(low), Math.abs(high)) < 1e5 && decimals <= 4;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const value = clean((first + i) * step);
    if (plain) return { value, label: minus(value.toFixed(decimals)) };
    return { value, label: value === 0 ? '0' : scientific(value, step) };
  });
}

/** Ticks of a logarithmic axis, even ones where it shows less than a decade; `low` must be above 0. */
export function logTicks([low, high]: Interval, count = 6): Tick[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const decades = last - first + 1;
  if (high < 10 * low) return linearTicks([low, high], count);
  if (decades < 3) {
    const within = [1, 2, 5].flatMap((factor) =>
      Array.from({ length: decades + 2 }, (_, i) => clean(factor * 10 ** (first - 1 + i))),
    );
    const ticks = within
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
      .sort((a, b) => a - b);
    return ticks.map((value) => ({ value, label: decimal(value) }));
  }
  const every = Math.ceil(decades / count);
  return Array.from({ length: decades }, (_, i) => first + i)
    .filter((exponent) => exponent % every === 0)
    .map((exponent) => ({ value: 10 ** exponent, label: powerOfTen(exponent, first, last) }));
}

/** Where an angle in rad stands in degrees; a whole turn has its quarters. */
export function angleTicks([low, high]: Interval, count = 5): Tick[] {
  const degrees: Interval = [toDegrees(low), toDegrees(high)];
  const turn = Math.abs(degrees[1] - degrees[0] - 360) < 1e-6;
  const ticks = turn
    ? [0, 90, 180, 270, 360].map((more) => ({
        value: degrees[0] + more,
        label: minus(String(clean(degrees[0] + more))),
      }))
    : linearTicks(degrees, count);
  return ticks.map(({ value, label }) => ({ value: (value * Math.PI) / 180, label }));
}

export const toDegrees = (radians: number): number => (radians * 180) / Math.PI;

const clean = (value: number): number => Number(value.toPrecision(12)) || 0;
const minus = (written: string): string => written.replaceAll('-', '−');

function decimal(value: number): string {
  return value >= 1e-4 && value < 1e5 ? String(value) : scientific(value, value);
}

function powerOfTen(exponent: number, first: number, last: number): string {
  if (first >= -3 && last <= 4) return String(clean(10 ** exponent));
  return `10${superscript(exponent)}`;
}

function scientific(value: number, step: number): string {
  const exponent = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const digits = Math.max(0, exponent - Math.floor(Math.log10(step) + 1e-9));
  return minus(`${(value / 10 ** exponent).toFixed(digits)}e${exponent}`);
}

const superscript = (exponent: number): string =>
  [...String(exponent)].map((digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])).join('');
