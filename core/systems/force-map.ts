/**
 * From forces on atoms to forces on beads: a linear map, whose average over all frames with the same beads is minus the
 * gradient of their free energy. A bead that is an atom takes this atom's force, one that is a group at its centre of
 * mass the sum over the group; forces on atoms outside all beads may be added with any factors (Noid et al., J. Chem.
 * Phys. 128, 244114, 2008), which changes the noise and not the average. Which factors are best is fitted elsewhere
 * (`runs/data/force-aggregation.ts`). Forces of a simulation that holds bonds rigid lack those of the constraints, so
 * that an atom in such a bond has no force that means this. kJ/(mol·nm), nm.
 */
import type { BeadMapping } from './beads/bead.ts';
import type { Topology } from './topology.ts';

export interface ForceMap {
  /** How many atoms forces are given of. */
  readonly atoms: number;
  /** Of each bead, the atoms whose forces it takes, and how much of each. */
  readonly rows: readonly { readonly atoms: readonly number[]; readonly factors: ArrayLike<number> }[];
}

/** Each bead takes the forces on its own atoms, and no others. */
export const ownForces = ({ atoms, beads }: Pick<BeadMapping, 'atoms' | 'beads'>): ForceMap => ({
  atoms,
  rows: beads.map((bead) => ({ atoms: bead.atoms, factors: bead.atoms.map(() => 1) })),
});

/** Writes x y z of the force on every bead. `forces`: of all atoms. */
export function applyForceMap({ rows }: ForceMap, forces: ArrayLike<number>, out: Float32Array | Float64Array): void {
  for (const [bead, { atoms, factors }] of rows.entries()) {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let k = 0; k < atoms.length; k++) sum += factors[k]! * forces[3 * atoms[k]! + axis]!;
      out[3 * bead + axis] = sum;
    }
  }
}

/**
 * The atoms outside all beads that are the fewest bonds away from each bead, at most so many: whole shells of equal
 * distance, so that the order of the atoms does not matter. Atoms of other molecules, a solvent, are none of them.
 */
export function nearbyAtoms(
  { atoms, bonds }: Pick<Topology, 'atoms' | 'bonds'>,
  { beads }: Pick<BeadMapping, 'beads'>,
  most: number,
): number[][] {
  const bonded: number[][] = atoms.map(() => []);
  for (const [i, j] of bonds) {
    bonded[i]!.push(j);
    bonded[j]!.push(i);
  }
  const inBead = new Set(beads.flatMap((bead) => bead.atoms));
  return beads.map((bead) => {
    const found: number[] = [];
    const seen = new Set(bead.atoms);
    for (let shell: readonly number[] = bead.atoms; shell.length > 0; ) {
      const next = new Set(shell.flatMap((atom) => bonded[atom]!).filter((atom) => !seen.has(atom)));
      const outside = [...next].filter((atom) => !inBead.has(atom));
      if (found.length + outside.length > most) break;
      found.push(...outside);
      for (const atom of next) seen.add(atom);
      shell = [...next];
    }
    return found.toSorted((a, b) => a - b);
  });
}

/** Squared length of what a rotation adds to those before it, relative to its own: below, beads lie on its axis. */
const ON_AN_AXIS = 1e-12;

/**
 * Takes away, in place, what would move or turn all beads together. The free energy of beads depends on neither, so of
 * this part the average is zero. The nearest forces without it: the projection along the shifts and the rotations.
 */
export function removeNetForceAndTorque(positions: ArrayLike<number>, forces: Float32Array | Float64Array): void {
  const beads = positions.length / 3;
  const centred = withoutMean(positions, beads);
  forces.set(withoutMean(forces, beads));
  const rotations: Float64Array[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
    const turn = new Float64Array(3 * beads);
    for (let at = 0; at < 3 * beads; at += 3) {
      turn[at + a] = -centred[at + b]!;
      turn[at + b] = centred[at + a]!;
    }
    const before = dot(turn, turn);
    for (const other of rotations) subtract(turn, other, dot(turn, other));
    const square = dot(turn, turn);
    if (!(square > ON_AN_AXIS * before)) continue;
    rotations.push(turn.map((value) => value / Math.sqrt(square)));
  }
  for (const turn of rotations) subtract(forces, turn, dot(forces, turn));
}

function withoutMean(values: ArrayLike<number>, beads: number): Float64Array {
  const mean = [0, 0, 0];
  for (let i = 0; i < 3 * beads; i++) mean[i % 3]! += values[i]! / beads;
  return Float64Array.from({ length: 3 * beads }, (_, i) => values[i]! - mean[i % 3]!);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(from: Float32Array | Float64Array, direction: ArrayLike<number>, factor: number): void {
  for (let i = 0; i < from.length; i++) from[i]! -= factor * direction[i]!;
}
