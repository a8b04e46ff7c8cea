/** Bond angles at the middle atom, rad in [0, π]; exact near 0 and π as well. NaN where a frame is NaN. */
import type { Coordinates } from '../../formats/trajectory.ts';
import { type Conformations, checkAtoms, emptyLike } from './conformations.ts';

export type Triple = readonly [number, number, number];

/** One array over frames per triple of atoms. */
export function angles(all: Conformations, triples: readonly Triple[]): Coordinates[] {
  checkAtoms(all.atoms, triples);
  return triples.map((triple) => angle(all, triple));
}

function angle(all: Conformations, [a, b, c]: Triple): Coordinates {
  const { positions: r, frames, atoms } = all;
  const values = emptyLike(all, frames);
  for (let frame = 0, start = 0; frame < frames; frame++, start += 3 * atoms) {
    const [i, j, k] = [start + 3 * a, start + 3 * b, start + 3 * c];
    const ux = r[i]! - r[j]!;
    const uy = r[i + 1]! - r[j + 1]!;
    const uz = r[i + 2]! - r[j + 2]!;
    const vx = r[k]! - r[j]!;
    const vy = r[k + 1]! - r[j + 1]!;
    const vz = r[k + 2]! - r[j + 2]!;
    const cx = uy * vz - uz * vy;
    const cy = uz * vx - ux * vz;
    const cz = ux * vy - uy * vx;
    // The arc cosine alone loses half of the digits near 0 and π.
    values[frame] = Math.atan2(Math.sqrt(cx * cx + cy * cy + cz * cz), ux * vx + uy * vy + uz * vz);
  }
  return values;
}
