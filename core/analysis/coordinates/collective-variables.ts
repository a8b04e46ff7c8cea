/**
 * The one or two collective variables of a plane (method §8, §9) as plain data: what they are made of, and the limits of
 * their axes, fixed from the reference data once, so that everything later is compared in the same plane. Saved with a
 * run, applied to what its model makes. Angles in rad, distances in nm.
 * Limits: a whole turn for angles; otherwise from the smallest to the largest value of the reference and 5 % of that
 * range more at each end.
 */
import { ErgodicError } from '../../errors.ts';
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { Quantity } from '../figures/quantity.ts';
import { type Plane, TURN } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';
import type { Conformations } from '../geometry/conformations.ts';
import { dihedrals, type Quadruple } from '../geometry/dihedrals.ts';
import { distances, type Pair } from '../geometry/distances.ts';
import { project } from './linear-projection.ts';
import type { PcaModel } from './pca.ts';
import type { TicaModel } from './tica.ts';

export type VariableRecipe =
  /** `names` as in "φ". */
  | { readonly kind: 'dihedrals'; readonly quadruples: readonly Quadruple[]; readonly names?: readonly string[] }
  | { readonly kind: 'distances'; readonly pairs: readonly Pair[]; readonly names?: readonly string[] }
  /** The first two components. */
  | { readonly kind: 'pca'; readonly model: PcaModel }
  | { readonly kind: 'tica'; readonly model: TicaModel };

export interface CollectiveVariables {
  readonly recipe: VariableRecipe;
  /** One per axis, as the next three. */
  readonly limits: readonly Interval[];
  readonly periodic: readonly boolean[];
  readonly axes: readonly Quantity[];
}

/** `reference` fixes the limits. */
export function collectiveVariables(recipe: VariableRecipe, reference: Conformations): CollectiveVariables {
  const points = recipePoints(recipe, reference);
  if (points.length < 1 || points.length > 2) {
    throw new ErgodicError(`A plane has one or two axes, not ${points.length}.`);
  }
  const angles = recipe.kind === 'dihedrals';
  return {
    recipe,
    limits: points.map((values) => (angles ? TURN : widened(values))),
    periodic: points.map(() => angles),
    axes: points.map((_, axis) => quantityOf(recipe, axis)),
  };
}

/** One array per axis over the frames; NaN where a frame is NaN. */
export const collectivePoints = ({ recipe }: CollectiveVariables, all: Conformations): Points =>
  recipePoints(recipe, all);

export const collectivePlane = (
  { limits, periodic }: CollectiveVariables,
  bins: Pick<Plane, 'pmfBins' | 'jsBins'>,
): Plane => ({ limits, periodic, ...bins });

function recipePoints(recipe: VariableRecipe, all: Conformations): Points {
  if (recipe.kind === 'dihedrals') return dihedrals(all, recipe.quadruples);
  if (recipe.kind === 'distances') return distances(all, recipe.pairs);
  return project(recipe.model, all, Math.min(2, recipe.model.components.length));
}

const MARGIN = 0.05;

function widened(values: ArrayLike<number>): Interval {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low < high && Number.isFinite(high - low))) {
    throw new ErgodicError('A collective variable does not vary over the reference data: choose other atoms.');
  }
  const margin = MARGIN * (high - low);
  return [low - margin, high + margin];
}

function quantityOf(recipe: VariableRecipe, axis: number): Quantity {
  if (recipe.kind === 'pca') {
    const label = `PC ${axis + 1}`;
    return recipe.model.features.kind === 'dihedrals' ? { label } : { label, unit: 'nm' };
  }
  if (recipe.kind === 'tica') return { label: `TIC ${axis + 1}` };
  const atoms = recipe.kind === 'dihedrals' ? recipe.quadruples[axis]! : recipe.pairs[axis]!;
  // People count from 1.
  const plain = `${recipe.kind === 'dihedrals' ? 'dihedral' : 'distance'} ${atoms.map((atom) => atom + 1).join('–')}`;
  return { label: recipe.names?.[axis] ?? plain, unit: recipe.kind === 'dihedrals' ? 'rad' : 'nm' };
}
