/**
 * Which bonds readers of PDB and mmCIF make up themselves, from the names of residues: those within a standard residue
 * of a protein or nucleic acid or within water, and the links from one to the next. All others have to be written.
 */
import type { Bond, Topology } from '../../systems/topology.ts';

const standard = new Set(
  `ALA ARG ASN ASP CYS GLN GLU GLY HIS ILE LEU LYS MET PHE PRO SER THR TRP TYR VAL A C G U I DA DC DG DT DI HOH`.split(
    ' ',
  ),
);

export function unimpliedBonds({ atoms, residues, bonds }: Topology): Bond[] {
  return bonds.filter(([a, b]) => {
    const [first, second] = [atoms[a]!, atoms[b]!];
    const [one, other] = [residues[first.residue]!, residues[second.residue]!];
    if (!standard.has(one.name) || !standard.has(other.name)) return true;
    if (one === other) return false;
    const follows = second.residue === first.residue + 1 && one.chain === other.chain;
    const link = `${first.name} ${second.name}`;
    return !(follows && (link === 'C N' || link === "O3' P" || link === 'O3* P'));
  });
}
