/**
 * Exchanges of like atoms that change nothing of a molecule: turns of a methyl group by a third, and, of a molecule without a
 * chiral centre, its mirror image with two like atoms of each centre exchanged. Found from elements and bonds.
 * Not here: exchanges of whole groups, or of molecules.
 */
import type { Bond } from './topology.ts';

export interface Symmetry {
  /** Index of the atom that comes in the place of each. */
  readonly from: readonly number[];
  /** Whether positions and forces change their sign. */
  readonly isMirrored: boolean;
}

interface Bonded {
  readonly atoms: readonly { readonly element: string }[];
  readonly bonds: readonly Bond[];
}

/** All of them, the one that changes nothing first. */
export function symmetriesOf({ atoms, bonds }: Bonded): Symmetry[] {
  const neighbours = atoms.map((): number[] => []);
  for (const [a, b] of bonds) {
    neighbours[a]!.push(b);
    neighbours[b]!.push(a);
  }
  const isTerminal = (atom: number) => neighbours[atom]!.length === 1;
  const like = (around: readonly number[]) =>
    around
      .filter(isTerminal)
      .map((atom) => around.filter((other) => isTerminal(other) && atoms[other]!.element === atoms[atom]!.element))
      .reduce<readonly number[]>((most, group) => (group.length > most.length ? group : most), []);
  let all: Symmetry[] = [{ from: atoms.map((_, i) => i), isMirrored: false }];
  for (const around of neighbours) {
    const three = like(around);
    if (around.length !== 4 || three.length !== 3) continue;
    const turn = exchanged(atoms.length, three, [three[1]!, three[2]!, three[0]!]);
    const back = exchanged(atoms.length, three, [three[2]!, three[0]!, three[1]!]);
    all = all.flatMap((one) => [one, after(one, turn, false), after(one, back, false)]);
  }
  const centres = neighbours.filter((around) => around.length > 3);
  const pairs = centres.map((around) => like(around).slice(0, 2));
  if (pairs.length === 0 || pairs.some((pair) => pair.length < 2)) return all;
  const swapped = [...all[0]!.from];
  for (const [a, b] of pairs) [swapped[a!], swapped[b!]] = [swapped[b!]!, swapped[a!]!];
  return all.flatMap((one) => [one, after(one, swapped, true)]);
}

function exchanged(count: number, atoms: readonly number[], by: readonly number[]): number[] {
  const from = Array.from({ length: count }, (_, i) => i);
  for (const [i, atom] of atoms.entries()) from[atom] = by[i]!;
  return from;
}

const after = ({ from, isMirrored }: Symmetry, next: readonly number[], mirrors: boolean): Symmetry => ({
  from: next.map((atom) => from[atom]!),
  isMirrored: isMirrored !== mirrors,
});

/** Writes the vectors of one configuration, exchanged, into `out`. */
export function exchange(
  { from, isMirrored }: Symmetry,
  vectors: ArrayLike<number>,
  out: Float32Array,
  at: { readonly source: number; readonly target: number },
): void {
  const sign = isMirrored ? -1 : 1;
  for (let atom = 0; atom < from.length; atom++) {
    for (let axis = 0; axis < 3; axis++) {
      out[at.target + 3 * atom + axis] = sign * vectors[at.source + 3 * from[atom]! + axis]!;
    }
  }
}
