/**
 * Dihedral angles, rad in [−π, π], in the sign convention of IUPAC: looking along the middle bond, positive is a
 * clockwise turn of the far bond. cis is 0, trans ±π. NaN where a frame is NaN; 0 where three atoms are collinear.
 */
import type { Coordinates } from '../../formats/trajectory.ts';
import { type Conformations, checkAtoms, emptyLike } from './conformations.ts';

export type Quadruple = readonly [number, number, number, number];

/** One array over frames per quadruple of atoms. */
export function dihedrals(all: Conformations, quadruples: readonly Quadruple[]): Coordinates[] {
  checkAtoms(all.atoms, quadruples);
  return quadruples.map((quadruple) => dihedral(all, quadruple));
}

function dihedral(all: Conformations, [a, b, c, d]: Quadruple): Coordinates {
  const { positions: r, frames, atoms } = all;
  const angles = emptyLike(all, frames);
  for (let frame = 0, start = 0; frame < frames; frame++, start += 3 * atoms) {
    const [i, j, k, l] = [start + 3 * a, start + 3 * b, start + 3 * c, start + 3 * d];
    const ux = r[j]! - r[i]!;
    const uy = r[j + 1]! - r[i + 1]!;
    const uz = r[j + 2]! - r[i + 2]!;
    const vx = r[k]! - r[j]!;
    const vy = r[k + 1]! - r[j + 1]!;
    const vz = r[k + 2]! - r[j + 2]!;
    const wx = r[l]! - r[k]!;
    const wy = r[l + 1]! - r[k + 1]!;
    const wz = r[l + 2]! - r[k + 2]!;
    // Normals of the two planes, v × w and u × v.
    const nx = vy * wz - vz * wy;
    const ny = vz * wx - vx * wz;
    const nz = vx * wy - vy * wx;
    const mx = uy * vz - uz * vy;
    const my = uz * vx - ux * vz;
    const mz = ux * vy - uy * vx;
    const sine = (ux * nx + uy * ny + uz * nz) * Math.sqrt(vx * vx + vy * vy + vz * vz);
    angles[frame] = Math.atan2(sine, mx * nx + my * ny + mz * nz);
  }
  return angles;
}
