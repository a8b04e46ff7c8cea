/**
 * The pairs of atoms whose distances are compared, and the elements of each: all pairs, or, where there are more than a
 * thousand, a thousand taken evenly from their list. Not the distances (geometry/distances.ts).
 */
import { isHydrogen } from '../../systems/elements.ts';
import type { Topology } from '../../systems/topology.ts';
import type { Pair } from '../geometry/distances.ts';

export interface DistancePairs {
  readonly pairs: readonly Pair[];
  /** "C–H"; none where a bead has no element, or where all pairs are of the same ones. */
  readonly kinds: readonly string[];
  /** Index of the kind of each pair. */
  readonly kindOf: readonly number[];
}

const MOST_PAIRS = 1000;

export function distancePairs({ atoms }: Pick<Topology, 'atoms'>): DistancePairs {
  const all = atoms.flatMap((_, i) => atoms.slice(i + 1).map((_unused, j): Pair => [i, i + 1 + j]));
  const kept = Math.min(all.length, MOST_PAIRS);
  const pairs = Array.from({ length: kept }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / kept)]!);
  const labels = pairs.map((pair) => {
    const [first, second] = pair.map((atom) => atoms[atom]!.element).sort(asInFormulas);
    return `${first}–${second}`;
  });
  const kinds = [...new Set(labels)].sort((a, b) => {
    const [one, other] = [a.split('–'), b.split('–')];
    return asInFormulas(one[0]!, other[0]!) || asInFormulas(one[1]!, other[1]!);
  });
  if (kinds.length < 2 || atoms.some(({ element }) => element === '')) return { pairs, kinds: [], kindOf: [] };
  return { pairs, kinds, kindOf: labels.map((label) => kinds.indexOf(label)) };
}

/** Carbon first and hydrogen last. */
function asInFormulas(a: string, b: string): number {
  const rank = (element: string) => (element === 'C' ? 0 : isHydrogen(element) ? 2 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
