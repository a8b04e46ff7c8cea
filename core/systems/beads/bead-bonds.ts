/**
 * Bonds between beads: wherever an atom of one is bonded to an atom of the other. Cα beads of neighbouring residues are
 * bonded as well where the atoms between them are left out, and a peptide bond or the numbering joins the residues.
 */
import { atomFinder } from '../residue-atoms.ts';
import { residueKind } from '../residues.ts';
import type { Bond, Topology } from '../topology.ts';

/** `groups`: the atoms of each bead. */
export function beadBonds(topology: Topology, groups: readonly (readonly number[])[]): Bond[] {
  const owner = new Int32Array(topology.atoms.length).fill(-1);
  groups.forEach((indices, bead) => {
    for (const index of indices) owner[index] = bead;
  });
  const keys = new Set<number>();
  const add = (a: number, b: number): void => {
    if (a >= 0 && b >= 0 && a !== b) keys.add(Math.min(a, b) * groups.length + Math.max(a, b));
  };
  for (const [i, j] of topology.bonds) add(owner[i]!, owner[j]!);
  for (const [i, j] of linkedTraces(topology, owner)) add(owner[i]!, owner[j]!);
  return Array.from(
    Float64Array.from(keys).sort(),
    (key): Bond => [Math.floor(key / groups.length), key % groups.length],
  );
}

/** Pairs of Cα between whose beads no C and no N is kept. */
function linkedTraces(topology: Topology, owner: Int32Array): [number, number][] {
  const { atoms, residues, bonds } = topology;
  const indexOf = atomFinder(topology);
  const joined = new Set<number>();
  for (const [i, j] of bonds) {
    if (atoms[j]!.residue === atoms[i]!.residue + 1) joined.add(atoms[i]!.residue);
  }
  const links: [number, number][] = [];
  for (let residue = 0; residue + 1 < residues.length; residue++) {
    const [here, next] = [residues[residue]!, residues[residue + 1]!];
    const step = next.number - here.number;
    const contiguous = step === 1 || (step === 0 && next.insertion !== here.insertion);
    if (here.chain !== next.chain || !(contiguous || joined.has(residue))) continue;
    const [from, to] = [indexOf(residue, 'CA'), indexOf(residue + 1, 'CA')];
    if (from < 0 || to < 0 || residueKind(here.name) === 'ion' || residueKind(next.name) === 'ion') continue;
    const [carbon, nitrogen] = [indexOf(residue, 'C'), indexOf(residue + 1, 'N')];
    if ((carbon >= 0 && owner[carbon]! >= 0) || (nitrogen >= 0 && owner[nitrogen]! >= 0)) continue;
    links.push([from, to]);
  }
  return links;
}
