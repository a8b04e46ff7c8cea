/** The diffusion times at which the Fokker–Planck residual of experts is measured (method §9). */
import { TIME_FLOOR } from '../../diffusion/process.ts';
import type { TimeRange } from '../../models/time-features.ts';

/** Middles of `points` equal parts of what the ranges cover together, sorted into the ranges; none without a range. */
export function timesOver(ranges: readonly TimeRange[], points: number): number[][] {
  if (ranges.length === 0) return [];
  const lengths = ranges.map(([from, to]) => to - Math.max(from, TIME_FLOOR));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const found: number[][] = ranges.map(() => []);
  for (let i = 0; i < points; i++) {
    let along = (whole * (i + 0.5)) / points;
    let index = 0;
    while (index + 1 < ranges.length && along >= lengths[index]!) along -= lengths[index++]!;
    found[index]!.push(Math.max(ranges[index]![0], TIME_FLOOR) + along);
  }
  return found;
}
