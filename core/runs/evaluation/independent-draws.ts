/**
 * How many independent draws the frames of a simulation are worth, for each collective variable: what its metrics are to
 * be compared with. Frames after a replica diverged do not count.
 */
import { isPeriodic } from '../../analysis/free-energy/histogram.ts';
import {
  type EffectiveSampleSize,
  effectiveSampleSize,
  effectiveSampleSizeOfAngle,
} from '../../analysis/statistics/effective-sample-size.ts';
import type { NumberArray } from '../../formats/npy.ts';
import type { RunSystem } from '../data/run-system.ts';

/** In metrics.json. */
export interface IndependentDraws {
  /** The least of all variables. */
  readonly size: number;
  /** Of all replicas. */
  readonly frames: number;
  /** In the order of the axes. */
  readonly variables: readonly (EffectiveSampleSize & { readonly label: string })[];
}

/** `simulation`: [frames, replicas, coordinates]. Undefined where there is no frame. */
export function independentDraws(
  { shape, data }: NumberArray,
  { variables: { plane, axes, points } }: Pick<RunSystem, 'variables'>,
): IndependentDraws | undefined {
  const [frames, replicas, dimension] = shape as [number, number, number];
  const rows: number[][] = Array.from({ length: replicas }, () => []);
  let count = 0;
  const finite = new Float32Array(data.length);
  for (let frame = 0; frame < frames; frame++) {
    for (let replica = 0; replica < replicas; replica++) {
      const start = (frame * replicas + replica) * dimension;
      const row = data.subarray(start, start + dimension);
      if (!row.every(Number.isFinite)) continue;
      finite.set(row, count * dimension);
      rows[replica]!.push(count++);
    }
  }
  if (count === 0) return undefined;
  const values = points(finite.slice(0, count * dimension));
  const variables = axes.map(({ label }, axis) => {
    const series = rows.map((own) => Float64Array.from(own, (row) => values[axis]![row]!));
    const measure = isPeriodic(plane.periodic, axis) ? effectiveSampleSizeOfAngle : effectiveSampleSize;
    return { label, ...measure(series) };
  });
  return { size: Math.min(...variables.map(({ size }) => size)), frames: count, variables };
}

/** A line for a terminal. */
export function drawsText({ size, frames, variables }: IndependentDraws): string {
  const each = variables.map((one) => `${one.label} ${wholeText(one.size)}`).join(', ');
  return `Effective sample size of the simulation: ${wholeText(size)} of ${wholeText(frames)} frames (${each})`;
}

const wholeText = (value: number): string => Math.round(value).toLocaleString('en-US');
