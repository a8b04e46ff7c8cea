/**
 * Frames about their centre of geometry, and the one number by which a data set is divided before diffusion
 * (method §2). nm in; several frames may follow one another in one array. Sums are in double precision.
 */
import { ErgodicError } from '../errors.ts';

type Coordinates = Float32Array | Float64Array;

/** Subtracts, in place, the mean of its `atoms` positions from each frame. */
export function centre(positions: Coordinates, atoms = positions.length / 3): void {
  for (let start = 0; start < positions.length; start += 3 * atoms) {
    for (let axis = 0; axis < 3; axis++) {
      const mean = meanAlong(positions, start + axis, atoms);
      for (let at = start + axis; at < start + 3 * atoms; at += 3) positions[at]! -= mean;
    }
  }
}

export interface CoordinateScale {
  /** Takes frames of `atoms` atoms each; they need not be centred. */
  add(positions: Coordinates, atoms?: number): void;
  /** Standard deviation over all coordinates of all centred frames so far, nm. */
  value(): number;
}

/** For data that are read piece by piece. */
export function coordinateScale(): CoordinateScale {
  let squares = 0;
  let count = 0;
  return {
    add(positions, atoms = positions.length / 3) {
      count += positions.length;
      for (let start = 0; start < positions.length; start += 3 * atoms) {
        for (let axis = 0; axis < 3; axis++) {
          const mean = meanAlong(positions, start + axis, atoms);
          for (let at = start + axis; at < start + 3 * atoms; at += 3) squares += (positions[at]! - mean) ** 2;
        }
      }
    },
    value() {
      // The mean of centred coordinates is 0, so this is their standard deviation.
      const scale = Math.sqrt(squares / count);
      if (scale > 0 && Number.isFinite(scale)) return scale;
      throw new ErgodicError(
        count === 0
          ? 'There are no frames to take a scale from.'
          : 'The frames have no scale: their coordinates are all the same, or not numbers.',
      );
    },
  };
}

function meanAlong(positions: Coordinates, first: number, atoms: number): number {
  let sum = 0;
  for (let atom = 0, at = first; atom < atoms; atom++, at += 3) sum += positions[at]!;
  return sum / atoms;
}
