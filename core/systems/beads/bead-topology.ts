/**
 * The beads as a topology of their own, with the residues and chains of the atoms they come from, so that other
 * programs show and select them as they would the atoms.
 */
import type { Topology } from '../topology.ts';
import type { Bead, BeadMapping } from './bead.ts';

/** What is left of a mapping when the atoms are forgotten. */
export interface NamedBeads extends Pick<BeadMapping, 'bonds'> {
  readonly beads: readonly NamedBead[];
}
export type NamedBead = Omit<Bead, 'atoms' | 'weights'>;

export function beadTopology({ beads, bonds }: NamedBeads): Topology {
  const chains: Topology['chains'][number][] = [];
  const residues: Topology['residues'][number][] = [];
  const atoms = beads.map((bead, index) => {
    const before = beads[index - 1];
    if (before?.chain !== bead.chain) chains.push({ id: bead.chain, segment: '' });
    if (!before || !isSameResidue(before, bead)) {
      const { residueName: name, residueNumber: number, insertion } = bead;
      residues.push({ name, number, insertion, chain: chains.length - 1, hetero: false });
    }
    const { name, element, mass } = bead;
    return { name, element, mass, serial: index + 1, residue: residues.length - 1 };
  });
  return { atoms, residues, chains, bonds };
}

const isSameResidue = (a: NamedBead, b: NamedBead): boolean =>
  a.chain === b.chain &&
  a.residueNumber === b.residueNumber &&
  a.insertion === b.insertion &&
  a.residueName === b.residueName;
