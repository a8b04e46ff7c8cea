/**
 * The Fokker–Planck term `w(t) · R̂₁ R̂₂ / D²` (method §5): an unbiased estimate of the squared residual. What R is,
 * exactly and in its published weak form, stands in ../fokker-planck.ts; its gauge in ../gauge.ts.
 */
import { mul } from '../../program/primitives.ts';
import type { SettingGroup, SettingValue } from '../../setting.ts';
import { squaredResidual } from '../fokker-planck.ts';
import { gaugeSteps, hasGauge } from '../gauge.ts';
import type { LossTerm } from '../loss-term.ts';

const settings = {
  alpha: {
    type: 'number',
    min: 0,
    max: 10,
    default: 0,
    help: 'Weight α of the Fokker–Planck regulariser; 0: off.',
  },
  alphaFrom: {
    type: 'number',
    min: 0,
    max: 1,
    belowMax: true,
    default: 0,
    help:
      'Fraction of steps before regularisation starts. Steps without it are about three times faster, and a ' +
      'pretrained network needs fewer regularised steps.',
  },
  residual: {
    type: 'choice',
    options: ['exact', 'weak'],
    default: 'exact',
    help: 'Fokker–Planck residual: `exact` derivatives, or `weak`: finite differences under small noise.',
  },
  gauge: {
    type: 'choice',
    options: ['fitted', 'none'],
    default: 'fitted',
    recordDefault: 'none',
    help:
      'What becomes of the part of the residual that is the same for all x at a time and changes no force. ' +
      '`fitted`: it is measured and taken out. `none`: it is regularised, too, as published.',
  },
  probes: {
    type: 'whole',
    min: 2,
    max: 16,
    unit: 'probes',
    default: 2,
    help:
      'Random directions for the second derivatives in the residual, above four dimensions. Twice as many make a step ' +
      'twice as dear; four at half the batch leave a third of the noise of two.',
  },
} as const satisfies SettingGroup;

type Own = Partial<SettingValue<typeof settings>>;

export const fokkerPlanck = {
  name: 'fokkerPlanck',
  settings,
  weight: ({ alpha = 0 }) => alpha,
  firstStep: (own, steps) => {
    const from = Math.round((own.alphaFrom ?? 0) * steps);
    return hasGauge(own) ? Math.max(from, gaugeSteps(steps)) : from;
  },
  work: () => 6,
  needsEnergy: 'alpha',
  residualForm: ({ residual = 'exact', probes = 2 }) => ({ kind: residual, probes }),
  isValidated: false,
  of: ({ weight, residual, dimensions }) => mul(weight, mul(squaredResidual(residual!), dimensions ** -2)),
} as const satisfies LossTerm<Own>;
