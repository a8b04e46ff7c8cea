/**
 * Numbers as people read them, with their units: counts, durations, bytes, lengths in nm or Å.
 * Inside, everything is nm and ps; here it becomes text. Not here: numbers in a field (number-text.ts).
 */

/** Between groups of digits, and before a unit: no place to break a line. */
const THIN = '\u202f';
const GAP = '\u00a0';
const ANGSTROM_PER_NM = 10;

export type LengthUnit = 'nm' | 'Å';

/** 140 580 */
export function countText(value: number): string {
  const whole = Math.round(value);
  if (Math.abs(whole) < 10_000) return String(whole);
  return String(whole).replace(/\B(?=(\d{3})+$)/g, THIN);
}

export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${countText(value)}${GAP}${value === 1 ? one : many}`;

/** So many significant digits, without an exponent where one can do without. */
export function numeral(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    return `${trimmed(mantissa!)}e${Number(exponent)}`.replace('-', '−');
  }
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const text = places === 0 ? countText(value) : trimmed(value.toFixed(places));
  return text.replace('-', '−');
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

export const quantity = (value: number, unit: string, digits = 3): string =>
  unit === '' ? numeral(value, digits) : `${numeral(value, digits)}${GAP}${unit}`;

export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3 + 1e-12));
  return quantity(bytes / 1000 ** step, units[step]!);
}

/** Seconds in the units that say something: "2 h 5 min", "17 min", "2 min 5 s", "48 s", "0.3 s". */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 10) return `${seconds < 0.05 ? 0 : Number(seconds.toFixed(1))}${GAP}s`;
  // Beyond ten minutes nobody counts seconds.
  const whole = seconds < 600 ? Math.round(seconds) : 60 * Math.round(seconds / 60);
  if (whole < 60) return `${whole}${GAP}s`;
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value}${GAP}${unit}`)
    .join(' ');
}

/** A time of simulation, ps, in the unit that suits its size. */
export function timeText(ps: number): string {
  const size = Math.abs(ps);
  if (size === 0) return `0${GAP}ps`;
  if (size >= 1e6) return quantity(ps / 1e6, 'µs');
  if (size >= 1e3) return quantity(ps / 1e3, 'ns');
  if (size < 0.1) return quantity(ps * 1e3, 'fs');
  return quantity(ps, 'ps');
}

export const lengthText = (nm: number, unit: LengthUnit, digits = 3): string =>
  quantity(unit === 'Å' ? nm * ANGSTROM_PER_NM : nm, unit, digits);

/** Steps, frames … per second, or per minute and hour where they are rare. */
export function rateText(perSecond: number, unit: string): string {
  if (perSecond >= 1) return `${numeral(perSecond)}${GAP}${unit}/s`;
  if (perSecond * 60 >= 1) return `${numeral(perSecond * 60)}${GAP}${unit}/min`;
  return `${numeral(perSecond * 3600)}${GAP}${unit}/h`;
}

export function progressText(progress: {
  done: number;
  total: number;
  unit: string;
  rate?: number | undefined;
}): string {
  const { done, total, unit, rate } = progress;
  const amount = total > 0 ? `${countText(done)} of ${countText(total)} ${unit}` : `${countText(done)} ${unit}`;
  return rate === undefined || !(rate > 0) ? amount.trim() : `${amount.trim()} · ${rateText(rate, unit)}`;
}

/** A date and time of the host as this person writes them. */
export function momentText(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
