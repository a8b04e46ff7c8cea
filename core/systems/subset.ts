/**
 * A topology of some of the atoms of another, with the residues, chains and bonds that remain.
 */
import type { Topology } from './topology.ts';

/** `chosen`: indices of atoms, rising. */
export function subset({ atoms, residues, chains, bonds }: Topology, chosen: ArrayLike<number>): Topology {
  const places = Array.from(chosen);
  const newPlace = new Map(places.map((place, i) => [place, i]));
  const keptResidues = [...new Set(places.map((place) => atoms[place]!.residue))];
  const keptChains = [...new Set(keptResidues.map((residue) => residues[residue]!.chain))];
  const newResidue = new Map(keptResidues.map((residue, i) => [residue, i]));
  const newChain = new Map(keptChains.map((chain, i) => [chain, i]));
  return {
    atoms: places.map((place) => ({ ...atoms[place]!, residue: newResidue.get(atoms[place]!.residue)! })),
    residues: keptResidues.map((residue) => ({
      ...residues[residue]!,
      chain: newChain.get(residues[residue]!.chain)!,
    })),
    chains: keptChains.map((chain) => chains[chain]!),
    bonds: bonds.flatMap(([a, b]) => {
      const [first, second] = [newPlace.get(a), newPlace.get(b)];
      return first === undefined || second === undefined ? [] : [[first, second] as const];
    }),
  };
}
