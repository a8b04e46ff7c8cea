/**
 * Statistics of a molecule's conformations (models/conformation-statistics.ts), for networks that are made for one
 * molecule: from its training set, and back from a run record. Model units.
 */
import { z } from 'zod';
import { ErgodicError } from '../../errors.ts';
import { beadTree, placements } from '../../models/bead-tree.ts';
import { type ConformationStatistics, conformationStatistics } from '../../models/conformation-statistics.ts';
import type { Topology } from '../../systems/topology.ts';
import { allTorsions, torsionsOf } from '../../systems/torsions.ts';
import type { TrainingSet } from './data-set.ts';

const index = z.int().min(0);
const quadruple = z.tuple([index, index, index, index]);
const numbers = z.array(z.number());
const moments = z.tuple([z.number(), z.number().positive()]);
const placedBead = z.strictObject({
  bead: index,
  from: z.array(index).max(3),
  length: moments.optional(),
  angle: moments.optional(),
  turn: moments.optional(),
});

export const statisticsSchema = z
  .strictObject({
    beads: z.int().min(2),
    torsions: z.array(quadruple),
    rotatable: z.array(z.strictObject({ atoms: quadruple, moved: z.array(index) })),
    distances: z.strictObject({ means: numbers, deviations: numbers }),
    stiff: z.strictObject({
      pairs: z.array(index),
      heights: z.array(quadruple),
      heightMeans: numbers,
      weights: numbers,
      variances: z.array(z.number().positive()),
    }),
    shape: z.strictObject({ vectors: numbers, variances: z.array(z.number().positive()) }),
    meanSquareForce: z.number().positive().optional(),
    example: numbers.optional(),
    tree: z.array(placedBead).optional(),
  })
  .refine(fitsTogether, { error: 'its arrays do not fit its number of beads' });

const two = z.tuple([z.number(), z.number()]);

export const statisticsByKindSchema = z.strictObject({
  scale: z.number().positive(),
  moments: z.record(z.string(), two),
  stiff: z.record(z.string(), two),
  together: z.record(z.string(), two),
  meanSquareForce: z.number().positive().optional(),
});

function fitsTogether({
  beads,
  torsions,
  rotatable,
  distances,
  stiff,
  shape,
  example,
  tree = [],
}: ConformationStatistics): boolean {
  const pairs = (beads * (beads - 1)) / 2;
  const coordinates = stiff.pairs.length + stiff.heights.length;
  const turned = rotatable.flatMap(({ atoms, moved }) => [atoms, moved]);
  const named = [torsions, stiff.heights, turned, tree.map(({ bead, from }) => [bead, ...from])].flat(2);
  return (
    distances.means.length === pairs &&
    distances.deviations.length === pairs &&
    stiff.pairs.every((pair) => pair < pairs) &&
    stiff.heightMeans.length === stiff.heights.length &&
    stiff.weights.length === coordinates * stiff.variances.length &&
    shape.vectors.length === beads * (beads - 1) &&
    shape.variances.length === beads - 1 &&
    named.every((bead) => bead < beads) &&
    (!example || example.length === 3 * beads)
  );
}

export function requireOneMolecule(sets: readonly TrainingSet[]): void {
  if (sets.length === 1) return;
  throw new ErgodicError(
    'Invariant energies, mode energies and generators learn one molecule, and there are several to train on: ' +
      'use the networks local and local-shape, or graph-transformer.',
  );
}

/** Of the beads of a molecule, from the frames that are trained on. `scale`: of the data, nm. */
export function statisticsOf(
  [set]: readonly TrainingSet[],
  { atoms, bonds }: Pick<Topology, 'atoms' | 'bonds'>,
  scale: number,
): ConformationStatistics {
  if (!set) throw new Error('Statistics need conformations.');
  const { positions, forces } = set.columns;
  const molecule = { beads: atoms.length, bonds };
  const conformations = { positions: positions.values, forces: forces?.values, frames: set.count, scale };
  const statistics = conformationStatistics(conformations, {
    beads: atoms.length,
    torsions: allTorsions(molecule),
    rotatable: torsionsOf(molecule),
  });
  const width = 3 * atoms.length;
  const placed = placements(atoms.length, bonds);
  const at = (frame: number) => positions.values.subarray(frame * width, (frame + 1) * width);
  const tree = placed && beadTree(placed, { count: set.count, at });
  return tree ? { ...statistics, tree } : statistics;
}
