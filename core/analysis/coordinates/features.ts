/**
 * What of a conformation enters PCA and TICA, as a recipe that is plain data: saved with a model, applied later to what
 * another model makes. All are blind to where a molecule lies and how it is turned.
 * - `distances` of pairs of atoms, nm;
 * - `dihedrals`: cosine and sine of each, one after the other, since an angle itself jumps;
 * - `aligned`: coordinates after superposition on a reference structure, nm. For small fluctuations about it only.
 */
import { ErgodicError } from '../../errors.ts';
import { move, superpose } from '../../systems/superpose.ts';
import { type Conformations, frameAt, sliceFrames } from '../geometry/conformations.ts';
import { dihedrals, type Quadruple } from '../geometry/dihedrals.ts';
import { distances, type Pair } from '../geometry/distances.ts';

export type FeatureRecipe =
  | { readonly kind: 'distances'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'dihedrals'; readonly quadruples: readonly Quadruple[] }
  /** x y z of each atom. */
  | { readonly kind: 'aligned'; readonly reference: readonly number[] };

/** Distances of all beads of a chain that are at least `separation` apart along it. */
export function beadDistances(beads: number, separation = 3): FeatureRecipe {
  const pairs: Pair[] = [];
  for (let i = 0; i < beads; i++) for (let j = i + separation; j < beads; j++) pairs.push([i, j]);
  if (pairs.length === 0) throw new ErgodicError(`No two of ${beads} beads are ${separation} apart along the chain.`);
  return { kind: 'distances', pairs };
}

export function featureCount(recipe: FeatureRecipe): number {
  if (recipe.kind === 'distances') return recipe.pairs.length;
  return recipe.kind === 'dihedrals' ? 2 * recipe.quadruples.length : recipe.reference.length;
}

/** Frames × features; NaN where a frame is NaN. */
export function features(recipe: FeatureRecipe, all: Conformations): Float64Array {
  const size = featureCount(recipe);
  const rows = new Float64Array(all.frames * size);
  const setColumn = (column: number, values: ArrayLike<number>, of: (value: number) => number) => {
    for (let frame = 0; frame < all.frames; frame++) rows[frame * size + column] = of(values[frame]!);
  };
  if (recipe.kind === 'distances') {
    for (const [k, values] of distances(all, recipe.pairs).entries()) setColumn(k, values, (value) => value);
  } else if (recipe.kind === 'dihedrals') {
    for (const [k, values] of dihedrals(all, recipe.quadruples).entries()) {
      setColumn(2 * k, values, Math.cos);
      setColumn(2 * k + 1, values, Math.sin);
    }
  } else {
    align(all, recipe.reference, rows);
  }
  return rows;
}

function align(all: Conformations, reference: readonly number[], rows: Float64Array): void {
  for (let frame = 0; frame < all.frames; frame++) {
    const positions = frameAt(all, frame);
    move(superpose(positions, reference), positions, rows.subarray(frame * reference.length));
  }
}

const PIECE = 4096;

/** Rows of features in pieces that take little memory, however many the frames. */
export function* featurePieces(recipe: FeatureRecipe, all: Conformations): Generator<Float64Array> {
  for (let start = 0; start < all.frames; start += PIECE) {
    yield features(recipe, sliceFrames(all, start, start + PIECE));
  }
}
