/**
 * A topology of some of the atoms of another, with the residues, chains and bonds that remain.
 */
import type { Topology } from './topology.ts';

/** `chosen`: indices of atoms, rising. */
export function subset({ atoms, residues, chains, bonds }: Topology, chosen: ArrayLike<number>): Topology {
  const indices = Array.from(chosen);
  const newIndex = new Map(indices.map((index, i) => [index, i]));
  const keptResidues = [...new Set(indices.map((index) => atoms[index]!.residue))];
  const keptChains = [...new Set(keptResidues.map((residue) => residues[residue]!.chain))];
  const newResidue = new Map(keptResidues.map((residue, i) => [residue, i]));
  const newChain = new Map(keptChains.map((chain, i) => [chain, i]));
  return {
    atoms: indices.map((index) => ({ ...atoms[index]!, residue: newResidue.get(atoms[index]!.residue)! })),
    residues: keptResidues.map((residue) => ({
      ...residues[residue]!,
      chain: newChain.get(residues[residue]!.chain)!,
    })),
    chains: keptChains.map((chain) => chains[chain]!),
    bonds: bonds.flatMap(([a, b]) => {
      const [first, second] = [newIndex.get(a), newIndex.get(b)];
      return first === undefined || second === undefined ? [] : [[first, second] as const];
    }),
  };
}
