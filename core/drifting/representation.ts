/**
 * In what configurations are compared when a generator is trained (method §10): coordinates of a toy, or internal coordinates
 * of a molecule's beads, which no rotation changes. Rows are configurations. Not here: the field in that space.
 */
import type { ConformationStatistics } from '../models/conformation-statistics.ts';
import { pairsOf } from '../models/conformation-statistics.ts';
import { cross, dot, each, type Vector } from '../models/vectors.ts';
import {
  add,
  concat,
  constant,
  matmul,
  mul,
  reciprocal,
  reshape,
  slice,
  sqrt,
  transpose,
} from '../program/primitives.ts';
import { type Shape, sizeOf, type Tensor } from '../program/tensor.ts';

export const representations = ['coordinates', 'distances', 'scaled-distances', 'internal'] as const;
export type Representation = (typeof representations)[number];

/** Square of a length below which its derivative is no longer exact, data scales². */
const EPSILON = 1e-8;
/** No distance counts more than one of this standard deviation, data scales. */
const LEAST_DEVIATION = 1e-3;
/** Of the cosine and the sine of a torsion, relative to distances of the mean width. */
const TORSION_WEIGHT = 2;

/** [rows, …shape] → [rows, features]. */
export type Features = (configurations: Tensor) => Tensor;

export function featuresOf(
  representation: Representation,
  shape: Shape,
  statistics: ConformationStatistics | undefined,
): Features {
  if (representation === 'coordinates') return (x) => reshape(x, [x.shape[0]!, sizeOf(shape)]);
  const pairs = pairsOf(shape[0]!);
  if (representation === 'distances') return (x) => lengths(differences(x, pairs));
  const widths = Float64Array.from(statistics!.distances.deviations, (own) => Math.max(own, LEAST_DEVIATION));
  const size = Math.sqrt(meanOf(widths.map((width) => 1 / width)));
  const factors = constant(
    widths.map((width) => 1 / (size * Math.sqrt(width))),
    [1, pairs.length],
  );
  const scaled: Features = (x) => mul(lengths(differences(x, pairs)), factors);
  if (representation === 'scaled-distances') return scaled;
  const { torsions } = statistics!;
  const weight = (TORSION_WEIGHT * meanOf(widths.map(Math.sqrt))) / size;
  return (x) => concat([scaled(x), mul(torsionsOf(x, torsions), weight)], 1);
}

const meanOf = (values: Float64Array): number => values.reduce((total, value) => total + value, 0) / values.length;

/** From the first to the second bead of each pair, [rows, pairs] along each axis. */
function differences(x: Tensor, pairs: readonly (readonly [number, number])[]): Vector {
  const [rows, beads] = x.shape as [number, number, number];
  const entries = new Float64Array(beads * pairs.length);
  for (const [column, [from, to]] of pairs.entries()) {
    entries[to * pairs.length + column] = 1;
    entries[from * pairs.length + column] = -1;
  }
  const matrix = constant(entries, [beads, pairs.length]);
  const byAxis = transpose(x, [2, 0, 1]);
  const along = (axis: number) => matmul(reshape(slice(byAxis, 0, axis, axis + 1), [rows, beads]), matrix);
  return [along(0), along(1), along(2)];
}

const lengths = (of: Vector): Tensor => sqrt(add(dot(of, of), EPSILON));

/** Cosines and sines, [rows, 2 × torsions]. */
function torsionsOf(x: Tensor, torsions: ConformationStatistics['torsions']): Tensor {
  const count = torsions.length;
  const bonds = ([0, 1, 2] as const).flatMap((from) =>
    torsions.map((atoms): [number, number] => [atoms[from], atoms[from + 1]!]),
  );
  const all = differences(x, bonds);
  const bond = (i: number): Vector => each(all, (d) => slice(d, 1, i * count, (i + 1) * count));
  const [a, b, c] = [bond(0), bond(1), bond(2)];
  const [first, second] = [cross(a, b), cross(b, c)];
  const areas = mul(add(dot(first, first), EPSILON), add(dot(second, second), EPSILON));
  const inverse = reciprocal(sqrt(areas));
  return concat([mul(dot(first, second), inverse), mul(mul(lengths(b), dot(a, second)), inverse)], 1);
}
