/**
 * The kinds of beads (models/kinded-structure.ts), from chemistry: in an amino acid the name of the atom, which is its site
 * whatever the residue (`CA/C3`), elsewhere residue and name (`ACE:CH3/C1`). Behind the slash stands what is left of it where
 * that name has not been seen: the element and how many beads it is bonded to.
 */
import type { KindedStructure } from '../models/kinded-structure.ts';
import { elementBySymbol, isHydrogen } from './elements.ts';
import { residueTemplate } from './residues.ts';
import type { Topology } from './topology.ts';
import { allTorsions, torsionsOf } from './torsions.ts';

/** `topology`: of the beads. */
export function kindedStructure({ atoms, residues, bonds }: Topology): KindedStructure {
  const beads = atoms.length;
  const neighbours = new Uint32Array(beads);
  for (const bead of bonds.flat()) neighbours[bead]!++;
  const kinds = atoms.map(({ name, element, residue }, bead) => {
    const residueName = residues[residue]!.name;
    const template = residueTemplate(residueName);
    const isAmino = template?.kind === 'protein' && template.letter !== '';
    const symbol = isHydrogen(element) ? 'H' : (elementBySymbol(element)?.symbol ?? 'X');
    const site = (isAmino ? name : `${residueName}:${name}`).toUpperCase().replaceAll(/[\s/,]/g, '');
    return `${site}/${symbol}${neighbours[bead]}`;
  });
  const molecule = { beads, bonds };
  return { beads, kinds, bonds, torsions: allTorsions(molecule), rotatable: torsionsOf(molecule) };
}
