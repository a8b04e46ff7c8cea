/**
 * The Fokker–Planck term `w(t) · R̂₁ R̂₂ / D²` (method §5): an unbiased estimate of the squared residual. What R is,
 * exactly and in its published weak form, stands in ../fokker-planck.ts.
 */
import { mul } from '../../program/primitives.ts';
import { sizeOf } from '../../program/tensor.ts';
import type { SettingGroup, SettingValue } from '../../setting.ts';
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
} as const satisfies SettingGroup;

type Own = Partial<SettingValue<typeof settings>>;

export const fokkerPlanck = {
  name: 'fokkerPlanck',
  settings,
  weight: ({ alpha = 0 }) => alpha,
  firstStep: ({ alphaFrom = 0 }, steps) => Math.round(alphaFrom * steps),
  work: () => 6,
  needsEnergy: 'alpha',
  residualForm: ({ residual = 'exact' }) => residual,
  isValidated: false,
  of: ({ x, weight, residual }) => mul(weight, mul(mul(residual!.first, residual!.second), sizeOf(x.shape) ** -2)),
} as const satisfies LossTerm<Own>;
