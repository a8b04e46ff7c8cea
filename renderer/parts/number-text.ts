/** Numbers as people type and read them in a field: decimal comma, powers of ten, ranges. Not here: units (format.ts). */

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** The bound itself is not allowed. */
  readonly aboveMin?: boolean;
  readonly belowMax?: boolean;
}

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** "1e-5", "0,002", "10^-3", "2·10⁻³" is not read, "12 000": the number, or undefined where it is none. */
export function parseNumber(text: string): number | undefined {
  const tidy = text
    .trim()
    .replace(/(\d)[\s\u00a0\u202f](?=\d{3})/g, '$1')
    .replace('−', '-');
  const decimal = tidy.includes('.') ? tidy : tidy.replace(/^([^,]*),([^,]*)$/, '$1.$2');
  const power = /^([+-]?)10\^([+-]?\d+)$/.exec(decimal);
  if (power) return Number(`${power[1]}1e${power[2]}`);
  if (!PLAIN.test(decimal)) return undefined;
  const value = Number(decimal);
  return Number.isFinite(value) ? value : undefined;
}

/** As short as it can be typed again: 140580, 0.002, 1e-5. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return value.toExponential().replace('e+', 'e');
  return String(value);
}

export function boundsText({ min, max, aboveMin, belowMax }: Bounds): string {
  if (!aboveMin && !belowMax) return `${numberText(min)} to ${numberText(max)}`;
  const low = aboveMin ? `above ${numberText(min)}` : `at least ${numberText(min)}`;
  return `${low}, ${belowMax ? `below ${numberText(max)}` : `at most ${numberText(max)}`}`;
}

export const isWithin = (value: number, { min, max, aboveMin, belowMax }: Bounds): boolean =>
  (aboveMin ? value > min : value >= min) && (belowMax ? value < max : value <= max);

/** Why a typed text is not a value of this kind; undefined where it is one. */
export function numberFault(text: string, bounds: Bounds, whole: boolean): string | undefined {
  const value = parseNumber(text);
  const what = whole ? 'a whole number' : 'a number';
  if (value === undefined) return `Not a number. Allowed: ${what}, ${boundsText(bounds)}.`;
  if (!isWithin(value, bounds) || (whole && !Number.isSafeInteger(value))) {
    return `Allowed: ${what}, ${boundsText(bounds)}.`;
  }
  return undefined;
}

/** What an arrow key adds: one tenth of the number's own size, a whole number where only those are allowed. */
export function arrowStep(value: number, whole: boolean): number {
  const step = value === 0 ? 0.1 : 10 ** (Math.floor(Math.log10(Math.abs(value)) + 1e-9) - 1);
  return whole ? Math.max(1, step) : step;
}

/** The number after an arrow key, without the dust of binary fractions, inside its bounds. */
export function stepped(value: number, steps: number, bounds: Bounds, whole: boolean): number {
  const step = arrowStep(value, whole);
  const next = Number((value + steps * step).toPrecision(12));
  const inner = Math.min(bounds.max, Math.max(bounds.min, next));
  return isWithin(inner, bounds) ? inner : value;
}
