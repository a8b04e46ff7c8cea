/**
 * The keywords of the selection language: for each, whether an atom is meant. As NGL has them, but by our table of
 * residues (residues.ts): protonation states and caps of force fields count as protein, HID as basic, TIP3 as water.
 */
import { isHydrogen, isMetal } from '../elements.ts';
import { residueTemplate } from '../residues.ts';
import type { Facts, Substance } from './facts.ts';

/** Whether the atom of this index belongs. */
export type Meaning = (facts: Facts, index: number) => boolean;

const residueOf = ({ topology }: Facts, index: number): number => topology.atoms[index]!.residue;

function of(...substances: Substance[]): Meaning {
  return (facts, index) => substances.includes(facts.substances[residueOf(facts, index)]!);
}

function named(names: string): Meaning {
  const wanted = new Set(names.split(' '));
  return (facts, index) => wanted.has(facts.parents[residueOf(facts, index)]!);
}

const protein = of('protein');
const nucleic = of('rna', 'dna');
const polymer = of('protein', 'rna', 'dna');
const solvent = of('water', 'ion');

/** BB is the backbone bead of Martini. */
const PROTEIN_BACKBONE = new Set('CA C N O O1 O2 OC1 OC2 OX1 OXT OT1 OT2 H H1 H2 H3 HA HN BB'.split(' '));
const CAP_BACKBONE = new Set('C N O H HN'.split(' '));
/** Phosphate and sugar, whose atoms have a prime. */
const NUCLEIC_BACKBONE = /'|^(P|OP[123]|O[123]P|HOP[23])$/;
/** What a base hangs on is the ring of its sugar: this much is left out. */
const NUCLEIC_LINK = /^(P|OP[123]|O[123]P|HOP[23]|H?O[35]'|C5'|H5'+)$/;

const backbone: Meaning = (facts, index) => {
  const name = facts.names[index]!;
  if (nucleic(facts, index)) return NUCLEIC_BACKBONE.test(name);
  if (!protein(facts, index)) return false;
  const cap = residueTemplate(facts.topology.residues[residueOf(facts, index)]!.name)?.letter === '';
  return (cap ? CAP_BACKBONE : PROTEIN_BACKBONE).has(name);
};
const sidechain: Meaning = (facts, index) => polymer(facts, index) && !backbone(facts, index);

const element = (facts: Facts, index: number): string => facts.topology.atoms[index]!.element;
const hydrogen: Meaning = (facts, index) => isHydrogen(element(facts, index));

const meanings: Readonly<Record<string, Meaning>> = {
  all: () => true,
  none: () => false,
  protein,
  nucleic,
  rna: of('rna'),
  dna: of('dna'),
  polymer,
  water: of('water'),
  ion: of('ion'),
  saccharide: of('sugar'),
  sugar: of('sugar'),
  hetero: (facts, index) => facts.topology.residues[residueOf(facts, index)]!.hetero,
  ligand: (facts, index) => !polymer(facts, index) && !solvent(facts, index),
  backbone,
  sidechain,
  sidechainattached: (facts, index) => {
    if (sidechain(facts, index)) return true;
    const name = facts.names[index]!;
    if (nucleic(facts, index)) return !NUCLEIC_LINK.test(name);
    if (!protein(facts, index)) return false;
    return name === 'CA' || name === 'BB' || (name === 'N' && facts.parents[residueOf(facts, index)] === 'PRO');
  },
  hydrogen,
  metal: (facts, index) => isMetal(element(facts, index)),
  bonded: (facts, index) => facts.bonded[index] === 1,
  small: named('ALA GLY SER'),
  nucleophilic: named('CYS SER THR'),
  hydrophobic: named('ALA ILE LEU MET PHE PRO TRP VAL'),
  aromatic: named('PHE TRP TYR HIS'),
  amide: named('ASN GLN'),
  amid: named('ASN GLN'),
  acidic: named('ASP GLU'),
  basic: named('ARG HIS LYS'),
  charged: named('ARG ASP GLU HIS LYS'),
  polar: named('ASN ARG ASP CYS GLY GLN GLU HIS LYS SER THR TYR'),
  nonpolar: named('ALA ILE LEU MET PHE PRO TRP VAL'),
  cyclic: named('HIS PHE PRO TRP TYR'),
  aliphatic: named('ALA GLY ILE LEU VAL'),
};

export const keywords: ReadonlyMap<string, Meaning> = new Map(Object.entries(meanings));

const FOLD = 'asks for the fold, which the atoms alone do not tell: give residue numbers, as in `10-20`';
const RINGS = 'asks for rings and bond types, which are not known here: give atom names, as in `.CG`';
/** Keywords of NGL that select nothing here, and why. */
export const unsupported: ReadonlyMap<string, string> = new Map([
  ['helix', FOLD],
  ['sheet', FOLD],
  ['turn', FOLD],
  ['ring', RINGS],
  ['aromaticring', RINGS],
  ['polarh', RINGS],
  ['apolarh', RINGS],
]);
