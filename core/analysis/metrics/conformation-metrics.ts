/**
 * The metrics of method §9 for molecules: the measures of a plane, and how far bond lengths are off. Frames that are
 * no numbers count nowhere. `bonds` and `largestBond` in nm.
 */
import { finitePoints } from '../free-energy/finite-points.ts';
import type { Plane } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';
import type { Conformations } from '../geometry/conformations.ts';
import { distances, type Pair } from '../geometry/distances.ts';
import { bondW1 } from './bond-distances.ts';
import { halves, type Split } from './noise-floor.ts';
import { type PlaneMetrics, planeMetrics } from './plane-metrics.ts';

/** What the metrics look at: one number per frame in each array. */
export interface Measured {
  readonly points: Points;
  readonly bonds: Points;
}

export interface ConformationMetrics extends PlaneMetrics {
  readonly bonds: number;
  readonly largestBond: number;
}

/** `points`: the conformations in their plane, NaN where a frame is. */
export function measured(all: Conformations, points: Points, bonds: readonly Pair[]): Measured {
  const finite = finitePoints([...points, ...distances(all, bonds)]);
  return { points: finite.slice(0, points.length), bonds: finite.slice(points.length) };
}

export function conformationMetrics(model: Measured, reference: Measured, plane: Plane): ConformationMetrics {
  const { mean, max } = bondW1(model.bonds, reference.bonds);
  return { ...planeMetrics(model.points, reference.points, plane), bonds: mean, largestBond: max };
}

/** Two halves of the reference against each other (noise-floor.ts). */
export function conformationNoiseFloor(
  reference: Measured,
  plane: Plane,
  split: Split = 'even-odd',
): ConformationMetrics {
  const [points, bonds] = [halves(reference.points, split), halves(reference.bonds, split)];
  return conformationMetrics({ points: points[0], bonds: bonds[0] }, { points: points[1], bonds: bonds[1] }, plane);
}
