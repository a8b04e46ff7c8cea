/**
 * In what configurations are compared when a generator is trained (method §10): coordinates, of a molecule after superposition,
 * or internal coordinates of its beads, which no rotation changes. Rows are configurations. Not here: the field in that space.
 */
import type { ConformationStatistics, Quadruple } from '../models/conformation-statistics.ts';
import { pairsOf } from '../models/conformation-statistics.ts';
import { differences, lengths, turnsOf } from '../models/distances-and-turns.ts';
import { mean } from '../program/functions.ts';
import { broadcast, concat, constant, mul, reshape, sub } from '../program/primitives.ts';
import { type Shape, sizeOf, type Tensor } from '../program/tensor.ts';
import { asTheyAre, type Relate } from './pairs.ts';
import { type FreeTurn, inOwnWidths } from './slices.ts';
import { turnedOnto } from './superposition.ts';

const spaces = ['coordinates', 'distances', 'scaled-distances', 'internal', 'turns', 'slices'] as const;
/** Where a field is made. */
export type Space = (typeof spaces)[number];
const together = ['coordinates-and-distances', 'turns-and-distances', 'turns-and-slices'] as const;
export const representations = [...spaces, ...together] as const;
export type Representation = (typeof representations)[number];

/** Each with a field of its own; what is generated follows all of them. */
export function spacesOf(representation: Representation, statistics?: ConformationStatistics): readonly Space[] {
  // Without a tree only costs are asked for, before there are data.
  const projections = statistics?.tree ? 'slices' : 'scaled-distances';
  if (representation === 'slices') return [projections];
  if (representation === 'coordinates-and-distances') return ['coordinates', 'scaled-distances'];
  if (representation !== 'turns-and-distances' && representation !== 'turns-and-slices') return [representation];
  const other = representation === 'turns-and-slices' ? projections : 'scaled-distances';
  return freeTurnsOf(statistics!).length > 0 ? ['turns', other] : [other];
}

/** No distance counts more than one of this standard deviation, data scales. */
const LEAST_DEVIATION = 1e-3;
/** Of the cosine and the sine of a torsion, relative to distances of the mean width. */
const TORSION_WEIGHT = 2;

/** [rows, …shape] → [rows, features]. */
export type Features = (configurations: Tensor) => Tensor;

export function featuresOf(space: Space, shape: Shape, statistics: ConformationStatistics | undefined): Features {
  if (space === 'coordinates') {
    return (x) => reshape(shape.length === 2 ? centred(x) : x, [x.shape[0]!, sizeOf(shape)]);
  }
  if (space === 'turns') {
    const turns = freeTurnsOf(statistics!).map(({ atoms }) => atoms);
    return (x) => {
      const { cosines, sines } = turnsOf(x, turns);
      return concat([cosines, sines], 1);
    };
  }
  if (space === 'slices') return (x) => inOwnWidths(statistics!.tree!, x);
  const pairs = pairsOf(shape[0]!);
  if (space === 'distances') return (x) => lengths(differences(x, pairs));
  const widths = Float64Array.from(statistics!.distances.deviations, (own) => Math.max(own, LEAST_DEVIATION));
  const size = Math.sqrt(meanOf(widths.map((width) => 1 / width)));
  const factors = constant(
    widths.map((width) => 1 / (size * Math.sqrt(width))),
    [1, pairs.length],
  );
  const scaled: Features = (x) => mul(lengths(differences(x, pairs)), factors);
  if (space === 'scaled-distances') return scaled;
  const { torsions } = statistics!;
  const weight = (TORSION_WEIGHT * meanOf(widths.map(Math.sqrt))) / size;
  return (x) => {
    const { cosines, sines } = turnsOf(x, torsions);
    return concat([scaled(x), mul(cosines, weight), mul(sines, weight)], 1);
  };
}

/** Bonds that parts of a molecule turn about freely. */
export function freeTurnsOf({ tree, rotatable }: ConformationStatistics): FreeTurn[] {
  if (!tree) return rotatable.map(({ atoms }) => ({ atoms, isEnd: false }));
  const parents = new Set(tree.flatMap(({ from }) => from.slice(0, 1)));
  const isEnd = (turned: number) => tree.every(({ bead, from }) => from[0] !== turned || !parents.has(bead));
  return tree.flatMap(({ bead, from, turn }) =>
    from.length === 3 && !turn ? [{ atoms: [bead, ...from] as unknown as Quadruple, isEnd: isEnd(from[0]!) }] : [],
  );
}

/** Molecules are compared after each is turned onto each other; the other spaces know no orientation. */
export const relationOf = (space: Space, shape: Shape): Relate =>
  space === 'coordinates' && shape.length === 2 ? turnedOnto(shape[0]!) : asTheyAre;

/** [rows, beads, 3]. */
const centred = (x: Tensor): Tensor => sub(x, broadcast(mean(x, [1]), x.shape, [0, 2]));

const meanOf = (values: Float64Array): number => values.reduce((total, value) => total + value, 0) / values.length;
