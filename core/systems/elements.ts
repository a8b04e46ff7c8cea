/**
 * The chemical elements: symbol, number, standard atomic weight (amu), covalent radius (nm); and which of them an
 * atom name of a file means where the file does not say. Not here: charges, van der Waals radii, bonds.
 * Weights: IUPAC 2021, for elements without a stable isotope the mass of the longest-lived one. Radii: Cordero et al.,
 * Dalton Trans. 2008, 2832 (carbon sp³; low spin where there is a choice); none measured beyond curium: 0.15.
 */
import { residueKind } from './residues.ts';

export interface Element {
  readonly symbol: string;
  readonly number: number;
  /** amu. */
  readonly mass: number;
  /** nm. */
  readonly covalentRadius: number;
}

/** Symbol, mass in amu, covalent radius in pm; in the order of the atomic number. */
const TABLE = `
H 1.008 31, He 4.002602 28, Li 6.94 128, Be 9.0121831 96, B 10.81 84, C 12.011 76, N 14.007 71, O 15.999 66,
F 18.998403162 57, Ne 20.1797 58, Na 22.98976928 166, Mg 24.305 141, Al 26.9815384 121, Si 28.085 111,
P 30.973761998 107, S 32.06 105, Cl 35.45 102, Ar 39.95 106, K 39.0983 203, Ca 40.078 176, Sc 44.955907 170,
Ti 47.867 160, V 50.9415 153, Cr 51.9961 139, Mn 54.938043 139, Fe 55.845 132, Co 58.933194 126, Ni 58.6934 124,
Cu 63.546 132, Zn 65.38 122, Ga 69.723 122, Ge 72.63 120, As 74.921595 119, Se 78.971 120, Br 79.904 120,
Kr 83.798 116, Rb 85.4678 220, Sr 87.62 195, Y 88.905838 190, Zr 91.224 175, Nb 92.90637 164, Mo 95.95 154,
Tc 97 147, Ru 101.07 146, Rh 102.90549 142, Pd 106.42 139, Ag 107.8682 145, Cd 112.414 144, In 114.818 142,
Sn 118.71 139, Sb 121.76 139, Te 127.6 138, I 126.90447 139, Xe 131.293 140, Cs 132.90545196 244, Ba 137.327 215,
La 138.90547 207, Ce 140.116 204, Pr 140.90766 203, Nd 144.242 201, Pm 145 199, Sm 150.36 198, Eu 151.964 198,
Gd 157.25 196, Tb 158.925354 194, Dy 162.5 192, Ho 164.930329 192, Er 167.259 189, Tm 168.934219 190, Yb 173.045 187,
Lu 174.9668 187, Hf 178.486 175, Ta 180.94788 170, W 183.84 162, Re 186.207 151, Os 190.23 144, Ir 192.217 141,
Pt 195.084 136, Au 196.96657 136, Hg 200.592 132, Tl 204.38 145, Pb 207.2 146, Bi 208.9804 148, Po 209 140,
At 210 150, Rn 222 150, Fr 223 260, Ra 226 221, Ac 227 215, Th 232.0377 206, Pa 231.03588 200, U 238.02891 196,
Np 237 190, Pu 244 187, Am 243 180, Cm 247 169, Bk 247 150, Cf 251 150, Es 252 150, Fm 257 150, Md 258 150,
No 259 150, Lr 262 150, Rf 267 150, Db 270 150, Sg 269 150, Bh 270 150, Hs 270 150, Mt 278 150, Ds 281 150,
Rg 281 150, Cn 285 150, Nh 286 150, Fl 289 150, Mc 289 150, Lv 293 150, Ts 293 150, Og 294 150`;

export const elements: readonly Element[] = TABLE.split(',').map((entry, index) => {
  const [symbol, mass, radius] = entry.trim().split(' ');
  return { symbol: symbol!, number: index + 1, mass: Number(mass), covalentRadius: Number(radius) / 1000 };
});

/** Neutron structures name this isotope of hydrogen. */
const deuterium: Element = { symbol: 'D', number: 1, mass: 2.0141017778, covalentRadius: 0.031 };

const bySymbol = new Map([...elements, deuterium].map((element) => [element.symbol.toUpperCase(), element]));

/** In any case: "CL" is chlorine, "D" deuterium. Undefined for what is no element. */
export const elementBySymbol = (symbol: string): Element | undefined => bySymbol.get(symbol.trim().toUpperCase());

export const elementByNumber = (number: number): Element | undefined => elements[number - 1];

/** Nonmetals and metalloids; astatine and heavier ones that nobody has seen in bulk among them. */
const notMetals = new Set('H D He B C N O F Ne Si P S Cl Ar Ge As Se Br Kr Sb Te I Xe At Rn Ts Og'.split(' '));
export const isMetal = (symbol: string): boolean => bySymbol.has(symbol.toUpperCase()) && !notMetals.has(symbol);

export const isHydrogen = (symbol: string): boolean => symbol === 'H' || symbol === 'D';

/** Names of ions in force fields that are not the symbol: CHARMM, AMBER. */
const ionNames: Readonly<Record<string, string>> = {
  SOD: 'Na',
  CLA: 'Cl',
  POT: 'K',
  CAL: 'Ca',
  CES: 'Cs',
  LIT: 'Li',
  RUB: 'Rb',
  BAR: 'Ba',
  CAD: 'Cd',
  CIO: 'Cs',
};

/** Two-letter symbols that win over their first letter in a residue nobody knows; "CA", "NA", "HG" do not. */
const distinctPairs = new Set(
  `LI BE MG AL SI CL AR TI CR MN FE NI CU ZN GA GE AS SE BR KR RB SR ZR MO TC RU RH AG SN SB TE XE
   LA GD TB DY YB LU TA RE IR PT AU TL BI TH`.split(/\s+/),
);
/** Those that win even where the name goes on: "CLAA". */
const distinctPrefixes = new Set(['CL', 'BR', 'FE', 'ZN', 'MG', 'MN', 'CU', 'SE', 'SI', 'LI', 'RU', 'PT', 'AU', 'AG']);

/**
 * Symbol of the element an atom is, by its name and that of its residue; "" where nobody can tell.
 * "CA" is carbon in ALA and calcium in CA, "1HB2" hydrogen, "SOD" sodium, "MW" of a water model nothing at all.
 */
export function guessElement(atomName: string, residueName: string): string {
  const letters = /[A-Z]+/.exec(atomName.toUpperCase())?.[0] ?? '';
  const residue = /[A-Z]+/.exec(residueName.toUpperCase())?.[0] ?? '';
  const first = letters.slice(0, 1);
  switch (residueKind(residueName)) {
    case 'water':
      return 'HDO'.includes(first) && letters !== 'OM' ? first : '';
    case 'protein':
      if (letters === 'SE') return 'Se';
      if (first === 'S') return /^S[GD]?$/.test(letters) ? 'S' : '';
      return 'HDCNO'.includes(first) ? first : '';
    case 'nucleic':
      return 'HDCNOPS'.includes(first) ? first : '';
    case 'ion':
      return ionNames[letters] ?? elementBySymbol(letters)?.symbol ?? '';
  }
  if (residue === letters && ionNames[letters]) return ionNames[letters];
  const symbol = elementBySymbol(letters)?.symbol;
  if (symbol && (letters.length === 1 || residue === letters || distinctPairs.has(letters))) return symbol;
  const prefix = letters.slice(0, 2);
  if (distinctPrefixes.has(prefix)) return elementBySymbol(prefix)!.symbol;
  return 'HCNOFPSIK'.includes(first) ? first : '';
}
