/**
 * What an expert is trained on (method §5), for one sample:
 * `w(t) · mean_d (ε + σ s(x_t, t))²` and, with a Fokker–Planck term, `w(t) · R̂₁ R̂₂ / D²`.
 * t is uniform on the expert's interval; the weight w is piecewise constant, with half of its total on either side
 * of the midpoint and mean 1. Not here: the mean over samples and the optimiser (`training-step.ts`).
 */
import type { Expert } from '../models/expert.ts';
import { type Energy, isMolecular, type ScoreField } from '../models/score-model.ts';
import type { TimeRange } from '../models/time-features.ts';
import { mean, square } from '../program/functions.ts';
import { add, greater, matmul, mul, normal, select, uniform } from '../program/primitives.ts';
import { sizeOf, type Tensor } from '../program/tensor.ts';
import { exactResidual, type Residual, weakResidual } from './fokker-planck.ts';
import { deviation, noised, TIME_FLOOR } from './process.ts';
import { randomRotation } from './rotation.ts';
import { streams } from './streams.ts';

/** How far an expert is trained below an inner boundary. */
const OVERLAP = 1e-3;

/** The interval that t is drawn from. */
export const trainingInterval = ([t0, t1]: TimeRange): TimeRange => [Math.max(t0 - OVERLAP, TIME_FLOOR), t1];

/** The two values of w, left and right of the midpoint. */
export function equalWeights([low, high]: TimeRange, midpoint: number): { left: number; right: number } {
  if (!(midpoint > low && midpoint < high)) {
    throw new RangeError(
      `The midpoint ${midpoint} of the training weight lies outside the expert's times ${low}…${high}.`,
    );
  }
  return { left: (0.5 * (high - low)) / (midpoint - low), right: (0.5 * (high - low)) / (high - midpoint) };
}

export type ObjectiveOptions = Pick<Expert, 'range' | 'midpoint' | 'alpha' | 'residual'>;

export interface SampleLoss {
  readonly denoising: Tensor;
  /** Absent where alpha is 0. */
  readonly fokkerPlanck: Tensor | undefined;
}

/** x0: one data point per sample. Molecules are turned at random first. */
export function sampleLoss(field: ScoreField, x0: Tensor, options: ObjectiveOptions): SampleLoss {
  const { range, midpoint, alpha, residual } = options;
  const [low, high] = trainingInterval(range);
  const t = add(mul(uniform([], streams.trainingTime), high - low), low);
  const { left, right } = equalWeights([low, high], midpoint);
  const weight = select(greater(t, midpoint), right, left);
  const turned = isMolecular(x0.shape) ? matmul(x0, randomRotation(streams.trainingRotation)) : x0;
  const noise = normal(x0.shape, streams.trainingNoise);
  const x = noised(turned, noise, t);
  const { score, fokkerPlanck } = terms(field, x, t, alpha === 0 ? undefined : residual);
  const missed = mean(square(add(noise, mul(score, deviation(t)))));
  return { denoising: mul(weight, missed), fokkerPlanck: fokkerPlanck && mul(weight, fokkerPlanck) };
}

const residualForms: Record<Expert['residual'], (energy: Energy, x: Tensor, t: Tensor) => Residual> = {
  exact: exactResidual,
  weak: weakResidual,
};

function terms(field: ScoreField, x: Tensor, t: Tensor, residual: Expert['residual'] | undefined) {
  if (residual === undefined) return { score: field.score(x, t) };
  if (!field.energy) throw new Error('The Fokker–Planck residual needs an energy.');
  const { score, first, second } = residualForms[residual](field.energy, x, t);
  return { score, fokkerPlanck: mul(mul(first, second), sizeOf(x.shape) ** -2) };
}
