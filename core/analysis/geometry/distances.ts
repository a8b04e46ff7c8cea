/**
 * Distances between atoms, nm; with a cell those of the nearest periodic images. NaN where a frame is NaN.
 */
import { ErgodicError } from '../../errors.ts';
import type { Coordinates } from '../../formats/trajectory.ts';
import type { Cell } from '../../systems/periodic/cell.ts';
import { latticeOf, type MinimumImage, minimumImage } from '../../systems/periodic/lattice.ts';
import { type Conformations, checkAtoms, emptyLike } from './conformations.ts';

export type Pair = readonly [number, number];

/** One array over frames per pair of atoms. `cell`: none, one for all frames, or one per frame. */
export function distances(all: Conformations, pairs: readonly Pair[], cell?: Cell | readonly Cell[]): Coordinates[] {
  checkAtoms(all.atoms, pairs);
  if (cell) return periodicDistances(all, pairs, cell);
  return pairs.map((pair) => distance(all, pair));
}

function distance(all: Conformations, [a, b]: Pair): Coordinates {
  const { positions: r, frames, atoms } = all;
  const values = emptyLike(all, frames);
  for (let frame = 0, i = 3 * a, j = 3 * b; frame < frames; frame++, i += 3 * atoms, j += 3 * atoms) {
    const x = r[j]! - r[i]!;
    const y = r[j + 1]! - r[i + 1]!;
    const z = r[j + 2]! - r[i + 2]!;
    values[frame] = Math.sqrt(x * x + y * y + z * z);
  }
  return values;
}

function periodicDistances(all: Conformations, pairs: readonly Pair[], cell: Cell | readonly Cell[]): Coordinates[] {
  const { positions: r, frames, atoms } = all;
  const perFrame = typeof cell[0] === 'number' ? undefined : (cell as readonly Cell[]);
  if (perFrame && perFrame.length !== frames) {
    throw new ErgodicError(`There are ${perFrame.length} cells for ${frames} frames.`);
  }
  const values = pairs.map(() => emptyLike(all, frames));
  const vector = new Float64Array(3);
  let shorten = perFrame ? undefined : imagesIn(cell as Cell);
  for (let frame = 0; frame < frames; frame++) {
    if (perFrame && perFrame[frame] !== perFrame[frame - 1]) shorten = imagesIn(perFrame[frame]!);
    for (let pair = 0; pair < pairs.length; pair++) {
      const i = 3 * (frame * atoms + pairs[pair]![0]);
      const j = 3 * (frame * atoms + pairs[pair]![1]);
      for (let axis = 0; axis < 3; axis++) vector[axis] = r[j + axis]! - r[i + axis]!;
      shorten!(vector);
      values[pair]![frame] = Math.sqrt(vector[0]! ** 2 + vector[1]! ** 2 + vector[2]! ** 2);
    }
  }
  return values;
}

function imagesIn(cell: Cell): MinimumImage {
  const lattice = latticeOf(cell);
  if (!lattice) throw new ErgodicError(`The cell ${cell.join(' ')} (nm) spans no volume, so nothing repeats in it.`);
  return minimumImage(lattice);
}
