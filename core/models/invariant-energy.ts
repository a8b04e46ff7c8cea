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
import { add, concat, reshape } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { assumedStatistics, type ConformationStatistics, type Quadruple } from './conformation-statistics.ts';
import { differencesOf, internalCoordinates, lengthOf } from './internal-coordinates.ts';
import type { Network, NoiseLevel } from './network.ts';
import { SATURATING_TIMES, saturatingTimes } from './noise-features.ts';
import type { NamedTensors } from './parameters.ts';
import { type ResidualMlp, residualMlp, residualMlpParameters, residualMlpSettings } from './residual-mlp.ts';

export interface InvariantEnergySpec extends ResidualMlp {
  readonly kind: 'invariant';
  readonly statistics: ConformationStatistics;
  /** v: noise variance below which the network sees no time. */
  readonly timeResolution: number;
}

function featureCount({ statistics }: InvariantEnergySpec): number {
  const { stiff, soft, torsions, triples } = differencesOf(statistics);
  const modes = statistics.stiff.variances.length;
  return (lengthOf(stiff) > 0 ? modes : 0) + lengthOf(soft) + 2 * lengthOf(torsions[0]) + lengthOf(triples[0]);
}

/** xs [rows, N, 3] at one noise level → [rows]. */
function energies(spec: InvariantEnergySpec, weights: NamedTensors, xs: Tensor, noise: NoiseLevel): Tensor {
  const { prior, modes, softDistances, torsions = [], triples } = internalCoordinates(spec.statistics, xs, noise);
  const features = [modes, softDistances, ...torsions, triples].filter((each) => each !== undefined);
  return add(prior, residualMlp(spec, weights, concat(features, 1), saturatingTimes(noise, spec.timeResolution)));
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
  },
  sized: (settings, { statistics }) => {
    if (!statistics) throw new Error('An invariant energy needs the statistics of conformations.');
    return { ...(settings as InvariantEnergySpec), kind: 'invariant', statistics };
  },
  sizeOf: ({ statistics }) => ({ shape: [statistics.beads, 3], statistics }),
  parameters: (spec) => residualMlpParameters(spec, featureCount(spec), SATURATING_TIMES),
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
