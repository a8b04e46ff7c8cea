/**
 * The noise floor: what the metrics of method §9 give for two sets of true data. It depends on the number of points
 * (roughly as 1/N once bins are filled), so it holds for metrics of sets of that size.
 * With two independent data sets use `noiseFloor`. With one, `noiseFloorFromHalves` compares its halves:
 * - `even-odd` frames: both halves see the same slow events, so the floor counts only the noise of filling bins.
 *   The default, because it cannot hide a model's error behind a slow transition of the reference.
 * - `first-second` half: also counts how well the trajectory itself has converged; a floor far above even-odd says
 *   that the reference is too short.
 * Either way the halves are half the size of the reference, so the floor of the whole is lower.
 */
import { ErgodicError } from '../../errors.ts';
import type { Plane } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';
import { type PlaneMetrics, planeMetrics } from './plane-metrics.ts';

export type Split = 'even-odd' | 'first-second';

export const noiseFloor = (a: Points, b: Points, plane: Plane): PlaneMetrics => planeMetrics(a, b, plane);

export function noiseFloorFromHalves(reference: Points, plane: Plane, split: Split = 'even-odd'): PlaneMetrics {
  return noiseFloor(...halves(reference, split), plane);
}

/** Two halves of equal size; the last point of an odd number is left out. */
export function halves(points: Points, split: Split): [Points, Points] {
  const size = Math.floor(points[0]!.length / 2);
  if (size < 1) throw new ErgodicError('A noise floor needs at least two points.');
  const pick = (first: number, step: number) =>
    points.map((values) => Float64Array.from({ length: size }, (_, i) => values[first + step * i]!));
  return split === 'even-odd' ? [pick(0, 2), pick(1, 2)] : [pick(0, 1), pick(size, 1)];
}
