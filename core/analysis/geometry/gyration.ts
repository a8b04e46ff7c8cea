/** Radius of gyration about the centre of mass, nm. Without masses all atoms weigh the same. NaN where a frame is NaN. */
import type { Coordinates } from '../../formats/trajectory.ts';
import { normalisedWeights } from './atom-weights.ts';
import { type Conformations, emptyLike } from './conformations.ts';

export function gyrationRadii(all: Conformations, masses?: ArrayLike<number>): Coordinates {
  const { positions: r, frames, atoms } = all;
  const weights = normalisedWeights(atoms, masses);
  const radii = emptyLike(all, frames);
  for (let frame = 0, start = 0; frame < frames; frame++, start += 3 * atoms) {
    let square = 0;
    for (let axis = 0; axis < 3; axis++) {
      // About the first atom, so that a molecule far from the origin keeps its digits.
      const origin = r[start + axis]!;
      let first = 0;
      let second = 0;
      for (let atom = 0, at = start + axis; atom < atoms; atom++, at += 3) {
        const x = r[at]! - origin;
        first += weights[atom]! * x;
        second += weights[atom]! * x * x;
      }
      square += second - first * first;
    }
    radii[frame] = Math.sqrt(Math.max(0, square));
  }
  return radii;
}
