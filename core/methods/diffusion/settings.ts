/**
 * The settings of the diffusion method: its experts, and how samples are drawn. Defaults are the reference budget of the
 * Müller–Brown experiments (method §5); molecules have specifications of their own in resources/specs.
 */
import { termSettings } from '../../diffusion/loss-terms.ts';
import { solvers } from '../../diffusion/samplers.ts';
import { trainingTimes } from '../../diffusion/training-times.ts';
import { defaultKindsInWords, networkLabels, networkSettings, networksServe } from '../../models/networks.ts';
import type { SettingGroup, SettingValue } from '../../setting.ts';

const { alpha, alphaFrom, residual, gauge, probes, denoising, ...furtherTerms } = termSettings;

export const settings = {
  experts: {
    type: 'list',
    maxLength: 16,
    help: 'Networks over diffusion time, in rising order; their ranges cover 0 to 1 without gaps or overlaps.',
    of: {
      range: {
        type: 'pair',
        order: 'rising',
        min: 0,
        max: 1,
        default: [0, 1],
        help: 'Interval of diffusion time that this expert covers.',
      },
      network: {
        type: 'variants',
        default: null,
        derivedDefault: defaultKindsInWords,
        help: 'Network architecture.',
        labels: networkLabels,
        serves: networksServe,
        of: networkSettings,
      },
      conservative: {
        type: 'flag',
        default: true,
        help: 'true: the network is an energy and the score its negative gradient. false: the network is the score.',
      },
      alpha,
      alphaFrom,
      residual,
      gauge,
      probes,
      denoising,
      ...furtherTerms,
      times: {
        type: 'choice',
        options: trainingTimes,
        default: 'uniform',
        help:
          'How diffusion times are drawn in training. `uniform`: in t. `mixed`: half of them uniform in log(σ² + v), ' +
          'which resolves bonds and torsions. `log-snr`: uniform in log(m/σ).',
      },
      varianceFloor: {
        type: 'number',
        min: 1e-6,
        max: 0.5,
        default: 3e-3,
        help: 'v of the times drawn `mixed`: noise variance below which they are not told apart.',
      },
      weightMidpoint: {
        type: 'number',
        min: 0,
        max: 1,
        aboveMin: true,
        belowMax: true,
        default: null,
        derivedDefault: 'the middle of `range`',
        help: 'Diffusion time inside `range` that splits the training weight in two equal halves.',
      },
      steps: {
        type: 'whole',
        min: 1,
        max: 1_000_000_000,
        unit: 'steps',
        default: 140_580,
        help: 'Training steps of this expert, in one round.',
      },
      rounds: {
        type: 'whole',
        min: 1,
        max: 20,
        default: 1,
        help:
          'Rounds in which the learning rate falls. Each after the first takes as many steps as all before it and begins ' +
          'at half the rate: 2 rounds are twice the steps, 3 four times.',
      },
      batch: {
        type: 'whole',
        min: 1,
        max: 1_000_000,
        unit: 'samples',
        default: 128,
        help: 'Samples per training step.',
      },
      learningRate: {
        type: 'pair',
        order: 'falling',
        min: 0,
        max: 1,
        aboveMin: true,
        default: [3e-4, 1e-5],
        help: 'Learning rate at the first and the last step, with cosine decay between them.',
      },
      weightDecay: { type: 'number', min: 0, max: 1, default: 1e-4, help: 'Decoupled weight decay of AdamW.' },
      clip: {
        type: 'number',
        min: 0,
        max: 1e12,
        aboveMin: true,
        default: 1e3,
        help: 'Element-wise gradient clip.',
      },
      clipLength: {
        type: 'number',
        min: 0,
        max: 1e12,
        aboveMin: true,
        default: 3,
        help:
          'Gradient-norm clip, relative to the running RMS norm over about 1000 steps. ' +
          'It keeps a single outlier from undoing the training.',
      },
      ema: {
        type: 'number',
        min: 0,
        max: 1,
        belowMax: true,
        default: 0.995,
        help: 'Decay per step of the exponential moving average of the weights, which is the trained model.',
      },
      emaWarmup: {
        type: 'flag',
        default: false,
        help: 'true: the average is over fewer steps at first, so that it soon forgets how training began.',
      },
      squareDecay: {
        type: 'number',
        min: 0,
        max: 1,
        belowMax: true,
        default: 0.999,
        help: "Decay per step of AdamW's average of squared gradients.",
      },
    },
  },
} as const satisfies SettingGroup;

/** Under `sample`. */
export const sampling = {
  solver: {
    type: 'choice',
    options: solvers,
    default: 'sde-dpm',
    help:
      'Reverse-diffusion solver. `sde-dpm`: SDE-DPM-Solver++ (2M). `em`: Euler–Maruyama. `heun`: Heun on the ' +
      'probability-flow ODE. `dpm`: DPM-Solver++ (2M) on the same.',
  },
  steps: {
    type: 'whole',
    min: 1,
    max: 1_000_000,
    unit: 'steps',
    default: 100,
    help: 'Solver steps from t = 1 to t = 0: about 100 for `sde-dpm`, 1000 for `em`, 20 to 50 for `dpm` and `heun`.',
  },
} as const satisfies SettingGroup;

export type DiffusionSettings = SettingValue<typeof settings> & { readonly sample: SettingValue<typeof sampling> };
export type ExpertSettings = DiffusionSettings['experts'][number];
