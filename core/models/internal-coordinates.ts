/**
 * Internal coordinates of one molecule in noise, as tensors (method §4): the prior energy of its stiff coordinates, and
 * distances, heights, torsions and triple products, each with mean 0 and variance about 1 at any noise level. All of them
 * are the same for a rotated molecule; heights, sines and triple products change sign with chirality. Distances in noise have
 * the mean √(m²μ² + 4σ²). Not here: what networks make of them.
 */
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
  sub,
  sum,
  transpose,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { type ConformationStatistics, pairsOf, type Quadruple } from './conformation-statistics.ts';
import type { NoiseLevel } from './network.ts';
import { cross, dot, each, type Vector } from './vectors.ts';

/** Triple products of all choices of four beads, for at most as many choices: they grow with the fourth power. */
const MOST_TRIPLE_PRODUCTS = 15;
/** Keeps square roots differentiable where beads meet. */
const LEAST_SQUARE = 1e-8;
const LEAST_AREA = 1e-6;

/** Which differences of beads the features are made of, as columns of one matrix, and what they are called. */
interface Differences {
  /** [beads, columns]: a column is +1 at one bead and −1 at another. */
  readonly matrix: Tensor;
  /** Ranges of columns. */
  readonly stiff: Columns;
  readonly soft: Columns;
  readonly heights: readonly [Columns, Columns, Columns];
  readonly torsions: readonly [Columns, Columns, Columns];
  readonly triples: readonly [Columns, Columns, Columns];
}

type Columns = readonly [from: number, to: number];

export function differencesOf(statistics: ConformationStatistics): Differences {
  const { beads, stiff, torsions } = statistics;
  const pairs = pairsOf(beads);
  const columns: (readonly [number, number])[] = [];
  const taken = (added: readonly (readonly [number, number])[]): Columns => {
    columns.push(...added);
    return [columns.length - added.length, columns.length];
  };
  const from = (quadruples: readonly Quadruple[], base: number, bead: number) =>
    taken(quadruples.map((q) => [q[bead]!, q[base]!]));
  const isStiff = new Set(stiff.pairs);
  const found = {
    // Of a pair the direction does not matter: only its length is used.
    stiff: taken(stiff.pairs.map((p) => pairs[p]!)),
    soft: taken(pairs.filter((_, p) => !isStiff.has(p))),
    heights: [from(stiff.heights, 0, 1), from(stiff.heights, 0, 2), from(stiff.heights, 0, 3)] as const,
    torsions: [from(torsions, 0, 1), from(torsions, 1, 2), from(torsions, 2, 3)] as const,
    triples: [1, 2, 3].map((bead) => from(choicesOfFour(beads), 0, bead)) as unknown as readonly [
      Columns,
      Columns,
      Columns,
    ],
  };
  const entries = new Float64Array(beads * columns.length);
  for (const [column, [plus, minus]] of columns.entries()) {
    entries[plus * columns.length + column] = 1;
    entries[minus * columns.length + column] = -1;
  }
  return { matrix: constant(entries, [beads, columns.length]), ...found };
}

function choicesOfFour(beads: number): Quadruple[] {
  if ((beads * (beads - 1) * (beads - 2) * (beads - 3)) / 24 > MOST_TRIPLE_PRODUCTS) return [];
  const all = Array.from({ length: beads }, (_, i) => i);
  return all.flatMap((a) =>
    all
      .slice(a + 1)
      .flatMap((b) => all.slice(b + 1).flatMap((c) => all.slice(c + 1).map((d): Quadruple => [a, b, c, d]))),
  );
}

export const lengthOf = ([from, to]: Columns): number => to - from;

const present = (columns: Columns): boolean => lengthOf(columns) > 0;

/**
 * xs [rows, N, 3] at one noise level; each feature [rows, columns], and absent where there are no columns. `gaussian`: the
 * energy that the prior begins with, ½|x|² unless given.
 */
export function internalCoordinates(
  statistics: ConformationStatistics,
  xs: Tensor,
  { mean, variance }: NoiseLevel,
  gaussian = mul(sum(mul(xs, xs), [1, 2]), 0.5),
) {
  const { stiff, distances } = statistics;
  const [rows, beads] = xs.shape as [number, number, number];
  const meanSquare = mul(mean, mean);
  const of = differencesOf(statistics);
  const all = transpose(xs, [2, 0, 1]);
  const position = (axis: number) => reshape(slice(all, 0, axis, axis + 1), [rows, beads]);
  const differences: Vector = each([position(0), position(1), position(2)], (x) => matmul(x, of.matrix));
  const take = ([from, to]: Columns): Vector => each(differences, (d) => slice(d, 1, from, to));
  /** One number for each column, in the order of a list of numbers. */
  const given = (values: readonly number[]) => constant(values, [values.length]);
  const lengths = (columns: Columns) => {
    const r = take(columns);
    return sqrt(add(dot(r, r), LEAST_SQUARE));
  };
  /** Deviations of distances from their mean in noise. */
  const deviations = (columns: Columns, pairs: readonly number[]) =>
    sub(lengths(columns), lengthInNoise(given(pairs.map((p) => distances.means[p]! ** 2)), { mean, variance }));
  /** In standard deviations; noise adds twice its variance to a coordinate. */
  const scaled = (values: Tensor, variances: readonly number[]) =>
    mul(values, reciprocal(sqrt(add(mul(meanSquare, given(variances)), mul(variance, 2)))));
  const squares = (pairs: readonly number[]) => pairs.map((p) => distances.deviations[p]! ** 2);

  const stiffDistances = present(of.stiff) ? deviations(of.stiff, stiff.pairs) : undefined;
  const heights = present(of.heights[0])
    ? sub(heightsOf(of, take, variance), mul(mean, given(stiff.heightMeans)))
    : undefined;
  const coordinates = [stiffDistances, heights].filter((one) => one !== undefined);
  let prior = gaussian;
  let modes: Tensor | undefined;
  if (coordinates.length > 0) {
    const count = stiff.variances.length;
    const toModes = constant(stiff.weights, [stiff.weights.length / count, count]);
    const y = matmul(concat(coordinates, 1), toModes);
    const inverse = reciprocal(add(mul(meanSquare, given(stiff.variances)), variance));
    prior = add(prior, mul(sum(mul(mul(y, y), sub(inverse, 1)), [1]), 0.5));
    modes = mul(y, sqrt(inverse));
  }
  const soft = softPairsOf(statistics);
  const triples = () => {
    const [a, b, c] = of.triples.map(take) as [Vector, Vector, Vector];
    return mul(dot(a, cross(b, c)), 1 / 3);
  };
  return {
    /** `½|x|² + ½ Σ_k [1/(m²λ_k + σ²) − 1] y_k²` of the stiff modes, [rows]. */
    prior,
    modes,
    stiffDistances: stiffDistances && scaled(stiffDistances, squares(stiff.pairs)),
    /** As they are, in noise. */
    softLengths: present(of.soft) ? lengths(of.soft) : undefined,
    softDistances: present(of.soft) ? scaled(deviations(of.soft, soft), squares(soft)) : undefined,
    heights:
      heights &&
      scaled(
        heights,
        stiff.heightMeans.map(() => HEIGHT_VARIANCE),
      ),
    /** Cosines and sines. */
    torsions: present(of.torsions[0]) ? torsionsOf(of, take, variance) : undefined,
    triples: present(of.triples[0]) ? triples() : undefined,
  };
}

/** √(m²μ² + 4σ²), the mean in noise of a distance, from its square without. */
export const lengthInNoise = (square: Tensor | number, { mean, variance }: NoiseLevel): Tensor =>
  sqrt(add(mul(mul(mean, mean), square), mul(variance, 4)));

/** Of a stiff height, about, in squared data scales. */
const HEIGHT_VARIANCE = 2e-3;

/** In their order among the features. */
export function softPairsOf({ distances, stiff }: ConformationStatistics): number[] {
  const isStiff = new Set(stiff.pairs);
  return distances.means.flatMap((_, p) => (isStiff.has(p) ? [] : [p]));
}

/** Of a bead above a plane, [rows, heights]: softened where noise makes the plane undefined. */
function heightsOf({ heights }: Differences, take: (columns: Columns) => Vector, variance: Tensor): Tensor {
  const [a, b, c] = heights.map(take) as [Vector, Vector, Vector];
  const normal = cross(a, b);
  return mul(dot(normal, c), reciprocal(sqrt(add(dot(normal, normal), add(mul(variance, 0.3), LEAST_AREA)))));
}

/** Cosine and sine of torsions, [rows, torsions] each, which fade into noise. */
function torsionsOf({ torsions }: Differences, take: (columns: Columns) => Vector, variance: Tensor): Tensor[] {
  const [a, b, c] = torsions.map(take) as [Vector, Vector, Vector];
  const [first, second] = [cross(a, b), cross(b, c)];
  const softening = add(variance, LEAST_AREA);
  const areas = mul(add(dot(first, first), softening), add(dot(second, second), softening));
  const inverse = mul(reciprocal(sqrt(areas)), 1.5);
  const axis = sqrt(add(dot(b, b), LEAST_SQUARE));
  return [mul(dot(first, second), inverse), mul(mul(axis, dot(a, second)), inverse)];
}
