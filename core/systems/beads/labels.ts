/** How atoms and residues are called in sentences, and what an atom weighs. */
import { elementBySymbol } from '../elements.ts';
import type { Atom, Topology } from '../topology.ts';

/** "ALA 2 of chain A". */
export function residueLabel({ residues, chains }: Topology, residue: number): string {
  const { name, number, insertion, chain } = residues[residue]!;
  const { id } = chains[chain]!;
  return `${name} ${number}${insertion}${id === '' ? '' : ` of chain ${id}`}`;
}

/** "atom CA of ALA 2 of chain A". */
export const atomLabel = (topology: Topology, index: number): string =>
  `atom ${topology.atoms[index]!.name} of ${residueLabel(topology, topology.atoms[index]!.residue)}`;

/**
 * amu, of an atom without mass and element: what a bead of the Martini force field weighs. Masses set the pace of a
 * simulation, not what it visits.
 */
const UNKNOWN = 72;

export function massOf({ mass, element }: Atom): number {
  if (mass !== undefined && mass > 0 && Number.isFinite(mass)) return mass;
  return elementBySymbol(element)?.mass ?? UNKNOWN;
}
