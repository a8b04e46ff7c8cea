/**
 * How diffusion times are drawn in training (method §5). Small t decide bonds and torsions, and hold half of the range of
 * noise in a hundredth of t, so that t uniform hardly sees them.
 *
 * `uniform`: in t. `mixed`: half of the samples uniform in log(σ² + v), half uniform in t. `log-snr`: uniform in
 * λ = log(m/σ). The last two are stratified: a batch covers its range evenly.
 */

import type { TimeRange } from '../models/time-features.ts';
import { clamp } from '../program/functions.ts';
import { add, div, exp, greater, log, mul, neg, select, sqrt, sub, uniform } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { LINEAR, logSignalToNoiseAt, QUADRATIC, varianceAt } from './noise-schedule.ts';
import { streams } from './streams.ts';

export const trainingTimes = ['uniform', 'mixed', 'log-snr'] as const;
export type TrainingTimes = (typeof trainingTimes)[number];

/** Beyond it a sample is noise, and the best network a Gaussian. */
const LEAST_LOG_SNR = -4;

/** Where a sample is in its batch, in [0, 1): the input `stratum` of programs that train, with its width. */
export interface Stratum {
  readonly start: Tensor;
  readonly width: Tensor;
}

/** Whether the programs of an expert have the input `stratum`. */
export const isStratified = (times: TrainingTimes = 'uniform'): boolean => times !== 'uniform';

/** t in [low, high], []. */
export function trainingTime(
  times: TrainingTimes,
  [low, high]: TimeRange,
  varianceFloor: number,
  stratum: Stratum | undefined,
): Tensor {
  const draw = uniform([], streams.trainingTime);
  if (times === 'uniform') return add(mul(draw, high - low), low);
  if (!stratum) throw new Error(`Times drawn ${times} need a stratum.`);
  const along = add(stratum.start, mul(draw, stratum.width));
  if (times === 'log-snr') {
    const [from, to] = [Math.max(logSignalToNoiseAt(high), LEAST_LOG_SNR), logSignalToNoiseAt(low)];
    return clamp(timeAtLogSnr(add(mul(along, to - from), from)), low, high);
  }
  const half = mul(along, 2);
  const [from, to] = [low, high].map((t) => Math.log(varianceAt(t) + varianceFloor)) as [number, number];
  const byNoise = timeAtVariance(sub(exp(add(mul(half, to - from), from)), varianceFloor));
  const byTime = add(mul(sub(half, 1), high - low), low);
  return clamp(select(greater(half, 1), byTime, byNoise), low, high);
}

/** −log m → t. */
const timeOfDecay = (decay: Tensor): Tensor =>
  div(mul(decay, 2), add(sqrt(add(mul(decay, 4 * QUADRATIC), LINEAR * LINEAR)), LINEAR));

const timeAtVariance = (variance: Tensor): Tensor => timeOfDecay(mul(log(sub(1, clamp(variance, 0, 1 - 1e-6))), -0.5));

const timeAtLogSnr = (lambda: Tensor): Tensor => timeOfDecay(mul(log(add(exp(mul(neg(lambda), 2)), 1)), 0.5));
