/**
 * The forward process of method §2, variance preserving: `dx = −½β(t) x dt + √β dW`, `x_t = m x_0 + σ ε`.
 * t ∈ [0, 1] without unit, x in units of the data scale. For tensors; for numbers in noise-schedule.ts.
 *
 * σ² = 1 − m² is written with tanh: `1 − e^{−2a} = 2 tanh a / (1 + tanh a)` with a = −log m keeps full relative
 * precision in float32, where the subtraction has no digit left at t = 1e-5 (σ² = 1e-6).
 */
import type { NoiseLevel } from '../models/network.ts';
import { add, div, exp, mul, neg, sqrt, tanh } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { BETA_0, BETA_1, LINEAR, QUADRATIC } from './noise-schedule.ts';

/** Time never comes closer to 0 than this: at 0 itself the score of the data does not exist. */
export const TIME_FLOOR = 1e-5;

/** −log m(t). */
const decay = (t: Tensor): Tensor => mul(t, add(mul(t, QUADRATIC), LINEAR));

export const beta = (t: Tensor): Tensor => add(mul(t, BETA_1 - BETA_0), BETA_0);
export const logMean = (t: Tensor): Tensor => neg(decay(t));
/** m(t): what is left of the data. */
export const meanFactor = (t: Tensor): Tensor => exp(logMean(t));
/** σ²(t). */
export function variance(t: Tensor): Tensor {
  const h = tanh(decay(t));
  return div(mul(h, 2), add(h, 1));
}
/** σ(t). */
export const deviation = (t: Tensor): Tensor => sqrt(variance(t));

export const noiseLevel = (t: Tensor): NoiseLevel => ({ mean: meanFactor(t), variance: variance(t) });

/** x_t for a draw of data and a draw of noise. */
export const noised = (x0: Tensor, noise: Tensor, t: Tensor): Tensor =>
  add(mul(x0, meanFactor(t)), mul(noise, deviation(t)));
