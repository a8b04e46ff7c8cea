/**
 * Jensen–Shannon divergence of two histograms (method §9), natural logarithm: 0 for equal ones, ln 2 for disjoint
 * ones. `jensenShannonFixed` is the metric: fixed limits, with an outlier bin at each end of every axis, so a point
 * outside counts against the model. `jensenShannonPooled` takes the range of both sets together, as the reference code
 * does; one stray point changes it, and it exists only to compare with published numbers.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import { histogram, probabilities } from '../free-energy/histogram.ts';
import type { Plane } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';

export function jensenShannonFixed(model: Points, reference: Points, plane: Plane): number {
  return onGrid(model, reference, plane.limits, plane);
}

export function jensenShannonPooled(model: Points, reference: Points, plane: Plane): number {
  const limits = model.map((values, axis) => pooledRange(values, reference[axis]!));
  return onGrid(model, reference, limits, { ...plane, periodic: false });
}

/** The divergence of two sets of bin probabilities. */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let divergence = 0;
  for (let bin = 0; bin < p.length; bin++) {
    const mean = (p[bin]! + q[bin]!) / 2;
    if (p[bin]! > 0) divergence += 0.5 * p[bin]! * Math.log(p[bin]! / mean);
    if (q[bin]! > 0) divergence += 0.5 * q[bin]! * Math.log(q[bin]! / mean);
  }
  return Math.max(0, divergence);
}

function onGrid(model: Points, reference: Points, limits: readonly Interval[], plane: Plane): number {
  const grid = { limits, bins: plane.jsBins, periodic: plane.periodic };
  return jensenShannon(probabilities(histogram(model, grid)), probabilities(histogram(reference, grid)));
}

function pooledRange(...sets: ArrayLike<number>[]): Interval {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of sets) {
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i]!)) continue;
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
    }
  }
  return [low, high];
}
