/**
 * Bonds a file does not state: by template within amino acids and nucleotides and from each to the next, between
 * cysteines, and by distance wherever no template tells. Those a file states stay. Nothing else about chemistry: no
 * bond orders, no coordination of metals by a protein. Beads and dummy atoms, which have no element, get no bonds.
 * nm; distances are taken across the faces of the cell, so a molecule may be broken over them.
 */
import { elementBySymbol, isHydrogen, isMetal } from './elements.ts';
import type { Cell } from './periodic/cell.ts';
import { latticeOf, minimumImage } from './periodic/lattice.ts';
import { visitPairsWithin } from './periodic/neighbours.ts';
import { residueAtoms } from './residue-atoms.ts';
import { residueKind, residueTemplate } from './residues.ts';
import type { Bond, Topology } from './topology.ts';

/** How much longer than the sum of the covalent radii a bond may be. */
const SLACK = 0.03;
/** Closer than this, two atoms are one atom in two places. */
const NEAREST = 0.05;
/** From a hydrogen to its heavy atom. */
const LONGEST_TO_HYDROGEN = 0.15;
/** From one residue to the next: C–N is 0.133, O3'–P 0.161. */
const LONGEST_TO_NEXT = 0.2;
/** S–S is 0.205. */
const LONGEST_DISULFIDE = 0.25;
/** A residue of more atoms is not what its name says. */
const LARGEST_RESIDUE = 200;
/** Near others all the time and bonded to none. */
const neverBonded = new Set(['Li', 'Na', 'K', 'Rb', 'Cs', 'Fr', 'Ca', 'Sr', 'Ba', 'Ra', 'He', 'Ne', 'Ar', 'Kr', 'Xe']);

/** `positions` in nm. Sorted, each bond once. */
export function withBonds(topology: Topology, positions: ArrayLike<number>, cell?: Cell): Topology {
  const search = startSearch(topology, positions, cell);
  bondWithinResidues(search);
  bondBetweenResidues(search);
  bondDisulfides(search);
  bondByDistance(search);
  return { ...topology, bonds: search.sorted() };
}

type Search = ReturnType<typeof startSearch>;

function startSearch(topology: Topology, positions: ArrayLike<number>, cell: Cell | undefined) {
  const { atoms, bonds } = topology;
  const lattice = latticeOf(cell);
  const nearestImage = lattice && minimumImage(lattice);
  const between = new Float64Array(3);
  const found = new Set<number>();
  const bonded = new Uint8Array(atoms.length);
  const add = (i: number, j: number): void => {
    found.add(Math.min(i, j) * atoms.length + Math.max(i, j));
    bonded[i] = 1;
    bonded[j] = 1;
  };
  for (const [i, j] of bonds) add(i, j);
  return {
    topology,
    positions,
    lattice,
    span: residueAtoms(topology),
    elements: atoms.map(({ element }) => elementBySymbol(element)),
    /** Whether an atom has any bond yet. */
    bonded,
    /** Atoms that no template knows. */
    loose: new Uint8Array(atoms.length),
    add,
    distance(i: number, j: number): number {
      for (let axis = 0; axis < 3; axis++) between[axis] = positions[3 * j + axis]! - positions[3 * i + axis]!;
      nearestImage?.(between);
      return Math.hypot(between[0]!, between[1]!, between[2]!);
    },
    sorted: (): Bond[] =>
      Array.from(Float64Array.from(found).sort(), (key): Bond => [Math.floor(key / atoms.length), key % atoms.length]),
  };
}

function bondWithinResidues(search: Search): void {
  const { topology, span, elements, loose } = search;
  for (let residue = 0; residue < topology.residues.length; residue++) {
    const { name } = topology.residues[residue]!;
    const [start, end] = [span.start[residue]!, span.end[residue]!];
    const kind = end - start > LARGEST_RESIDUE ? undefined : residueKind(name);
    if (kind === 'ion') continue;
    const heavy: number[] = [];
    const hydrogens: number[] = [];
    for (let index = start; index < end; index++) {
      const symbol = elements[index]?.symbol;
      if (symbol) (isHydrogen(symbol) ? hydrogens : heavy).push(index);
    }
    const water = kind === 'water' && heavy.length === 1 && hydrogens.length <= 2;
    if (water) {
      for (const hydrogen of hydrogens) search.add(heavy[0]!, hydrogen);
    } else if (!bondByTemplate(search, name, heavy, hydrogens, kind)) {
      for (let index = start; index < end; index++) loose[index] = 1;
    }
  }
}

/** False where there is no template, or where one name stands for several atoms. */
function bondByTemplate(
  search: Search,
  residueName: string,
  heavy: readonly number[],
  hydrogens: readonly number[],
  kind: string | undefined,
): boolean {
  const template = kind && residueTemplate(residueName);
  if (!template) return false;
  const indices = new Map(heavy.map((index) => [templateName(search.topology.atoms[index]!.name), index]));
  if (indices.size < heavy.length) return false;
  const known = new Set<number>();
  for (const names of template.bonds) {
    const [i, j] = names.map((name) => indices.get(name));
    for (const index of [i, j]) if (index !== undefined) known.add(index);
    if (i !== undefined && j !== undefined) search.add(i, j);
  }
  for (const index of heavy) if (!known.has(index)) search.loose[index] = 1;
  for (const hydrogen of hydrogens) {
    if (search.bonded[hydrogen]) continue;
    let nearest = -1;
    let least = LONGEST_TO_HYDROGEN;
    for (const index of heavy) {
      const distance = search.distance(hydrogen, index);
      if (!(distance > NEAREST && distance < least)) continue;
      least = distance;
      nearest = index;
    }
    if (nearest >= 0) search.add(nearest, hydrogen);
    else search.loose[hydrogen] = 1;
  }
  return true;
}

/** Older files write an asterisk for the prime of a sugar. */
const templateName = (name: string): string => name.toUpperCase().replaceAll('*', "'");

/** Peptide bonds and those of nucleic acids, also from the last residue of a chain to its first. */
function bondBetweenResidues(search: Search): void {
  const { residues } = search.topology;
  const kindOf = (residue: number) => residueTemplate(residues[residue]!.name)?.kind;
  const join = (from: number, to: number): void => {
    const kind = kindOf(from);
    if (!kind || kind !== kindOf(to)) return;
    const i = indexOf(search, from, kind === 'protein' ? 'C' : "O3'");
    const j = indexOf(search, to, kind === 'protein' ? 'N' : 'P');
    if (i >= 0 && j >= 0 && search.distance(i, j) < LONGEST_TO_NEXT) search.add(i, j);
  };
  let first = 0;
  for (let residue = 1; residue <= residues.length; residue++) {
    const sameChain = residue < residues.length && residues[residue]!.chain === residues[first]!.chain;
    if (sameChain) join(residue - 1, residue);
    else {
      if (residue - first > 2) join(residue - 1, first);
      first = residue;
    }
  }
}

function indexOf({ topology, span, elements }: Search, residue: number, name: string): number {
  const end = Math.min(span.end[residue]!, span.start[residue]! + LARGEST_RESIDUE);
  for (let index = span.start[residue]!; index < end; index++) {
    if (elements[index] && templateName(topology.atoms[index]!.name) === name) return index;
  }
  return -1;
}

function bondDisulfides(search: Search): void {
  const { topology, positions, lattice } = search;
  const sulphurs: number[] = [];
  for (let residue = 0; residue < topology.residues.length; residue++) {
    if (residueTemplate(topology.residues[residue]!.name)?.name !== 'CYS') continue;
    const sulphur = indexOf(search, residue, 'SG');
    if (sulphur >= 0 && indexOf(search, residue, 'HG') < 0 && indexOf(search, residue, 'HG1') < 0)
      sulphurs.push(sulphur);
  }
  const pairs: Pair[] = [];
  visitPairsWithin(LONGEST_DISULFIDE, positions, sulphurs, lattice, (i, j, distance) => {
    if (distance > NEAREST) pairs.push({ i, j, distance });
  });
  const taken = new Set<number>();
  for (const { i, j } of pairs.sort(byDistance)) {
    if (taken.has(i) || taken.has(j)) continue;
    search.add(i, j);
    taken.add(i).add(j);
  }
}

interface Pair {
  readonly i: number;
  readonly j: number;
  readonly distance: number;
}
const byDistance = (a: Pair, b: Pair): number => a.distance - b.distance;

/** Pairs of which at least one atom is known to no template. A hydrogen keeps its nearest partner only. */
function bondByDistance(search: Search): void {
  const { topology, positions, lattice, elements, loose, bonded } = search;
  if (!loose.includes(1)) return;
  const kinds = topology.residues.map(({ name }) => residueKind(name));
  const residueOf = (index: number): number => topology.atoms[index]!.residue;
  const indices: number[] = [];
  let widest = 0;
  for (let index = 0; index < topology.atoms.length; index++) {
    const element = elements[index];
    if (!element || neverBonded.has(element.symbol)) continue;
    if (!loose[index] && (kinds[residueOf(index)] === 'water' || kinds[residueOf(index)] === 'ion')) continue;
    indices.push(index);
    widest = Math.max(widest, element.covalentRadius);
  }
  const ofHydrogen: Pair[] = [];
  visitPairsWithin(2 * widest + SLACK, positions, indices, lattice, (i, j, distance) => {
    if (!(loose[i] || loose[j]) || distance < NEAREST) return;
    const [a, b] = [elements[i]!, elements[j]!];
    if (distance > a.covalentRadius + b.covalentRadius + SLACK) return;
    const [hydrogenI, hydrogenJ] = [isHydrogen(a.symbol), isHydrogen(b.symbol)];
    if (hydrogenI && hydrogenJ) return;
    if (hydrogenI || hydrogenJ) {
      if (!bonded[hydrogenI ? i : j]) ofHydrogen.push(hydrogenI ? { i, j, distance } : { i: j, j: i, distance });
      return;
    }
    const metals = Number(isMetal(a.symbol)) + Number(isMetal(b.symbol));
    // A heme is one piece with its iron; a metal does not tie the protein around it together.
    const apart = residueOf(i) !== residueOf(j) && (kinds[residueOf(i)] || kinds[residueOf(j)]);
    if (metals === 2 || (metals === 1 && apart)) return;
    search.add(i, j);
  });
  const taken = new Set<number>();
  for (const { i, j } of ofHydrogen.sort(byDistance)) {
    if (taken.has(i)) continue;
    search.add(i, j);
    taken.add(i);
  }
}
