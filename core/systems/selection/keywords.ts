/**
 * The keywords of the selection language: for each, whether an atom is meant. As NGL has them, but by our table of
 * residues (residues.ts): protonation states and caps of force fields count as protein, HID as basic, TIP3 as water.
 */
import { isHydrogen, isMetal } from '../elements.ts';
import { residueTemplate } from '../residues.ts';
import type { Facts, Substance } from './facts.ts';

/** Whether the atom of this index belongs. */
export type Meaning = (facts: Facts, place: number) => boolean;

const residueOf = ({ topology }: Facts, place: number): number => topology.atoms[place]!.residue;

function of(...substances: Substance[]): Meaning {
  return (facts, place) => substances.includes(facts.substances[residueOf(facts, place)]!);
}

function named(names: string): Meaning {
  const wanted = new Set(names.split(' '));
  return (facts, place) => wanted.has(facts.parents[residueOf(facts, place)]!);
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

const backbone: Meaning = (facts, place) => {
  const name = facts.names[place]!;
  if (nucleic(facts, place)) return NUCLEIC_BACKBONE.test(name);
  if (!protein(facts, place)) return false;
  const cap = residueTemplate(facts.topology.residues[residueOf(facts, place)]!.name)?.letter === '';
  return (cap ? CAP_BACKBONE : PROTEIN_BACKBONE).has(name);
};
const sidechain: Meaning = (facts, place) => polymer(facts, place) && !backbone(facts, place);

const element = (facts: Facts, place: number): string => facts.topology.atoms[place]!.element;
const hydrogen: Meaning = (facts, place) => isHydrogen(element(facts, place));

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
  hetero: (facts, place) => facts.topology.residues[residueOf(facts, place)]!.hetero,
  ligand: (facts, place) => !polymer(facts, place) && !solvent(facts, place),
  backbone,
  sidechain,
  sidechainattached: (facts, place) => {
    if (sidechain(facts, place)) return true;
    const name = facts.names[place]!;
    if (nucleic(facts, place)) return !NUCLEIC_LINK.test(name);
    if (!protein(facts, place)) return false;
    return name === 'CA' || name === 'BB' || (name === 'N' && facts.parents[residueOf(facts, place)] === 'PRO');
  },
  hydrogen,
  metal: (facts, place) => isMetal(element(facts, place)),
  bonded: (facts, place) => facts.bonded[place] === 1,
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
