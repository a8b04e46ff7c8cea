/**
 * The torsions of a molecule of beads, from its bonds alone; no positions, no chemistry.
 *
 * `torsionsOf({ beads, bonds }) → { atoms: [i, j, k, l], moved }[]`: one for each rotatable bond j–k, which is one
 * outside rings whose both ends have further neighbours, in the order of its lower and then its higher index. `moved`
 * are the beads beyond k without k itself, sorted: the smaller side, and where both are equal that of the higher
 * index; i and l are the lowest neighbours of j and k. Turning `moved` about j → k by θ adds θ to the dihedral i–j–k–l.
 * `allTorsions({ beads, bonds }) → [i, j, k, l][]`: every bonded quadruple once, with j < k, rings included.
 * Without bonds the beads count as a chain. Sizes are numbers of beads; beads are named by index.
 */
import type { Quadruple, RotatableTorsion } from '../models/conformation-statistics.ts';
import type { Bond } from './topology.ts';

export interface BondedBeads {
  readonly beads: number;
  readonly bonds: readonly Bond[];
}

export function torsionsOf(molecule: BondedBeads): RotatableTorsion[] {
  const neighbours = neighboursOf(molecule);
  return centralBonds(neighbours).flatMap(([low, high]) => {
    const beyondHigh = sideOf(neighbours, low, high);
    if (beyondHigh.has(low)) return [];
    const beyondLow = sideOf(neighbours, high, low);
    const [j, k, side] = beyondHigh.size <= beyondLow.size ? [low, high, beyondHigh] : [high, low, beyondLow];
    const i = neighbours[j]!.find((bead) => bead !== k)!;
    const l = neighbours[k]!.find((bead) => bead !== j)!;
    return [{ atoms: [i, j, k, l] as const, moved: [...side].filter((bead) => bead !== k).sort((a, b) => a - b) }];
  });
}

export function allTorsions(molecule: BondedBeads): Quadruple[] {
  const neighbours = neighboursOf(molecule);
  return centralBonds(neighbours).flatMap(([j, k]) =>
    neighbours[j]!.filter((i) => i !== k).flatMap((i) =>
      neighbours[k]!.filter((l) => l !== j && l !== i).map((l): Quadruple => [i, j, k, l]),
    ),
  );
}

/** Of each bead, sorted, each once. */
function neighboursOf({ beads, bonds }: BondedBeads): number[][] {
  const sets = Array.from({ length: beads }, () => new Set<number>());
  const chain = Array.from({ length: Math.max(0, beads - 1) }, (_, bead): Bond => [bead, bead + 1]);
  for (const [a, b] of bonds.length > 0 ? bonds : chain) {
    sets[a]!.add(b);
    sets[b]!.add(a);
  }
  return sets.map((set) => [...set].sort((a, b) => a - b));
}

/** Bonds whose both ends have further neighbours, the lower index first, sorted. */
function centralBonds(neighbours: readonly number[][]): Bond[] {
  const goesOn = (bead: number) => neighbours[bead]!.length > 1;
  return neighbours.flatMap((list, low) =>
    list.filter((high) => high > low && goesOn(low) && goesOn(high)).map((high): Bond => [low, high]),
  );
}

/** What is reached from `end` without the bond to `other`, `end` included; holds `other` where the bond is in a ring. */
function sideOf(neighbours: readonly number[][], other: number, end: number): Set<number> {
  const reached = new Set([end]);
  for (const bead of reached) {
    for (const next of neighbours[bead]!) if (bead !== end || next !== other) reached.add(next);
  }
  return reached;
}
