/**
 * What a network that serves many molecules is told about each bead (method §4): its residue, where in the residue it
 * sits, its element, and where in the chain the residue stands. Rows of numbers with named columns, all within [−1, 1];
 * each means the same for every molecule, whatever its length, so a model may meet sequences it has not seen.
 *
 * residue   one of twenty amino acids, or any other residue.
 * site      N, CA, C, O, CB, then the shells of the side chain, γ to η, or anything else. A hydrogen has the site of its
 *           carbon or nitrogen, and its element tells it apart.
 * number    the first and second digit of the name, 1 to 3, that tell branches and hydrogens apart: CG1, HG12, OXT is 2.
 * element   H, C, N, O, S, P or another, among them groups of atoms.
 * chain     whether the residue is the first and the last of its chain, how near it is to either end, and waves in its
 *           number from the start, so that the distance along the chain of two residues is a difference of phases.
 */
import { elementBySymbol, isHydrogen } from './elements.ts';
import { residueKind, residueTemplate } from './residues.ts';
import type { Topology } from './topology.ts';

export interface BeadFeatures {
  /** "residue A", "site CA", "element C", "chain first", …; the same for all molecules. */
  readonly columns: readonly string[];
  /** Beads × columns, row after row. */
  readonly values: Float32Array;
}

const LETTERS = 'ACDEFGHIKLMNPQRSTVWY';
const SITES = ['N', 'CA', 'C', 'O', 'CB', 'gamma', 'delta', 'epsilon', 'zeta', 'eta'];
const DIGITS = ['1', '2', '3'];
const ELEMENTS = ['H', 'C', 'N', 'O', 'S', 'P'];
/** Residues per turn: from a turn of a helix to the chains of the fast folders and beyond. */
const PERIODS = [4, 16, 64, 256];
const OTHER = 'other';

export const beadFeatureColumns: readonly string[] = [
  ...[...LETTERS, OTHER].map((letter) => `residue ${letter}`),
  ...[...SITES, OTHER].map((site) => `site ${site}`),
  ...DIGITS.flatMap((digit) => [`number first ${digit}`, `number second ${digit}`]),
  ...[...ELEMENTS, OTHER].map((element) => `element ${element}`),
  ...['first', 'last', 'near first', 'near last'].map((end) => `chain ${end}`),
  ...PERIODS.flatMap((period) => [`chain sine ${period}`, `chain cosine ${period}`]),
];
const columnOf = new Map(beadFeatureColumns.map((name, index) => [name, index]));

/** `topology`: of the beads (`beadTopology`); each is an atom of it. */
export function beadFeatures(topology: Topology): BeadFeatures {
  const width = beadFeatureColumns.length;
  const values = new Float32Array(topology.atoms.length * width);
  const positions = chainPositions(topology);
  topology.atoms.forEach(({ name, element, residue }, bead) => {
    const set = (column: string, value: number): void => {
      values[bead * width + columnOf.get(column)!] = value;
    };
    const residueName = topology.residues[residue]!.name;
    const template = residueTemplate(residueName);
    const letter = template?.kind === 'protein' ? template.letter : '';
    const symbol = isHydrogen(element) ? 'H' : (elementBySymbol(element)?.symbol ?? '');
    set(`residue ${letter !== '' && LETTERS.includes(letter) ? letter : OTHER}`, 1);
    const isPeptide = (residueKind(residueName) ?? 'protein') === 'protein';
    const spelling = pdbName(name);
    set(`site ${isPeptide ? siteOf(spelling, symbol, letter !== '') : OTHER}`, 1);
    const [first, second] = /\d*$/.exec(spelling)![0];
    if (first && DIGITS.includes(first)) set(`number first ${first}`, 1);
    if (second && DIGITS.includes(second)) set(`number second ${second}`, 1);
    set(`element ${ELEMENTS.includes(symbol) ? symbol : OTHER}`, 1);
    const { index, count } = positions[residue]!;
    const toLast = count - 1 - index;
    if (index === 0) set('chain first', 1);
    if (toLast === 0) set('chain last', 1);
    set('chain near first', 1 / (1 + index));
    set('chain near last', 1 / (1 + toLast));
    for (const period of PERIODS) {
      set(`chain sine ${period}`, Math.sin((2 * Math.PI * index) / period));
      set(`chain cosine ${period}`, Math.cos((2 * Math.PI * index) / period));
    }
  });
  return { columns: beadFeatureColumns, values };
}

/** Where each residue stands in its chain. */
function chainPositions({ residues, chains }: Topology): { index: number; count: number }[] {
  const counts = new Uint32Array(chains.length);
  const indices = residues.map(({ chain }) => counts[chain]!++);
  return residues.map(({ chain }, residue) => ({ index: indices[residue]!, count: counts[chain]! }));
}

const SHELLS: Readonly<Record<string, string>> = {
  A: 'CA',
  B: 'CB',
  G: 'gamma',
  D: 'delta',
  E: 'epsilon',
  Z: 'zeta',
  H: 'eta',
};
const TERMINAL_OXYGENS: Readonly<Record<string, string>> = {
  OT: 'O',
  OT1: 'O',
  OC1: 'O',
  O1: 'O',
  OXT: 'O2',
  OT2: 'O2',
  OC2: 'O2',
};

/** Of one atom one name: that of the PDB, with the digit of "1HB" at the end and those of terminal oxygens alike. */
function pdbName(atomName: string): string {
  const name = atomName.toUpperCase().replace(/^(\d)(.*)$/, '$2$1');
  return Object.hasOwn(TERMINAL_OXYGENS, name) ? TERMINAL_OXYGENS[name]! : name;
}

/** In an amino acid the name is the element, the Greek letter of the shell, and numbers. */
function siteOf(name: string, symbol: string, amino: boolean): string {
  if (name === 'O2') return 'O';
  if (['N', 'CA', 'C', 'O', 'CB'].includes(name)) return name;
  if (!amino || symbol === '') return OTHER;
  if (symbol === 'H' && /^H[NT]?[123]?$/.test(name)) return 'N';
  const shell = /^[A-Z]([ABGDEZH])\d*$/.exec(name)?.[1];
  return shell ? SHELLS[shell]! : OTHER;
}
