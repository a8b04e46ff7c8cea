/**
 * Beads by kind, for what transfers between molecules: the kind of a bead, `CA/C3`, is what chemists would call it and, behind
 * the slash, a coarser one that takes its place where it has not been seen. What is known of a pair, a height or a
 * torsion is known by the kinds of its beads and by how many bonds lie between them. Plain data. Not here: how chemistry
 * gives kinds (systems/bead-kinds.ts), or any numbers.
 */
import type { BondedStructure } from './conformation-statistics.ts';

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

/** What a number is about, by kind: the finer name, and the one to look under where that one is unknown. */
export type Names = readonly [fine: string, coarse: string];

/** Beads in an order that matters: their kinds, and the bonds from each to all before it. */
export function nameOf(structure: KindedStructure, apart: readonly (readonly number[])[], beads: readonly number[]) {
  const between = beads.map((bead, i) => beads.slice(0, i).map((other) => apart[bead]![other]!));
  const kinds = beads.map((bead) => structure.kinds[bead]!);
  const written = (of: readonly string[]) => of.map((kind, i) => [kind, ...between[i]!].join(' ')).join(', ');
  return [written(kinds), written(kinds.map(coarser))] as Names;
}

/** Beads that may as well stand the other way round: the order whose name comes first. */
export function eitherWay(
  structure: KindedStructure,
  apart: readonly (readonly number[])[],
  beads: readonly number[],
): Names {
  const [there, back] = [nameOf(structure, apart, beads), nameOf(structure, apart, beads.toReversed())];
  return [there[0] < back[0] ? there[0] : back[0], there[1] < back[1] ? there[1] : back[1]];
}

/** Before there are molecules: a chain of beads of one kind. */
export function assumedKinds(bonded: BondedStructure): KnownKinds {
  const kinds = Array.from({ length: bonded.beads }, () => 'bead/bead');
  const own = { ...bonded, kinds, bonds: [] };
  return { own, known: [own] };
}
