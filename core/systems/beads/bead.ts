/** What a bead is. */
import type { Bond } from '../topology.ts';

export interface Bead {
  /** That of the atom; of a group "X1", "X2", … in its residue, a name nobody takes for an element. */
  readonly name: string;
  /** Of the atom, or of all atoms of a group; "GRP" for a group across residues, numbered like the bead, from 1. */
  readonly residueName: string;
  readonly residueNumber: number;
  readonly insertion: string;
  readonly chain: string;
  /** "" for groups. */
  readonly element: string;
  /** amu: of the atom alone, without the hydrogens it may stand for, or of all atoms of a group. */
  readonly mass: number;
  /** Indices in the topology it was made from. */
  readonly atoms: readonly number[];
  /** What each of them counts in the position, of sum 1. */
  readonly weights: readonly number[];
}

export interface BeadMapping {
  /** For people: "ca", "protein and not hydrogen", "3 groups". */
  readonly name: string;
  /** How many atoms the topology has that it was made from. */
  readonly atoms: number;
  readonly beads: readonly Bead[];
  /** Indices of beads, sorted. */
  readonly bonds: readonly Bond[];
}
