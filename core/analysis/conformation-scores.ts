/**
 * The score-board of method §9 for molecules: the measures of a plane, and how far bond lengths are off. Frames that are
 * no numbers count nowhere. `bonds` and `largestBond` in nm.
 */

import { bondW1 } from './bond-distances.ts';
import type { Conformations } from './conformations.ts';
import { distances, type Pair } from './distances.ts';
import { finitePoints } from './finite-points.ts';
import { halves, type Split } from './noise-floor.ts';
import type { Plane, Points } from './plane.ts';
import { type Scores, scores } from './scores.ts';

/** What the scores look at: one number per frame in each array. */
export interface Measured {
  readonly points: Points;
  readonly bonds: Points;
}

export interface ConformationScores extends Scores {
  readonly bonds: number;
  readonly largestBond: number;
}

/** `points`: the conformations in their plane, NaN where a frame is. */
export function measured(all: Conformations, points: Points, bonds: readonly Pair[]): Measured {
  const finite = finitePoints([...points, ...distances(all, bonds)]);
  return { points: finite.slice(0, points.length), bonds: finite.slice(points.length) };
}

export function conformationScores(model: Measured, reference: Measured, plane: Plane): ConformationScores {
  const { mean, max } = bondW1(model.bonds, reference.bonds);
  return { ...scores(model.points, reference.points, plane), bonds: mean, largestBond: max };
}

/** Two halves of the reference against each other (noise-floor.ts). */
export function conformationFloor(reference: Measured, plane: Plane, split: Split = 'even-odd'): ConformationScores {
  const [points, bonds] = [halves(reference.points, split), halves(reference.bonds, split)];
  return conformationScores({ points: points[0], bonds: bonds[0] }, { points: points[1], bonds: bonds[1] }, plane);
}
