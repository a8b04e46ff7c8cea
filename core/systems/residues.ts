/**
 * What residue names say: the kind of residue, its one-letter code, and the bonds between its heavy atoms.
 * A table: standard amino acids with the names that force fields give their protonation states, caps, nucleotides,
 * water, ions. Anything else is a ligand, a lipid, a sugar, a bead: no entry. Not here: hydrogens (bonds.ts finds their
 * partners), residues of several chemistries under one name.
 * Names of atoms are those of the PDB; the other spellings of CHARMM, AMBER and GROMACS stand beside them, since a bond
 * counts only where both names occur.
 */

export type ResidueKind = 'protein' | 'nucleic' | 'water' | 'ion';

export interface ResidueTemplate {
  /** The name the PDB gives it, "HIS" for "HID". */
  readonly name: string;
  readonly kind: 'protein' | 'nucleic';
  /** "H"; "X" where there is none, "" for the caps at the ends of a chain. */
  readonly letter: string;
  /** Names of the bonded heavy atoms. */
  readonly bonds: readonly (readonly [string, string])[];
}

/** Chains of bonded atoms, as in "CA-CB-CG CB-OG". */
const BACKBONE = 'N-CA-C-O C-OXT C-OT1 C-OT2 C-OC1 C-OC2 C-O1 C-O2';
const HISTIDINE = 'CA-CB-CG-ND1-CE1-NE2-CD2-CG';
const BENZENE = 'CA-CB-CG-CD1-CE1-CZ-CE2-CD2-CG';
const PHOSPHATE = 'P-O1P P-O2P P-O3P';
/** Name, letter, side chain, other names. */
const AMINO_ACIDS = `
ALA | A | CA-CB |
ARG | R | CA-CB-CG-CD-NE-CZ-NH1 CZ-NH2 | ARN ARGN
ASN | N | CA-CB-CG-OD1 CG-ND2 |
ASP | D | CA-CB-CG-OD1 CG-OD2 | ASH ASPP ASPH
CYS | C | CA-CB-SG | CYX CYM CYSH CYSS CYS2 CYN CYSD
GLN | Q | CA-CB-CG-CD-OE1 CD-NE2 |
GLU | E | CA-CB-CG-CD-OE1 CD-OE2 | GLH GLUP GLUH
GLY | G | |
HIS | H | ${HISTIDINE} | HID HIE HIP HSD HSE HSP HISD HISE HISH HISA HISB HISP HIS1 HIS2
ILE | I | CA-CB-CG1-CD1 CB-CG2 CG1-CD |
LEU | L | CA-CB-CG-CD1 CG-CD2 |
LYS | K | CA-CB-CG-CD-CE-NZ | LYN LYSH LSN LYSN
MET | M | CA-CB-CG-SD-CE |
PHE | F | ${BENZENE} |
PRO | P | CA-CB-CG-CD-N |
SER | S | CA-CB-OG |
THR | T | CA-CB-OG1 CB-CG2 |
TRP | W | CA-CB-CG-CD1-NE1-CE2-CZ2-CH2-CZ3-CE3-CD2-CG CD2-CE2 |
TYR | Y | ${BENZENE} CZ-OH | TYM
VAL | V | CA-CB-CG1 CB-CG2 |
SEC | U | CA-CB-SE |
PYL | O | CA-CB-CG-CD-CE-NZ-C2-CA2-CB2-CG2-CD2-CE2 CA2-N2-CE2 C2-O2 CG2-CD2 |
MSE | M | CA-CB-CG-SE-CE |
HYP | P | CA-CB-CG-CD-N CG-OD1 |
SEP | S | CA-CB-OG-P ${PHOSPHATE} | SP1 SP2
TPO | T | CA-CB-OG1-P CB-CG2 ${PHOSPHATE} | THP1 THP2
PTR | Y | ${BENZENE} CZ-OH-P ${PHOSPHATE} | TP1 TP2
AIB | X | CA-CB1 CA-CB2 |
NLE | X | CA-CB-CG-CD-CE |
ORN | X | CA-CB-CG-CD-NE |
ASX | B | CA-CB |
GLX | Z | CA-CB |
UNK | X | CA-CB |`;
/** Name, bonds, other names. */
const CAPS = `
ACE | C-O C-CH3 C-CA |
FOR | C-O |
NME | N-C N-CH3 N-CA | NMA CT3
NH2 | | NHE CT2`;

const SUGAR = `P-OP1 P-OP2 P-OP3 ${PHOSPHATE} P-O5'-C5'-C4'-C3'-C2'-C1'-O4'-C4' C3'-O3' C2'-O2'`;
const PURINE = "C1'-N9-C8-N7-C5-C6-N1-C2-N3-C4-N9 C4-C5";
const PYRIMIDINE = "C1'-N1-C2-N3-C4-C5-C6-N1 C2-O2";
/** Name, letter, base, other names; RNA and DNA alike. */
const NUCLEOTIDES = `
A | A | ${PURINE} C6-N6 | DA RA ADE
C | C | ${PYRIMIDINE} C4-N4 | DC RC CYT
G | G | ${PURINE} C6-O6 C2-N2 | DG RG GUA
U | U | ${PYRIMIDINE} C4-O4 | DU RU URA
T | T | ${PYRIMIDINE} C4-O4 C5-C7 C5-C5M | DT RT THY
I | I | ${PURINE} C6-O6 | DI`;

const WATER = `HOH WAT H2O DOD D2O D3O OH2 SOL TIP TIP2 TIP3 TIP4 TIP5 TIPS TP3 T3P T4P TP4 TP5 T3H T4H SPC SPCE SPX HHO
  OPC W PW`;
const IONS = `LI NA K RB CS F CL BR IOD MG CA SR BA MN MN3 FE FE2 CO NI CU CU1 ZN ZN2 CD HG AL AG PB LI+ NA+ K+ RB+ CS+ F-
  CL- BR- I- MG+ MG2 MG2+ CA2 CA2+ ZN2+ SOD CLA POT CAL CES LIT RUB BAR CAD CIO ION IONS`;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const rows = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .map((row) => row.split('|').map((entry) => entry.trim()));

function bondsOf(text: string): [string, string][] {
  return words(text).flatMap((path) => {
    const names = path.split('-');
    return names.slice(1).map((name, index): [string, string] => [names[index]!, name]);
  });
}

const templates = new Map<string, ResidueTemplate>();
for (const [name, letter, side, others] of rows(AMINO_ACIDS)) {
  const template = { name: name!, kind: 'protein', letter: letter!, bonds: bondsOf(`${BACKBONE} ${side}`) } as const;
  for (const each of [name!, ...words(others!)]) templates.set(each, template);
}
for (const [name, bonds, others] of rows(CAPS)) {
  const template = { name: name!, kind: 'protein', letter: '', bonds: bondsOf(bonds!) } as const;
  for (const each of [name!, ...words(others!)]) templates.set(each, template);
}
for (const [name, letter, base, others] of rows(NUCLEOTIDES)) {
  const template = { name: name!, kind: 'nucleic', letter: letter!, bonds: bondsOf(`${SUGAR} ${base}`) } as const;
  // AMBER marks the ends of a chain, and the lone nucleotide: DA5, DA3, DAN.
  const ends = [name!, ...words(others!)].flatMap((each) => [each, ...['5', '3', 'N'].map((end) => each + end)]);
  for (const each of ends) templates.set(each, template);
}
const kinds = new Map<string, ResidueKind>();
for (const [name, { kind }] of templates) kinds.set(name, kind);
for (const name of words(WATER)) kinds.set(name, 'water');
for (const name of words(IONS)) kinds.set(name, 'ion');

/**
 * AMBER puts N or C before the name of an amino acid at an end of the chain: NALA, CALA. Four letters are enough to
 * tell, since no other residue here ends in the three of an amino acid.
 */
function known(name: string): string {
  const upper = name.trim().toUpperCase();
  if (kinds.has(upper) || !/^[NC]...$/.test(upper)) return upper;
  const rest = upper.slice(1);
  return templates.get(rest)?.letter && kinds.get(rest) === 'protein' ? rest : upper;
}

/** Undefined for anything else: ligands, lipids, sugars, beads. In any case. */
export const residueKind = (name: string): ResidueKind | undefined => kinds.get(known(name));

/** Of amino acids, caps and nucleotides. */
export const residueTemplate = (name: string): ResidueTemplate | undefined => templates.get(known(name));
