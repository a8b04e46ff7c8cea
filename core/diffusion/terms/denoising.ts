/** The denoising loss `w(t) · mean_d (ε + σ s(x_t, t))²` (method §5), which every expert is trained on. */
import { square } from '../../program/functions.ts';
import { add, mul, sum } from '../../program/primitives.ts';
import type { LossTerm } from '../loss-term.ts';
import { deviation } from '../process.ts';

export const denoising = {
  name: 'denoising',
  settings: {},
  weight: () => 1,
  firstStep: () => 0,
  work: (conservative) => (conservative ? 2 : 1),
  isValidated: true,
  of: ({ noise, score, t, weight, dimensions }) =>
    mul(weight, mul(sum(square(add(noise, mul(score, deviation(t))))), 1 / dimensions)),
} as const satisfies LossTerm;
