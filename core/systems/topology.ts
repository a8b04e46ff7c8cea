/**
 * What a molecule is made of, without where it is: atoms in residues in chains, and bonds between atoms.
 * Plain data; everything refers to everything by its index in these lists. Positions are frames (formats/trajectory.ts).
 * Names are kept as the file has them, without padding.
 */

export interface Atom {
  /** "CA". */
  readonly name: string;
  /** Symbol with its usual case, "C", "Cl"; "" where nobody can tell (coarse beads, dummy atoms). */
  readonly element: string;
  /** The number a file gives it; not necessarily unique, nor its index in the list. */
  readonly serial: number;
  /** Index in `residues`. */
  readonly residue: number;
  /** Of the force field, "CT1", where a file says so. */
  readonly type?: string;
  /** amu, where a file says so. */
  readonly mass?: number;
  /** Elementary charges, where a file says so. */
  readonly charge?: number;
  /** Alternate location indicator that was chosen, where there was a choice. */
  readonly alternate?: string;
  readonly occupancy?: number;
  /** Å². */
  readonly temperatureFactor?: number;
}

export interface Residue {
  /** "ALA". */
  readonly name: string;
  /** The number a file gives it. */
  readonly number: number;
  /** Insertion code, "" for none. */
  readonly insertion: string;
  /** Index in `chains`. */
  readonly chain: number;
  /** PDB HETATM, mmCIF group_PDB. */
  readonly hetero: boolean;
}

export interface Chain {
  /** "A"; "" where the file has none. */
  readonly id: string;
  /** Segment (PSF, CHARMM), "" for none. */
  readonly segment: string;
}

/** Indices of two atoms, the smaller first. */
export type Bond = readonly [number, number];

export interface Topology {
  readonly atoms: readonly Atom[];
  /** Atoms of a residue follow one another. */
  readonly residues: readonly Residue[];
  /** Residues of a chain follow one another. */
  readonly chains: readonly Chain[];
  /** Sorted; only those a file states, until `withBonds` (bonds.ts) adds the rest. */
  readonly bonds: readonly Bond[];
}
