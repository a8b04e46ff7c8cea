/**
 * The topology of a file that lists atoms and nothing else: all in one residue of one chain, without bonds.
 */
import type { Atom, Topology } from '../systems/topology.ts';

export function oneMolecule(atoms: readonly Omit<Atom, 'serial' | 'residue'>[]): Topology {
  return {
    atoms: atoms.map((atom, i) => ({ ...atom, serial: i + 1, residue: 0 })),
    residues: [{ name: 'MOL', number: 1, insertion: '', chain: 0, hetero: true }],
    chains: [{ id: '', segment: '' }],
    bonds: [],
  };
}
