/**
 * The invariant energy of one molecule (method §4): right bonds and angles at every noise level before the first step,
 * and a small residual network of internal coordinates for the rest. A hundred times cheaper than attention.
 *
 * With y the deviations along stiff modes of variances λ (conformation-statistics.ts),
 * `E = ½|x|² + ½ Σ_k [1/(m²λ_k + σ²) − 1] y_k² + network`, which is a Gaussian at t = 1. The network sees y, distances, the sine and
 * cosine of torsions, and for few beads all triple products, each softened by the noise; distances in noise have the
 * mean √(m²μ² + 4σ²). All of them are the same for a rotated molecule; triple products and sines change sign with
 * chirality. Time is seen through log(σ² + v), so that t → 0 inherits what larger t have learned.
 */
import {
  add,
  concat,
  constant,
  cos,
  exp,
  log,
  matmul,
  mul,
  reciprocal,
  reshape,
  sin,
  slice,
  sqrt,
  sub,
  sum,
  transpose,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { assumedStatistics, type ConformationStatistics, pairsOf, type Quadruple } from './conformation-statistics.ts';
import type { Network, NoiseLevel } from './network.ts';
import { type NamedTensors, weight } from './parameters.ts';
import { type ResidualMlp, residualMlp, residualMlpParameters, residualMlpSettings, rowOf } from './residual-mlp.ts';
import { type SeenModes, shapeFeatureCount, shapeFeatures } from './shape-features.ts';
import { cross, dot, each, type Vector } from './vectors.ts';

export interface InvariantEnergySpec extends ResidualMlp, Partial<SeenModes> {
  readonly kind: 'invariant';
  readonly statistics: ConformationStatistics;
  /** v: noise variance below which the network sees no time. */
  readonly timeResolution: number;
  /** Radial functions of each soft distance that add to the energy; 0 or absent: none. */
  readonly radial?: number;
}

/** Triple products of all choices of four beads, for at most as many choices: they grow with the fourth power. */
const MOST_TRIPLE_PRODUCTS = 15;
const TIME_FEATURES = 8;
/** Keeps square roots differentiable where beads meet. */
const LEAST_SQUARE = 1e-8;
const LEAST_AREA = 1e-6;
/** Centres of radial functions, in bond lengths; each is as wide as they are apart. */
const NEAREST_SHELL = 1.2;
const BETWEEN_SHELLS = 0.4;
const FIRST_RADIAL = 0.01;

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

function differencesOf(statistics: ConformationStatistics): Differences {
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

const lengthOf = ([from, to]: Columns): number => to - from;

function featureCount(spec: InvariantEnergySpec): number {
  const { statistics } = spec;
  const { stiff, soft, torsions, triples } = differencesOf(statistics);
  const modes = statistics.stiff.variances.length;
  const internal =
    (lengthOf(stiff) > 0 ? modes : 0) + lengthOf(soft) + 2 * lengthOf(torsions[0]) + lengthOf(triples[0]);
  const seen = modesOf(spec);
  return internal + (seen ? shapeFeatureCount(seen) : 0);
}

/** Of all soft distances. */
const radialCount = ({ statistics, radial = 0 }: InvariantEnergySpec): number =>
  radial * (statistics.distances.means.length - statistics.stiff.pairs.length);

/** Modes of the shape that the network sees beside internal coordinates, if it does. */
function modesOf({ statistics, modes = 0, chiralModes = 0 }: InvariantEnergySpec): SeenModes | undefined {
  return modes > 0 ? { statistics, modes, chiralModes } : undefined;
}

/** [] → [1, 8]; saturates where σ² is below v. */
function timeFeatures({ mean, variance }: NoiseLevel, resolution: number): Tensor {
  const whole = Math.log(resolution);
  const u = sub(1, mul(log(add(variance, resolution)), 2 / whole));
  const around = (phase: Tensor, turns: number) => [sin(mul(phase, turns * Math.PI)), cos(mul(phase, turns * Math.PI))];
  const features = [u, ...around(u, 1), ...around(u, 2), sub(mul(mean, 2), 1), ...around(mean, 1)];
  return rowOf(features);
}

/** xs [rows, N, 3] at one noise level → [rows]. */
function energies(spec: InvariantEnergySpec, weights: NamedTensors, xs: Tensor, noise: NoiseLevel): Tensor {
  const { statistics, timeResolution } = spec;
  const { stiff, distances } = statistics;
  const [rows, beads] = xs.shape as [number, number, number];
  const { mean, variance } = noise;
  const meanSquare = mul(mean, mean);
  const of = differencesOf(statistics);
  const all = transpose(xs, [2, 0, 1]);
  const position = (axis: number) => reshape(slice(all, 0, axis, axis + 1), [rows, beads]);
  const differences: Vector = each([position(0), position(1), position(2)], (x) => matmul(x, of.matrix));
  const take = ([from, to]: Columns): Vector => each(differences, (d) => slice(d, 1, from, to));
  /** One number for each column, in the order of a list of numbers. */
  const given = (values: readonly number[]) => constant(values, [values.length]);
  const scale = (signal: Tensor, factor: number) =>
    reciprocal(sqrt(add(mul(meanSquare, signal), mul(variance, factor))));

  /** Deviations of distances from their mean in noise. */
  const deviations = (columns: Columns, pairs: readonly number[]) => {
    const r = take(columns);
    const d = sqrt(add(dot(r, r), LEAST_SQUARE));
    const means = given(pairs.map((p) => distances.means[p]! ** 2));
    return sub(d, sqrt(add(mul(meanSquare, means), mul(variance, 4))));
  };
  const present = (columns: Columns) => lengthOf(columns) > 0;
  const features: Tensor[] = [];
  const seen = modesOf(spec);
  const whole = seen && shapeFeatures(seen, xs, noise);
  let prior = whole ? whole.gaussian : mul(sum(mul(xs, xs), [1, 2]), 0.5);

  const coordinates = [
    ...(present(of.stiff) ? [deviations(of.stiff, stiff.pairs)] : []),
    ...(present(of.heights[0]) ? [sub(heightsOf(of, take, variance), mul(mean, given(stiff.heightMeans)))] : []),
  ];
  if (coordinates.length > 0) {
    const modes = stiff.variances.length;
    const toModes = constant(stiff.weights, [stiff.weights.length / modes, modes]);
    const y = matmul(concat(coordinates, 1), toModes);
    const inverse = reciprocal(add(mul(meanSquare, given(stiff.variances)), variance));
    prior = add(prior, mul(sum(mul(mul(y, y), sub(inverse, 1)), [1]), 0.5));
    features.push(mul(y, sqrt(inverse)));
  }
  if (present(of.soft)) {
    const isStiff = new Set(stiff.pairs);
    const pairs = distances.means.flatMap((_, p) => (isStiff.has(p) ? [] : [p]));
    features.push(mul(deviations(of.soft, pairs), scale(given(pairs.map((p) => distances.deviations[p]! ** 2)), 2)));
  }
  const times = timeFeatures(noise, timeResolution);
  if (radialCount(spec) > 0) {
    const [shells, r] = [radialFunctions(spec, take(of.soft), noise), weights['radial.w']!];
    const strengths = reshape(matmul(times, r), [radialCount(spec), 1]);
    prior = add(prior, reshape(matmul(shells, strengths), [rows]));
  }
  if (present(of.torsions[0])) features.push(...torsionsOf(of, take, variance));
  if (present(of.triples[0])) {
    const [a, b, c] = of.triples.map(take) as [Vector, Vector, Vector];
    features.push(mul(dot(a, cross(b, c)), 1 / 3));
  }
  if (whole) features.push(...whole.features);
  return add(prior, residualMlp(spec, weights, concat(features, 1), times));
}

/** Of difference vectors, [rows, pairs] each → [rows, functions · pairs]: Gaussians of the distance, blurred by the noise. */
function radialFunctions({ statistics, radial = 0 }: InvariantEnergySpec, r: Vector, { mean, variance }: NoiseLevel) {
  const meanSquare = mul(mean, mean);
  const d = sqrt(add(dot(r, r), LEAST_SQUARE));
  const bond = statistics.distances.means.reduce((least, value) => Math.min(least, value));
  const inverse = reciprocal(add(mul(meanSquare, (bond * BETWEEN_SHELLS) ** 2), mul(variance, 2)));
  const shells = Array.from({ length: radial }, (_, k) => {
    const centre = bond * (NEAREST_SHELL + k * BETWEEN_SHELLS);
    const from = sub(d, sqrt(add(mul(meanSquare, centre * centre), mul(variance, 4))));
    return exp(mul(mul(from, from), mul(inverse, -0.5)));
  });
  return concat(shells, 1);
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

export const invariantEnergy = {
  title: 'Invariant energy',
  serves: ['molecule'],
  isInvariant: true,
  isCentred: true,
  settings: {
    ...residualMlpSettings,
    timeResolution: {
      type: 'number',
      min: 1e-6,
      max: 0.5,
      default: 3e-3,
      help: 'Noise variance below which the network does not distinguish times; 3e-3, or 3e-4 with force labels.',
    },
    radial: {
      type: 'whole',
      min: 0,
      max: 32,
      default: 0,
      help:
        'Radial functions of each soft distance, from contact on outwards, that add to the energy pair by pair; 0: none. ' +
        'They say contacts of a long chain.',
    },
    modes: {
      type: 'whole',
      min: 0,
      max: 64,
      default: 0,
      help: 'Largest modes of the shape whose scalar products the network sees beside internal coordinates; 0: none.',
    },
    chiralModes: {
      type: 'whole',
      min: 0,
      max: 32,
      default: 0,
      help: 'Largest modes whose determinants, which tell mirror images apart, the network sees; at most `modes`.',
    },
  },
  sized: (settings, { statistics }) => {
    if (!statistics) throw new Error('An invariant energy needs the statistics of conformations.');
    return { ...(settings as InvariantEnergySpec), kind: 'invariant', statistics };
  },
  sizeOf: ({ statistics }) => ({ shape: [statistics.beads, 3], statistics }),
  parameters: (spec) => [
    ...residualMlpParameters(spec, featureCount(spec), TIME_FEATURES),
    ...(radialCount(spec) > 0 ? [{ ...weight('radial', TIME_FEATURES, radialCount(spec)), gain: FIRST_RADIAL }] : []),
  ],
  evaluate: (spec, _range, _output, weights, { x, noise }) =>
    reshape(energies(spec, weights, reshape(x, [1, ...x.shape]), noise), []),
  energies: (spec, _range, weights, { xs, noise }) => energies(spec, weights, xs, noise),
  gradcheck: {
    spec: (width) => ({
      kind: 'invariant',
      hidden: width,
      layers: 2,
      timeResolution: 0.05,
      statistics: softened(assumedStatistics({ beads: 5, torsions: chainTorsions, rotatable: [] })),
    }),
  },
} as const satisfies Network<InvariantEnergySpec>;

const chainTorsions: Quadruple[] = [
  [0, 1, 2, 3],
  [1, 2, 3, 4],
];

/** Differences cannot follow a stiff prior at configurations far from its minimum. One height, so that it has its turn. */
function softened(statistics: ConformationStatistics): ConformationStatistics {
  const { distances, stiff } = statistics;
  const count = stiff.pairs.length + 1;
  return {
    ...statistics,
    distances: { ...distances, deviations: distances.deviations.map(() => 0.5) },
    stiff: {
      pairs: stiff.pairs,
      heights: [[0, 1, 2, 3]],
      heightMeans: [0.1],
      weights: Array.from({ length: count * count }, (_, at) => (at % (count + 1) === 0 ? 1 : 0.1)),
      variances: Array.from({ length: count }, () => 0.3),
    },
  };
}
