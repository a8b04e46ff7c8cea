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

/**
 * Training in rounds: the learning rate falls from its first to its last value in each. Every further round takes as many
 * steps as all before it together and begins at half the rate, so that going on is always possible, and never wasteful.
 */
export const stepsOfRounds = (firstRound: number, rounds: number): number => firstRound * 2 ** (rounds - 1);

/** The learning rate of a step, with rounds of which the first has so many steps. */
export function learningRateInRounds(step: number, firstRound: number, rate: LearningRate): number {
  const round = step < firstRound ? 0 : 1 + Math.floor(Math.log2(step / firstRound));
  const start = round === 0 ? 0 : firstRound * 2 ** (round - 1);
  const length = round === 0 ? firstRound : start;
  return learningRateAt(step - start, length, { ...rate, first: Math.max(rate.last, rate.first * 0.5 ** round) });
}

export function learningRateAt(step: number, totalSteps: number, { first, last } = defaultLearningRate): number {
  const progress = Math.min(step / Math.max(totalSteps - 1, 1), 1);
  return last + 0.5 * (first - last) * (1 + Math.cos(Math.PI * progress));
}

/** The per-step inputs of the training program for `count` steps from step `from` on; `firstRound`: steps until the rate has fallen. */
export function scheduleInputs(
  from: number,
  count: number,
  firstRound: number,
  rate = defaultLearningRate,
  { squareDecay = SQUARE_DECAY, averageDecay = 0.995, averageWarmup = false }: AverageDecays = {},
) {
  const keep = (step: number) => (averageWarmup ? Math.min(averageDecay, (1 + step) / (10 + step)) : averageDecay);
  const perStep = (value: (step: number) => number) => Float64Array.from({ length: count }, (_, i) => value(from + i));
  return {
    learningRate: perStep((step) => learningRateInRounds(step, firstRound, rate)),
    meanCorrection: perStep((step) => 1 / (1 - MEAN_DECAY ** (step + 1))),
    squareCorrection: perStep((step) => 1 / (1 - squareDecay ** (step + 1))),
    /** Of the squares before the step; there are none before the first. */
    usualCorrection: perStep((step) => (step === 0 ? 0 : 1 / (1 - squareDecay ** step))),
    averageKeep: perStep(keep),
    averageFresh: perStep((step) => 1 - keep(step)),
  };
}
