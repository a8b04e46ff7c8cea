/**
 * Force matching, blended with denoising (method §5). The force on a frame is a second, independent estimate of the
 * score at x_t: `s₀/m`, with variance v_F/m², where noise gives `−ε/σ` with 1/σ². `y = κ s₀/m − (1−κ) ε/σ` with
 * κ = 1/(1 + σ² v_F/m²) weighs both by their variance, and the loss `w |s − y|²/D` each t by what is known there. As t → 0
 * it is force matching, at large t denoising: with it the denoising term is not needed.
 */

import type { ConformationStatistics } from '../../models/conformation-statistics.ts';
import { mean, square } from '../../program/functions.ts';
import { add, div, mul, reciprocal, sub } from '../../program/primitives.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { SettingGroup, SettingValue } from '../../setting.ts';
import type { LossTerm } from '../loss-term.ts';
import { deviation, meanFactor, variance } from '../process.ts';

const settings = {
  forces: {
    type: 'number',
    min: 0,
    max: 1e3,
    default: 0,
    help: 'Weight of force matching, blended with denoising by their variances; 0: off. Use 1, with `denoising` at 0.',
  },
} as const satisfies SettingGroup;

type Own = Partial<SettingValue<typeof settings>>;

/** Where the stiff modes stop adding to the variance of forces: noise of this σ² has moved them by more than their width. */
const STIFF_NOISE = 5e-4;
/** Of the mean square force, at least: what neither modes nor beads explain. */
const LEAST_NOISE = 0.05;

/** Variance of the force on a configuration given x_t, v_F(σ²), by component. */
function forceVariance({ stiff, beads, meanSquareForce }: ConformationStatistics, noise: Tensor): Tensor {
  if (meanSquareForce === undefined) throw new Error('Force matching needs data with forces.');
  const ofModes = stiff.variances.reduce((sum, each) => sum + 1 / each, 0) / (3 * beads);
  const ofOthers = Math.max(meanSquareForce - ofModes, LEAST_NOISE * meanSquareForce);
  return add(mul(div(noise, add(noise, STIFF_NOISE)), ofModes), ofOthers);
}

export const forceMatching = {
  name: 'forceMatching',
  settings,
  weight: ({ forces = 0 }) => forces,
  firstStep: () => 0,
  work: (conservative) => (conservative ? 2 : 1),
  columns: ['forces'],
  needsStatistics: true,
  isValidated: true,
  of: ({ noise, score, t, statistics, columns }) => {
    const [m, sigma, sigma2] = [meanFactor(t), deviation(t), variance(t)];
    const spread = forceVariance(statistics!, sigma2);
    const kappa = reciprocal(add(div(mul(sigma2, spread), square(m)), 1));
    const rest = sub(1, kappa);
    const target = sub(mul(columns.forces!, div(kappa, m)), mul(noise, div(rest, sigma)));
    const precision = reciprocal(add(div(square(rest), sigma2), mul(square(kappa), spread)));
    return mul(precision, mean(square(sub(score, target))));
  },
} as const satisfies LossTerm<Own>;
