/**
 * The measures of structure (structure-difference.ts) beside their noise floor at equal count, as in equal-count.ts: n′ random
 * frames of the result against a part B of the reference, and as many frames A of the reference against the same B, five
 * times. A and B are parts of the reference alone, for every result. Each is of at most 2,500 frames, which is what the
 * time allows and more than these measures need. nm; nats; fractions.
 */
import type { Topology } from '../../systems/topology.ts';
import { type Conformations, pickFrames } from '../geometry/conformations.ts';
import { BIN_NUMBERS } from './distance-histogram.ts';
import { type AtEqualCount, compared } from './equal-count.ts';
import { RandomPicks } from './random-picks.ts';
import { type StructureDifference, structureDifference } from './structure-difference.ts';
import { type StructureParts, type StructureSummary, structureParts, structureSummary } from './structure-summary.ts';

export type BinnedVariation = AtEqualCount & { readonly bins: number };

export interface StructureQuality {
  /** Frames of the result, and of A. */
  readonly count: number;
  /** Frames of B. */
  readonly against: number;
  /** Where histograms of distances end, nm. */
  readonly limit: number;
  readonly distances: readonly BinnedVariation[];
  readonly byElements: readonly { readonly elements: string; readonly distances: readonly BinnedVariation[] }[];
  readonly pooledW2: AtEqualCount;
  readonly pairW2: AtEqualCount;
  readonly bondMeans: AtEqualCount;
  /** Null where all bonds are of fixed length. */
  readonly bondWidths: AtEqualCount | null;
  readonly within30: AtEqualCount;
  readonly within50: AtEqualCount;
  /** Null for molecules without one. */
  readonly torsions: AtEqualCount | null;
}

const SPLITS = 5;
/** Of a part. */
const MOST_FRAMES = 2500;

interface Truth {
  readonly a: StructureSummary;
  readonly b: StructureSummary;
}

/** Compares sets with a reference; null for one or for a reference of too few frames. Bonds must be known. */
export function structureAgainst(
  topology: Topology,
  reference: Conformations,
): (result: Conformations) => StructureQuality | null {
  const parts = structureParts(topology, reference);
  const known = new Map<number, readonly Truth[]>();
  return (result) => {
    const count = Math.min(result.frames, Math.floor(reference.frames / 2), MOST_FRAMES);
    if (count < 2) return null;
    const against = Math.min(reference.frames - count, MOST_FRAMES);
    const truths = known.get(count) ?? truthsOf(reference, parts, count, against);
    known.set(count, truths);
    const picks = new RandomPicks(1);
    const own = truths.map(({ b }) => {
      const [picked] = picks.parts(result.frames, count);
      return structureDifference(structureSummary(pickFrames(result, picked!.indices), parts), b);
    });
    const floor = truths.map(({ a, b }) => structureDifference(a, b));
    return { count, against, limit: parts.limit, ...besideFloor(own, floor, parts.kinds) };
  };
}

function truthsOf(reference: Conformations, parts: StructureParts, count: number, against: number): Truth[] {
  const picks = new RandomPicks(0);
  return Array.from({ length: SPLITS }, () => {
    const [a, b] = picks
      .parts(reference.frames, count, against)
      .map(({ indices }) => structureSummary(pickFrames(reference, indices), parts));
    return { a: a!, b: b! };
  });
}

function besideFloor(
  own: readonly StructureDifference[],
  floor: readonly StructureDifference[],
  kinds: readonly string[],
): Omit<StructureQuality, 'count' | 'against' | 'limit'> {
  const measure = (of: (one: StructureDifference) => number) => compared(own.map(of), floor.map(of));
  const orNull = (of: (one: StructureDifference) => number) =>
    [...own, ...floor].some((one) => Number.isNaN(of(one))) ? null : measure(of);
  const binned = (of: (one: StructureDifference) => readonly number[]) =>
    BIN_NUMBERS.map((bins, i) => ({ bins, ...measure((one) => of(one)[i]!) }));
  return {
    distances: binned(({ distances }) => distances),
    byElements: kinds.map((elements, kind) => ({ elements, distances: binned(({ byKind }) => byKind[kind]!) })),
    pooledW2: measure(({ pooledW2 }) => pooledW2),
    pairW2: measure(({ pairW2 }) => pairW2),
    bondMeans: measure(({ bondMeans }) => bondMeans),
    bondWidths: orNull(({ bondWidths }) => bondWidths),
    within30: measure(({ within30 }) => within30),
    within50: measure(({ within50 }) => within50),
    torsions: orNull(({ torsions }) => torsions),
  };
}
