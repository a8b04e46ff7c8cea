/**
 * Angles between bonded atoms, rad in [0, π]. NaN where a frame is NaN or two of the three atoms are at one place.
 */
import type { Coordinates } from '../../formats/trajectory.ts';
import type { Bond } from '../../systems/topology.ts';
import { type Conformations, checkAtoms, emptyLike } from './conformations.ts';

/** The middle one is the vertex. */
export type Triple = readonly [number, number, number];

/** One array over frames per triple of atoms. */
export function angles(all: Conformations, triples: readonly Triple[]): Coordinates[] {
  checkAtoms(all.atoms, triples);
  return triples.map((triple) => angle(all, triple));
}

/** Each angle between two bonds of one atom, once. */
export function bondedTriples(bonds: readonly Bond[]): Triple[] {
  return [...neighboursOf(bonds)].flatMap(([vertex, others]) =>
    others.flatMap((a, i) => others.slice(i + 1).map((b): Triple => [a, vertex, b])),
  );
}

/** The bonded neighbours of each atom that has some, both in rising order. */
export function neighboursOf(bonds: readonly Bond[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [a, b] of bonds) {
    found.set(a, [...(found.get(a) ?? []), b]);
    found.set(b, [...(found.get(b) ?? []), a]);
  }
  const sorted = [...found].sort(([a], [b]) => a - b);
  return new Map(sorted.map(([atom, others]) => [atom, others.sort((a, b) => a - b)]));
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
    const lengths = Math.sqrt((ux * ux + uy * uy + uz * uz) * (vx * vx + vy * vy + vz * vz));
    values[frame] = Math.acos(Math.max(-1, Math.min(1, (ux * vx + uy * vy + uz * vz) / lengths)));
  }
  return values;
}
