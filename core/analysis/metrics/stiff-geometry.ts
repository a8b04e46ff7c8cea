/**
 * How far bonds, nm, and bonded angles, rad, are from those of a reference (method §9): the Wasserstein-1 distance of
 * each, their mean and the largest; and in how many frames any bond is broken or squeezed, which a mean would hide.
 */
import type { Points } from '../free-energy/points.ts';
import type { FrameValues } from './equal-count.ts';
import { wasserstein1 } from './wasserstein.ts';

export interface Distances {
  /** In the order of the bonds, or of the angles. */
  readonly each: readonly number[];
  readonly mean: number;
  readonly largest: number;
}

export interface StiffGeometry {
  /** nm. */
  readonly bonds: Distances;
  /** rad; null for molecules without one. */
  readonly angles: Distances | null;
  /** Fraction of frames in which any bond is off by more than 15 pm from its mean in the reference. */
  readonly bondOff: number;
  /** The same of the reference. */
  readonly bondOffReference: number;
}

/** nm. */
const OFF = 0.015;

type Stiff = Pick<FrameValues, 'bonds' | 'angles'>;

export function stiffGeometry(model: Stiff, reference: Stiff): StiffGeometry {
  const means = reference.bonds.map(meanOf);
  return {
    bonds: distancesBetween(model.bonds, reference.bonds),
    angles: reference.angles.length > 0 ? distancesBetween(model.angles, reference.angles) : null,
    bondOff: fractionOff(model.bonds, means),
    bondOffReference: fractionOff(reference.bonds, means),
  };
}

function distancesBetween(model: Points, reference: Points): Distances {
  const each = reference.map((values, i) => wasserstein1(model[i]!, values));
  return { each, mean: meanOf(each), largest: Math.max(...each) };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function fractionOff(bonds: Points, means: readonly number[]): number {
  const frames = bonds[0]!.length;
  let off = 0;
  for (let frame = 0; frame < frames; frame++) {
    if (bonds.some((lengths, bond) => Math.abs(lengths[frame]! - means[bond]!) > OFF)) off++;
  }
  return off / frames;
}
