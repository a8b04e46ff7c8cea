/**
 * What changes from training step to training step, as plain numbers in float64 (method §5): the learning rate, a
 * cosine from 3e-4 to 1e-5, and Adam's bias corrections. Step 0 is the first.
 */

/** Adam's averages of the gradient and of its square. */
export const MEAN_DECAY = 0.9;
export const SQUARE_DECAY = 0.999;

export interface LearningRate {
  readonly first: number;
  readonly last: number;
}

export const defaultLearningRate: LearningRate = { first: 3e-4, last: 1e-5 };

/** Decays per step of the averages that change with the step. */
export interface AverageDecays {
  readonly squareDecay?: number | undefined;
  readonly averageDecay?: number | undefined;
  readonly averageWarmup?: boolean | undefined;
}

export function learningRateAt(step: number, totalSteps: number, { first, last } = defaultLearningRate): number {
  const progress = Math.min(step / Math.max(totalSteps - 1, 1), 1);
  return last + 0.5 * (first - last) * (1 + Math.cos(Math.PI * progress));
}

/** The per-step inputs of the training program for `count` steps from step `from` on. */
export function scheduleInputs(
  from: number,
  count: number,
  totalSteps: number,
  rate = defaultLearningRate,
  { squareDecay = SQUARE_DECAY, averageDecay = 0.995, averageWarmup = false }: AverageDecays = {},
) {
  const keep = (step: number) => (averageWarmup ? Math.min(averageDecay, (1 + step) / (10 + step)) : averageDecay);
  const perStep = (value: (step: number) => number) => Float64Array.from({ length: count }, (_, i) => value(from + i));
  return {
    learningRate: perStep((step) => learningRateAt(step, totalSteps, rate)),
    meanCorrection: perStep((step) => 1 / (1 - MEAN_DECAY ** (step + 1))),
    squareCorrection: perStep((step) => 1 / (1 - squareDecay ** (step + 1))),
    /** Of the squares before the step; there are none before the first. */
    usualCorrection: perStep((step) => (step === 0 ? 0 : 1 / (1 - squareDecay ** step))),
    averageKeep: perStep(keep),
    averageFresh: perStep((step) => 1 - keep(step)),
  };
}
