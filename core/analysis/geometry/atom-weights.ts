/** What each atom counts in a mean over atoms: its mass, or the same for all; of sum 1. */
import { ErgodicError } from '../../errors.ts';

export function normalisedWeights(atoms: number, weights?: ArrayLike<number>): Float64Array {
  if (!weights) return new Float64Array(atoms).fill(1 / atoms);
  const given = Float64Array.from(weights);
  const total = given.reduce((sum, weight) => sum + weight, 0);
  if (given.length !== atoms) throw new ErgodicError(`There are ${given.length} weights for ${atoms} atoms.`);
  if (!(total > 0 && Number.isFinite(total) && given.every((weight) => weight >= 0))) {
    throw new ErgodicError('Weights of atoms must be 0 or more, and some above 0.');
  }
  return given.map((weight) => weight / total);
}
