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
import { add, concat, exp, matmul, mul, reciprocal, reshape, sub } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { assumedStatistics, type ConformationStatistics, type Quadruple } from './conformation-statistics.ts';
import { differencesOf, internalCoordinates, lengthInNoise, lengthOf, softPairsOf } from './internal-coordinates.ts';
import type { Network, NoiseLevel } from './network.ts';
import { SATURATING_TIMES, saturatingTimes } from './noise-features.ts';
import { type NamedTensors, type ParameterSpec, weight } from './parameters.ts';
import { type ResidualMlp, residualMlp, residualMlpParameters, residualMlpSettings } from './residual-mlp.ts';
import { type SeenModes, shapeFeatureCount, shapeFeatures } from './shape-features.ts';

export interface InvariantEnergySpec extends ResidualMlp, Partial<SeenModes> {
  readonly kind: 'invariant';
  readonly statistics: ConformationStatistics;
  /** v: noise variance below which the network sees no time. */
  readonly timeResolution: number;
  /** Radial functions of each soft distance that add to the energy; 0 or absent: none. */
  readonly radial?: number;
  /** Functions of each internal coordinate that add to the energy; 0 or absent: none. */
  readonly additive?: number;
}

/** Centres of radial functions, in bond lengths; each is as wide as they are apart. */
const NEAREST_SHELL = 1.2;
const BETWEEN_SHELLS = 0.4;
const FIRST_ADDED = 0.01;
/** Centres of additive functions reach so far from the mean, in standard deviations. */
const FURTHEST = 2.5;

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
  radial * softPairsOf(statistics).length;

const additiveCount = ({ statistics, additive = 0 }: InvariantEnergySpec): number =>
  additive * (statistics.stiff.variances.length + softPairsOf(statistics).length);

/** Modes of the shape that the network sees beside internal coordinates, if it does. */
const modesOf = ({ statistics, modes = 0, chiralModes = 0 }: InvariantEnergySpec): SeenModes | undefined =>
  modes > 0 ? { statistics, modes, chiralModes } : undefined;

/** xs [rows, N, 3] at one noise level → [rows]. */
function energies(spec: InvariantEnergySpec, weights: NamedTensors, xs: Tensor, noise: NoiseLevel): Tensor {
  const seen = modesOf(spec);
  const whole = seen && shapeFeatures(seen, xs, noise);
  const { prior, modes, softLengths, softDistances, torsions, triples } = internalCoordinates(
    spec.statistics,
    xs,
    noise,
    whole?.gaussian,
  );
  const features = [modes, softDistances, ...(torsions ?? []), triples, ...(whole?.features ?? [])];
  const present = features.filter((each) => each !== undefined);
  const times = saturatingTimes(noise, spec.timeResolution);
  let energy = add(prior, residualMlp(spec, weights, concat(present, 1), times));
  /** Functions of single coordinates, [rows, functions], with a strength each that depends on time. */
  const plus = (name: string, functions: Tensor): void => {
    const strengths = reshape(matmul(times, weights[`${name}.w`]!), [functions.shape[1]!, 1]);
    energy = add(energy, reshape(matmul(functions, strengths), [xs.shape[0]!]));
  };
  if (radialCount(spec) > 0) plus('radial', radialFunctions(spec, softLengths!, noise));
  if (additiveCount(spec) > 0) {
    const coordinates = [modes, softDistances].filter((each) => each !== undefined);
    plus('additive', additiveFunctions(concat(coordinates, 1), spec.additive!));
  }
  return energy;
}

/** Gaussians of coordinates in standard deviations, [rows, coordinates] → [rows, functions · coordinates]. */
function additiveFunctions(x: Tensor, count: number): Tensor {
  const apart = (2 * FURTHEST) / Math.max(1, count - 1);
  const at = Array.from({ length: count }, (_, k) => -FURTHEST + k * apart);
  return concat(
    at.map((centre) => {
      const from = sub(x, centre);
      return exp(mul(mul(from, from), -0.5 / apart ** 2));
    }),
    1,
  );
}

/** Of distances, [rows, pairs] → [rows, functions · pairs]: Gaussians, blurred by the noise. */
function radialFunctions({ statistics, radial = 0 }: InvariantEnergySpec, d: Tensor, noise: NoiseLevel): Tensor {
  const bond = statistics.distances.means.reduce((least, value) => Math.min(least, value));
  const spread = add(mul(mul(noise.mean, noise.mean), (bond * BETWEEN_SHELLS) ** 2), mul(noise.variance, 2));
  const inverse = mul(reciprocal(spread), -0.5);
  const shells = Array.from({ length: radial }, (_, k) => {
    const from = sub(d, lengthInNoise((bond * (NEAREST_SHELL + k * BETWEEN_SHELLS)) ** 2, noise));
    return exp(mul(mul(from, from), inverse));
  });
  return concat(shells, 1);
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
      help: 'Noise variance below which the network does not distinguish times; 5e-4 with positions alone, 3e-4 with forces.',
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
    additive: {
      type: 'whole',
      min: 0,
      max: 32,
      default: 0,
      help:
        'Functions of each internal coordinate, from −2.5 to 2.5 standard deviations, that add to the energy one by one; 0: none. ' +
        'Many coordinates are more than a network of some width can tell apart.',
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
    ...residualMlpParameters(spec, featureCount(spec), SATURATING_TIMES),
    ...added('radial', radialCount(spec)),
    ...added('additive', additiveCount(spec)),
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

const added = (name: string, functions: number): ParameterSpec[] =>
  functions > 0 ? [{ ...weight(name, SATURATING_TIMES, functions), gain: FIRST_ADDED }] : [];

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
