/**
 * Central differences on the oracle, and how far two arrays are apart.
 *
 * The four-point formula (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h with h = 10⁻⁴ in float64 leaves about 10⁻¹⁰ for
 * functions whose derivatives are of order one, which the recipes in `numbers.ts` see to.
 */
import type { Executable, Results } from '../engine.ts';
import type { Random } from './numbers.ts';

export type Arrays = Readonly<Record<string, ArrayLike<number>>>;

const STEP = 1e-4;

/** Derivatives of all outputs when the inputs move along `direction` (by name; absent ones stand still). */
export async function centralDifferences(
  executable: Executable,
  samples: number,
  inputs: Arrays,
  direction: Arrays,
): Promise<Record<string, Float64Array>> {
  const at = (shift: number): Promise<Results> => {
    const moved = Object.entries(direction).map(([name, d]) => [
      name,
      Float64Array.from(inputs[name]!, (value, i) => value + shift * d[i]!),
    ]);
    return executable.run({ samples, inputs: { ...inputs, ...Object.fromEntries(moved) } });
  };
  const [farLeft, left, right, farRight] = [await at(-2 * STEP), await at(-STEP), await at(STEP), await at(2 * STEP)];
  return Object.fromEntries(
    Object.keys(left).map((name) => [
      name,
      Float64Array.from(
        left[name]!,
        (value, i) => (farLeft[name]![i]! - 8 * value + 8 * right[name]![i]! - farRight[name]![i]!) / (12 * STEP),
      ),
    ]),
  );
}

export const largest = (values: ArrayLike<number>): number => {
  let found = 0;
  for (let i = 0; i < values.length; i++) found = Math.max(found, Math.abs(values[i]!));
  return found;
};

export function inner(a: ArrayLike<number>, b: ArrayLike<number>, from = 0, to = a.length): number {
  let total = 0;
  for (let i = from; i < to; i++) total += a[i]! * b[i]!;
  return total;
}

/**
 * max|a − b| / max(max|b|, floor): relative to the largest entry of the whole tensor, not entry by entry, because a
 * small entry may be a difference of large numbers. The floor keeps a derivative that is zero by construction from
 * being measured against its own rounding; the numbers here are of order one. What is not finite, or has the wrong
 * length, is as wrong as JSON can say.
 */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>, floor = 1e-4): number {
  let apart = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    apart = difference <= apart ? apart : Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  const error = apart / Math.max(largest(b), floor);
  return Number.isFinite(error) ? error : Number.MAX_VALUE;
}

/** A random direction whose entries are as large as the numbers they move, and at most one. */
export function randomDirection(values: ArrayLike<number>, random: Random): Float64Array {
  const scale = Math.min(1, Math.sqrt(inner(values, values) / values.length) || 0.1);
  return Float64Array.from(values, () => scale * random.normal());
}

export function unitDirection(length: number, at: number): Float64Array {
  const direction = new Float64Array(length);
  direction[at] = 1;
  return direction;
}
