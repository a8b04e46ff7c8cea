/**
 * Beads by kind, for what transfers between molecules: the kind of a bead, `CA/C3`, is what chemists would call it and, behind
 * the slash, a coarser one that takes its place where it has not been seen. What is known of a pair, a height or a
 * torsion is known by the kinds of its beads and by how many bonds lie between them. Plain data. Not here: how chemistry
 * gives kinds (systems/bead-kinds.ts), or any numbers.
 */
import { type BondedStructure, heightCandidates, type Quadruple } from './conformation-statistics.ts';

export interface KindedStructure extends BondedStructure {
  /** Of each bead. */
  readonly kinds: readonly string[];
  /** Beads of each; without any the beads are a chain. */
  readonly bonds: readonly (readonly [number, number])[];
}

/** The molecule at hand, and those that a model has learned from: its tables and weights are by their kinds. */
export interface KnownKinds {
  readonly own: KindedStructure;
  readonly known: readonly KindedStructure[];
}

/** Bonds apart beyond which all pairs are alike. */
const FAR = 12;

/** Bonds between each two beads, at most 12: [beads][beads]. */
export function bondsApart({ beads, bonds }: Pick<KindedStructure, 'beads' | 'bonds'>): number[][] {
  const chain = Array.from({ length: Math.max(0, beads - 1) }, (_, i): [number, number] => [i, i + 1]);
  const neighbours = Array.from({ length: beads }, (): number[] => []);
  for (const [a, b] of bonds.length > 0 ? bonds : chain) {
    neighbours[a]!.push(b);
    neighbours[b]!.push(a);
  }
  return neighbours.map((_, start) => {
    const apart = new Array<number>(beads).fill(FAR);
    apart[start] = 0;
    const reached = [start];
    for (const bead of reached) {
      for (const next of neighbours[bead]!) {
        if (apart[next]! <= apart[bead]! + 1 || apart[bead]! + 1 >= FAR) continue;
        apart[next] = apart[bead]! + 1;
        reached.push(next);
      }
    }
    return apart;
  });
}

/** The part of a kind that still fits where the whole one has not been seen. */
export const coarser = (kind: string): string => kind.slice(kind.lastIndexOf('/') + 1);

/** What a number is about, by kind: the finest name first, then those to look under where it is unknown. */
export type Names = readonly string[];

/** Beads in an order that matters: their kinds, and the bonds from each to all before it. */
export function nameOf(structure: KindedStructure, apart: readonly (readonly number[])[], beads: readonly number[]) {
  const between = beads.map((bead, i) => beads.slice(0, i).map((other) => apart[bead]![other]!));
  const kinds = beads.map((bead) => structure.kinds[bead]!);
  const written = (of: readonly string[]) => of.map((kind, i) => [kind, ...between[i]!].join(' ')).join(', ');
  return [written(kinds), written(kinds.map(coarser))] as const;
}

/** Bonds within which a distance follows from the beads between. */
const NEAR = 3;

/** Of two beads, and those between them where they are near; the other way round they have the same names. */
export function pairNames(
  structure: KindedStructure,
  apart: readonly (readonly number[])[],
  [i, j]: readonly [number, number],
): Names {
  const all = apart[i]![j]!;
  const between = (from: number, to: number) =>
    structure.kinds
      .flatMap((_, bead) => (all <= NEAR && apart[from]![bead]! + apart[bead]![to]! === all ? [bead] : []))
      .filter((bead) => bead !== from && bead !== to)
      .sort((a, b) => apart[from]![a]! - apart[from]![b]! || compareKinds(structure.kinds[a]!, structure.kinds[b]!));
  const there = nameOf(structure, apart, [i, ...between(i, j), j]);
  const back = nameOf(structure, apart, [j, ...between(j, i), i]);
  return [...there.map((name, level) => (name < back[level]! ? name : back[level]!)), `${all} apart`];
}

/**
 * Heights that may be stiff, each with its beads in an order that follows from kinds and bonds: for any indices of the
 * beads a height has one sign, and of a chain of four beads it is the same end that stands above the others.
 */
export function kindedHeights(structure: KindedStructure, apart: readonly (readonly number[])[]): Quadruple[] {
  return heightCandidates(structure).map((quadruple): Quadruple => {
    const [a, b, c, d] = quadruple;
    const isChain = apart[a]![b] === 1 && apart[b]![c] === 1 && apart[c]![d] === 1;
    if (isChain) {
      const back: Quadruple = [d, c, b, a];
      return nameOf(structure, apart, quadruple)[0] <= nameOf(structure, apart, back)[0] ? quadruple : back;
    }
    const plane = [a, b, c].sort((i, j) => compareKinds(structure.kinds[i]!, structure.kinds[j]!) || i - j);
    return [...plane, d] as unknown as Quadruple;
  });
}

export const compareKinds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Before there are molecules: a chain of beads of one kind. */
export function assumedKinds(bonded: BondedStructure): KnownKinds {
  const kinds = Array.from({ length: bonded.beads }, () => 'bead/bead');
  const own = { ...bonded, kinds, bonds: [] };
  return { own, known: [own] };
}
