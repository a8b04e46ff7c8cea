/** Where the atoms of each residue stand in the list of atoms, which follow one another (topology.ts). */
import type { Topology } from './topology.ts';

export interface ResidueAtoms {
  /** Index of the first atom of each residue. */
  readonly start: Uint32Array;
  /** Index after its last one; the same as `start` for a residue without atoms. */
  readonly end: Uint32Array;
}

export function residueAtoms({ atoms, residues }: Pick<Topology, 'atoms' | 'residues'>): ResidueAtoms {
  const start = new Uint32Array(residues.length);
  const end = new Uint32Array(residues.length);
  for (let index = 0; index < atoms.length; index++) {
    const { residue } = atoms[index]!;
    if (end[residue] === 0) start[residue] = index;
    end[residue] = index + 1;
  }
  return { start, end };
}

/** Finds an atom of a residue by its name, in any case; -1 where there is none. */
export function atomFinder(topology: Topology): (residue: number, name: string) => number {
  const { start, end } = residueAtoms(topology);
  return (residue, name) => {
    for (let index = start[residue]!; index < end[residue]!; index++) {
      if (topology.atoms[index]!.name.toUpperCase() === name) return index;
    }
    return -1;
  };
}
