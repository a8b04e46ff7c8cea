/**
 * What this window reads of the PDB that a host sends to be drawn: lines of atoms, their names, where they are. Not a
 * reader of files: those are read where they lie (core/formats/pdb.ts).
 */
import type { Structure } from '../../../core/host/contract.ts';

/** Of the first model. */
export function* atomLines(pdb: string): Generator<string> {
  for (let from = 0; from < pdb.length; ) {
    const newline = pdb.indexOf('\n', from);
    const end = newline < 0 ? pdb.length : newline;
    if (pdb.startsWith('ENDMDL', from)) return;
    if (pdb.startsWith('ATOM', from) || pdb.startsWith('HETATM', from)) yield pdb.slice(from, end);
    from = end + 1;
  }
}

/** nm, atom after atom. */
export function positionsIn({ pdb, atoms }: Structure): Float32Array {
  const positions = new Float32Array(3 * atoms);
  let at = 0;
  for (const line of atomLines(pdb)) {
    if (at === positions.length) break;
    for (const column of [30, 38, 46]) positions[at++] = Number(line.slice(column, column + 8)) / 10;
  }
  return positions;
}

/** Whether two are the same but for their conformation: what is drawn of one can be moved to the other. */
export function isSameMolecule(a: Structure, b: Structure): boolean {
  if (a.atoms !== b.atoms || a.coarse !== b.coarse || a.bonds.length !== b.bonds.length) return false;
  if (a.bonds.some((atom, i) => atom !== b.bonds[i])) return false;
  const other = atomLines(b.pdb);
  for (const line of atomLines(a.pdb)) {
    const same = other.next();
    if (same.done || line.slice(12, 27) !== same.value.slice(12, 27)) return false;
  }
  return other.next().done === true;
}
