/**
 * Numbers and names in a range of bytes of a text, without a detour over strings: readers of columns and of words
 * share them. Nothing here throws: what is no number is NaN, what is no UTF-8 is taken as Latin-1.
 */

const SPACE = 32;
const ZERO = 48;
const NINE = 57;

const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const LARGEST_EXACT = Number.MAX_SAFE_INTEGER;
/** Far beyond what a float64 can hold, so that sums of exponents stay small integers. */
const LARGEST_EXPONENT = 100_000;

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/**
 * The decimal number that fills a range but for spaces around it, times 10^shift: with a shift of −1, "1.234" Å are
 * the float64 next to 0.1234 nm. Exponents may be written with E or, as Fortran does, D.
 */
export function decimal(bytes: Uint8Array, from: number, to: number, shift = 0): number {
  let at = from;
  let end = to;
  while (at < end && bytes[at]! <= SPACE) at++;
  while (end > at && bytes[end - 1]! <= SPACE) end--;
  let sign = 1;
  if (bytes[at] === 45) sign = -1;
  if (at < end && (bytes[at] === 45 || bytes[at] === 43)) at++;
  const first = at;
  let mantissa = 0;
  let digits = 0;
  let scale = shift;
  let point = false;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (isDigit(byte)) {
      mantissa = mantissa * 10 + byte - ZERO;
      digits++;
      if (point) scale--;
    } else if (byte === 46 && !point) point = true;
    else break;
  }
  if (digits === 0) return Number.NaN;
  const last = at;
  if (at < end) {
    if ((bytes[at]! | 32) !== 101 && (bytes[at]! | 32) !== 100) return Number.NaN;
    const exponent = integer(bytes, at + 1, end);
    if (Number.isNaN(exponent)) return Number.NaN;
    scale += Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, exponent));
  }
  // Exact numbers divided or multiplied by exact powers of ten are rounded once, so correctly.
  if (mantissa <= LARGEST_EXACT && scale > -POWERS.length && scale < POWERS.length) {
    return sign * (scale < 0 ? mantissa / POWERS[-scale]! : mantissa * POWERS[scale]!);
  }
  const text = latin(bytes, first, last).replace('.', '');
  return sign * Number(`${text}e${scale}`);
}

/** The whole number that fills a range but for spaces around it; NaN where there is none or it is not exact. */
export function integer(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  let end = to;
  while (at < end && bytes[at]! <= SPACE) at++;
  while (end > at && bytes[end - 1]! <= SPACE) end--;
  const negative = bytes[at] === 45;
  if (at < end && (negative || bytes[at] === 43)) at++;
  if (at === end) return Number.NaN;
  let value = 0;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (!isDigit(byte)) return Number.NaN;
    value = value * 10 + byte - ZERO;
  }
  if (value > LARGEST_EXACT) return Number.NaN;
  return negative && value > 0 ? -value : value;
}

export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! > SPACE) return false;
  return true;
}

/** True where the range begins with these ASCII letters. */
export function beginsWith(bytes: Uint8Array, from: number, to: number, word: string): boolean {
  if (to - from < word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** Calls `word` with each range between spaces and its index in the line, until it returns false. */
export function eachWord(
  bytes: Uint8Array,
  from: number,
  to: number,
  word: (start: number, end: number, index: number) => boolean | undefined,
): void {
  let at = from;
  for (let index = 0; ; index++) {
    while (at < to && bytes[at]! <= SPACE) at++;
    if (at >= to) return;
    const start = at;
    while (at < to && bytes[at]! > SPACE) at++;
    if (word(start, at, index) === false) return;
  }
}

/** A range as text. */
export function decodeText(bytes: Uint8Array, from: number, to: number): string {
  for (let at = from; at < to; at++) {
    if (bytes[at]! < 128) continue;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, to));
    } catch {
      return latin(bytes, from, to);
    }
  }
  return latin(bytes, from, to);
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** A piece of a line for an error sentence. */
export function quoted(bytes: Uint8Array, from: number, to: number): string {
  const text = decodeText(bytes, from, Math.min(to, from + 40));
  return `"${text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?')}"`;
}

/**
 * Names without the spaces around them; the few different names of a file are each made once. Up to six bytes, as
 * most are, tell a name by a number.
 */
export class Names {
  readonly #short = new Map<number, string>();

  at(bytes: Uint8Array, from: number, to: number): string {
    let start = from;
    let end = to;
    while (start < end && bytes[start]! <= SPACE) start++;
    while (end > start && bytes[end - 1]! <= SPACE) end--;
    if (start >= end) return '';
    if (end - start > 6) return decodeText(bytes, start, end);
    let key = 0;
    for (let at = start; at < end; at++) key = key * 256 + bytes[at]!;
    let name = this.#short.get(key);
    if (name === undefined) {
      name = decodeText(bytes, start, end);
      this.#short.set(key, name);
    }
    return name;
  }
}
