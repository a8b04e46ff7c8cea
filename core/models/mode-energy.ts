/**
 * The mode energy of one molecule (method §4), for noise in which bonds are blurred: there a molecule is a few vectors, and
 * what matters is how they stand to one another and their chirality.
 *
 * With U the modes of the whole shape and variances c (conformation-statistics.ts), ṽ_k = (Uᵀx)_k / √(m²c_k + σ²) rotate
 * with the molecule. `E = ½ Σ |ṽ_k|² + network` is exact for a Gaussian chain at every t. The network sees the scalar
 * products of the largest modes and, for chirality, the determinants of three; without these it cannot tell mirror images
 * apart, which costs ln 2. Time is seen through λ = log(m/σ).
 */

import { add, concat, reshape } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { assumedStatistics } from './conformation-statistics.ts';
import type { Network, NoiseLevel } from './network.ts';
import { SIGNAL_TIMES, signalTimes } from './noise-features.ts';
import type { NamedTensors } from './parameters.ts';
import { type ResidualMlp, residualMlp, residualMlpParameters, residualMlpSettings } from './residual-mlp.ts';
import { type SeenModes, shapeFeatureCount, shapeFeatures } from './shape-features.ts';

export interface ModeEnergySpec extends ResidualMlp, SeenModes {
  readonly kind: 'modes';
}

/** xs [rows, N, 3] at one noise level → [rows]. */
function energies(spec: ModeEnergySpec, weights: NamedTensors, xs: Tensor, noise: NoiseLevel): Tensor {
  const { gaussian, features } = shapeFeatures(spec, xs, noise);
  return add(gaussian, residualMlp(spec, weights, concat(features, 1), signalTimes(noise)));
}

export const modeEnergy = {
  title: 'Mode energy',
  serves: ['molecule'],
  isInvariant: true,
  isCentred: true,
  settings: {
    ...residualMlpSettings,
    modes: {
      type: 'whole',
      min: 1,
      max: 64,
      default: 7,
      help: 'Largest modes of the shape whose scalar products the network sees: those with a variance above a tenth of the noise.',
    },
    chiralModes: {
      type: 'whole',
      min: 0,
      max: 32,
      default: 6,
      help: 'Largest modes whose determinants, which tell mirror images apart, the network sees.',
    },
  },
  sized: (settings, { statistics }) => {
    if (!statistics) throw new Error('A mode energy needs the statistics of conformations.');
    return { ...(settings as ModeEnergySpec), kind: 'modes', statistics };
  },
  sizeOf: ({ statistics }) => ({ shape: [statistics.beads, 3], statistics }),
  parameters: (spec) => residualMlpParameters(spec, shapeFeatureCount(spec), SIGNAL_TIMES),
  evaluate: (spec, _range, _output, weights, { x, noise }) =>
    reshape(energies(spec, weights, reshape(x, [1, ...x.shape]), noise), []),
  energies: (spec, _range, weights, { xs, noise }) => energies(spec, weights, xs, noise),
  gradcheck: {
    spec: (width) => ({
      kind: 'modes',
      hidden: width,
      layers: 2,
      modes: 4,
      chiralModes: 4,
      statistics: assumedStatistics({ beads: 5, torsions: [], rotatable: [] }),
    }),
  },
} as const satisfies Network<ModeEnergySpec>;
