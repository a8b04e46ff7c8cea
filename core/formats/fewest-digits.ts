/**
 * The number with the fewest decimal digits within a tolerance: what somebody typed before a program kept it in single
 * precision, or multiplied it by a constant. Not for measured values, which have no business being round.
 */

/** The value itself where no shorter one is near. */
export function fewestDigits(value: number, tolerance: number): number {
  for (let digits = 1; digits < 16; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.abs(rounded - value) <= tolerance) return rounded;
  }
  return value;
}

/** The shortest decimal that single precision keeps as this value: 1.2 and not 1.2000000476837158. */
export function shortestOfSingle(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}
