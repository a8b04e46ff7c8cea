/**
 * The free-energy error of method §9: Σ w (ln p_model − ln p_ref)² on a grid of (as a rule 64) bins per axis, of which the first
 * and the last hold the outliers (62 inner intervals). In kT², natural logarithm.
 * A bin that only one of the two sets visits is given 1e-6 in the other; a bin that neither visits does not count.
 * Weights are the mean of the two probabilities, normalised, as in the reference code, so numbers compare.
 */
import { histogram, probabilities } from '../free-energy/histogram.ts';
import type { Plane } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';

const EMPTY = 1e-6;

export function pmfError(model: Points, reference: Points, { limits, periodic, pmfBins }: Plane): number {
  const grid = { limits, periodic, bins: pmfBins - 2 };
  return weightedLogError(probabilities(histogram(model, grid)), probabilities(histogram(reference, grid)));
}

/** The same for two sets of bin probabilities. */
export function weightedLogError(model: ArrayLike<number>, reference: ArrayLike<number>): number {
  return errorParts(model, reference).error;
}

export interface ErrorParts {
  /** kT². */
  readonly error: number;
  /** The part of it, from 0 to 1, that comes from bins which only one of the two sets visits; 0 where there is no error. */
  readonly oneSided: number;
}

export function errorParts(model: ArrayLike<number>, reference: ArrayLike<number>): ErrorParts {
  let error = 0;
  let oneSided = 0;
  let weights = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    if (model[bin] === 0 && reference[bin] === 0) continue;
    const p = model[bin]! || EMPTY;
    const q = reference[bin]! || EMPTY;
    const weight = (p + q) / 2;
    const part = weight * Math.log(p / q) ** 2;
    error += part;
    if (model[bin] === 0 || reference[bin] === 0) oneSided += part;
    weights += weight;
  }
  return { error: error / weights, oneSided: error > 0 ? oneSided / error : 0 };
}
