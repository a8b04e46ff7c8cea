/** The denoising loss `w(t) · mean_d (ε + σ s(x_t, t))²` (method §5), which needs positions alone. */
import { square } from '../../program/functions.ts';
import { add, mul, sum } from '../../program/primitives.ts';
import type { SettingGroup, SettingValue } from '../../setting.ts';
import type { LossTerm } from '../loss-term.ts';
import { deviation } from '../process.ts';

const settings = {
  denoising: {
    type: 'number',
    min: 0,
    max: 1e3,
    default: 1,
    help: 'Weight of the denoising loss; 0 where force matching takes its place.',
  },
} as const satisfies SettingGroup;

type Own = Partial<SettingValue<typeof settings>>;

export const denoising = {
  name: 'denoising',
  settings,
  weight: ({ denoising = 1 }) => denoising,
  firstStep: () => 0,
  work: (conservative) => (conservative ? 2 : 1),
  isValidated: true,
  of: ({ noise, score, t, weight, dimensions }) =>
    mul(weight, mul(sum(square(add(noise, mul(score, deviation(t))))), 1 / dimensions)),
} as const satisfies LossTerm<Own>;
