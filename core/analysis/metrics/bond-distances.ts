/**
 * How far the distributions of bond lengths, nm, are from those of a reference (method §9): the Wasserstein-1 distance of
 * each bond, nm. A model that gets bonds wrong gets forces wrong, and no free energy over
 * two angles would show it.
 */
import { ErgodicError } from '../../errors.ts';
import type { Points } from '../free-energy/points.ts';
import { wasserstein1 } from './wasserstein.ts';

export interface BondW1 {
  readonly perBond: readonly number[];
  readonly mean: number;
  readonly max: number;
}

export function bondW1(model: Points, reference: Points): BondW1 {
  if (model.length !== reference.length) {
    throw new ErgodicError(`${model.length} bonds cannot be compared with ${reference.length}.`);
  }
  if (model.length === 0) throw new ErgodicError('There are no bonds to compare.');
  const perBond = model.map((lengths, bond) => wasserstein1(lengths, reference[bond]!));
  return {
    perBond,
    mean: perBond.reduce((sum, value) => sum + value, 0) / perBond.length,
    max: Math.max(...perBond),
  };
}
