/**
 * A set of conformations of one molecule in memory: frame after frame, atom after atom, x y z, nm. Not what the atoms
 * are (systems/topology.ts), nor a trajectory on disk (formats/trajectory.ts); one that is larger than memory is handed
 * on in pieces. A frame of a stopped replica is NaN, and every measure of it is NaN.
 */
import { ErgodicError } from '../../errors.ts';
import type { Coordinates } from '../../formats/trajectory.ts';

export interface Conformations {
  readonly positions: Coordinates;
  readonly frames: number;
  readonly atoms: number;
}

export function conformations(positions: Coordinates, atoms: number): Conformations {
  const frames = positions.length / (3 * atoms);
  if (!(Number.isSafeInteger(atoms) && atoms > 0 && Number.isSafeInteger(frames))) {
    throw new ErgodicError(`${positions.length} coordinates are no whole number of frames of ${atoms} atoms.`);
  }
  return { positions, frames, atoms };
}

/** One frame, without copying. */
export function frameAt({ positions, frames, atoms }: Conformations, frame: number): Coordinates {
  if (!(frame >= 0 && frame < frames)) throw new ErgodicError(`There is no frame ${frame}: there are ${frames}.`);
  return positions.subarray(3 * atoms * frame, 3 * atoms * (frame + 1));
}

/** Frames `start` … `end − 1`, without copying. */
export function sliceFrames({ positions, frames, atoms }: Conformations, start: number, end: number): Conformations {
  const [first, last] = [Math.max(0, start), Math.min(end, frames)];
  return conformations(positions.subarray(3 * atoms * first, 3 * atoms * Math.max(first, last)), atoms);
}

/** These frames in this order, copied. */
export function pickFrames(all: Conformations, indices: ArrayLike<number>): Conformations {
  const size = 3 * all.atoms;
  const positions = emptyLike(all, indices.length * size);
  for (let i = 0; i < indices.length; i++) positions.set(frameAt(all, indices[i]!), i * size);
  return { positions, frames: indices.length, atoms: all.atoms };
}

/** Room for numbers of the precision that the positions have. */
export const emptyLike = ({ positions }: Conformations, length: number): Coordinates =>
  positions instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);

/** Refuses tuples of atoms that are not there. */
export function checkAtoms(atoms: number, tuples: readonly (readonly number[])[]): void {
  for (const tuple of tuples) {
    for (const atom of tuple) {
      if (Number.isSafeInteger(atom) && atom >= 0 && atom < atoms) continue;
      throw new ErgodicError(`Atom ${atom} is not among the ${atoms} atoms, which are counted from 0.`);
    }
  }
}
