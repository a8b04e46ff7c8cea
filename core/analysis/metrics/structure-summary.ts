/**
 * What the measures of structure (structure-difference.ts) need of a set of conformations: how all distances between atoms
 * are distributed, the lengths of bonds, and histograms of torsions. A set is summarised once and compared with several
 * others. nm. Not for frames that are no numbers.
 */
import type { Bond, Topology } from '../../systems/topology.ts';
import { allTorsions, torsionsOf } from '../../systems/torsions.ts';
import { type Grid, histogram, probabilities } from '../free-energy/histogram.ts';
import type { Points } from '../free-energy/points.ts';
import type { Conformations } from '../geometry/conformations.ts';
import { dihedrals, type Quadruple } from '../geometry/dihedrals.ts';
import { distances } from '../geometry/distances.ts';
import { DistanceHistogram, distanceLimit } from './distance-histogram.ts';
import { type DistancePairs, distancePairs } from './distance-pairs.ts';
import { quantilesOf } from './quantiles.ts';

/** What is measured of a molecule. */
export interface StructureParts extends DistancePairs {
  readonly bonds: readonly Bond[];
  /** One for each rotatable bond; where none is, all bonded torsions. */
  readonly torsions: readonly Quadruple[];
  /** Where histograms of distances end, nm. */
  readonly limit: number;
}

export interface StructureSummary {
  /** Of the distances of all pairs. */
  readonly distances: DistanceHistogram;
  /** In the order of the kinds. */
  readonly byKind: readonly DistanceHistogram[];
  /** Of each pair. */
  readonly quantiles: readonly Float32Array[];
  /** Of all pairs together. */
  readonly pooledQuantiles: Float32Array;
  /** Lengths of each bond in each frame. */
  readonly bonds: Points;
  /** Probabilities of the bins of each torsion. */
  readonly torsions: readonly Float64Array[];
}

const TORSION_GRID: Grid = { limits: [[-Math.PI, Math.PI]], bins: 36, periodic: true };

export function structureParts({ atoms, bonds }: Topology, reference: Conformations): StructureParts {
  const beads = { beads: atoms.length, bonds };
  const rotatable = torsionsOf(beads).map((torsion): Quadruple => torsion.atoms);
  const chosen = distancePairs({ atoms });
  const largest = chosen.pairs.reduce((most, pair) => largestOf(distances(reference, [pair])[0]!, most), 0);
  return {
    ...chosen,
    bonds,
    torsions: rotatable.length > 0 ? rotatable : allTorsions(beads),
    limit: distanceLimit(largest),
  };
}

export function structureSummary(all: Conformations, parts: StructureParts): StructureSummary {
  const pooled = new DistanceHistogram(parts.limit);
  const byKind = parts.kinds.map(() => new DistanceHistogram(parts.limit));
  // One pair at a time, so that few copies are in memory.
  const quantiles = parts.pairs.map((pair, i) => {
    const lengths = distances(all, [pair])[0]!;
    pooled.add(lengths);
    byKind[parts.kindOf[i]!]?.add(lengths);
    return quantilesOf(lengths.sort());
  });
  return {
    distances: pooled,
    byKind,
    quantiles,
    pooledQuantiles: quantilesOf(joined(quantiles).sort()),
    bonds: distances(all, parts.bonds),
    torsions: dihedrals(all, parts.torsions).map((angles) => probabilities(histogram([angles], TORSION_GRID))),
  };
}

/** Every pair has as many distances, so quantiles of each stand for all of them. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  return all;
}

function largestOf(values: ArrayLike<number>, before: number): number {
  let most = before;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  return most;
}
