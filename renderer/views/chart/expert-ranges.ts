/**
 * The intervals of diffusion time that experts are responsible for: they follow each other from 0 to 1 without gap or
 * overlap, none narrower than `least`. Every change makes new intervals and keeps the rest as it is.
 */

export type Range = readonly [number, number];

/** Boundaries are set in thousandths: finer than that nothing differs. */
const rounded = (t: number): number => Math.round(1000 * t) / 1000;

/** How far the boundary before interval `after` can go. */
export function limitsOf(ranges: readonly Range[], after: number, least: number): Range {
  return [rounded(ranges[after - 1]![0] + least), rounded(ranges[after]![1] - least)];
}

/** The boundary before interval `after` goes to t, or as far towards it as it can. */
export function moved(ranges: readonly Range[], after: number, t: number, least: number): Range[] {
  const [low, high] = limitsOf(ranges, after, least);
  const at = Math.max(low, Math.min(high, rounded(t)));
  return ranges.map(([start, end], i) => (i === after - 1 ? [start, at] : i === after ? [at, end] : [start, end]));
}

/** Cuts an interval in two near t; undefined where it is too narrow. */
export function split(ranges: readonly Range[], index: number, t: number, least: number): Range[] | undefined {
  const [start, end] = ranges[index]!;
  if (end - start < 2 * least - 1e-9) return undefined;
  const at = Math.max(start + least, Math.min(end - least, rounded(t)));
  return [...ranges.slice(0, index), [start, rounded(at)], [rounded(at), end], ...ranges.slice(index + 1)];
}

/** The interval before `after` takes it over. */
export function merged(ranges: readonly Range[], after: number): Range[] {
  const whole: Range = [ranges[after - 1]![0], ranges[after]![1]];
  return [...ranges.slice(0, after - 1), whole, ...ranges.slice(after + 1)];
}
