/**
 * The optimiser of every training program (method §5): AdamW on flat vectors, with a clip of elements, a clip of the
 * gradient's norm and a moving average of the weights. The inputs it needs, and the state that follows from a gradient.
 * Not here: the loss, and what the per-step numbers are (schedule.ts).
 */
import { allWithin, clamp, maximum, square, total } from '../program/functions.ts';
import { add, div, greater, mul, select, sqrt, sub } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { MEAN_DECAY, SQUARE_DECAY } from './schedule.ts';

const EPSILON = 1e-8;

export interface OptimiserSettings {
  /** Decoupled from the gradient (AdamW). */
  readonly weightDecay: number;
  /** Largest magnitude of one gradient element. */
  readonly clip: number;
  /** Gradient-norm clip, relative to the running RMS norm. */
  readonly clipLength: number;
  /** Decay per step of Adam's average of squares; 0.999 unless given. */
  readonly squareDecay?: number;
}

export const defaultOptimiser: OptimiserSettings = { weightDecay: 1e-4, clip: 1e3, clipLength: 3 };

/** The vectors of a training program's state, for so many parameters. */
export function optimiserState(size: number) {
  const vector = { shape: [size], state: true };
  return { parameters: vector, average: vector, gradientMean: vector, gradientSquare: vector };
}

const scalarOfStep = { shape: [], perStep: true };

/** The numbers of a step (schedule.ts): the learning rate, and the decays of averages, which may change with the step. */
export const optimiserInputs = {
  learningRate: scalarOfStep,
  meanCorrection: scalarOfStep,
  squareCorrection: scalarOfStep,
  usualCorrection: scalarOfStep,
  averageKeep: scalarOfStep,
  averageFresh: scalarOfStep,
};

type OptimiserTensors = Readonly<
  Record<keyof ReturnType<typeof optimiserState> | keyof typeof optimiserInputs, Tensor>
>;

/** The next state, and `accepted`: 0 where the loss or the gradient is not finite, and the state stays as it is. */
export function optimised(
  inputs: OptimiserTensors,
  loss: Tensor,
  gradient: Tensor,
  { weightDecay, clip, clipLength, squareDecay = SQUARE_DECAY }: OptimiserSettings,
) {
  const { parameters, average } = inputs;
  const accepted = mul(allWithin(loss), allWithin(gradient));
  const bounded = clamp(gradient, -clip, clip);
  const usual = mul(total(inputs.gradientSquare), inputs.usualCorrection);
  const clipped = mul(bounded, shortening(total(square(bounded)), mul(usual, clipLength ** 2)));
  const gradientMean = mixed(inputs.gradientMean, clipped, MEAN_DECAY);
  const gradientSquare = mixed(inputs.gradientSquare, square(clipped), squareDecay);
  const direction = div(
    mul(gradientMean, inputs.meanCorrection),
    add(sqrt(mul(gradientSquare, inputs.squareCorrection)), EPSILON),
  );
  const moved = sub(parameters, mul(inputs.learningRate, add(direction, mul(parameters, weightDecay))));
  const state = {
    parameters: select(accepted, moved, parameters),
    average: select(accepted, add(mul(average, inputs.averageKeep), mul(moved, inputs.averageFresh)), average),
    gradientMean: select(accepted, gradientMean, inputs.gradientMean),
    gradientSquare: select(accepted, gradientSquare, inputs.gradientSquare),
  };
  return { state, accepted };
}

/**
 * The factor that clips a squared norm to the largest allowed; 1 before the first running RMS norm.
 *
 * Adam by itself does not survive an outlier: its square is forgotten within a thousand steps, its direction within
 * ten, so that one gradient of a hundred times the RMS norm moves every weight by thirty learning rates. At 1e-3 that is
 * the size of the weights, and networks of molecules did not recover.
 */
const shortening = (length: Tensor, allowed: Tensor): Tensor =>
  select(mul(greater(allowed, 0), greater(length, allowed)), sqrt(div(allowed, maximum(length, allowed))), 1);

const mixed = (old: Tensor, fresh: Tensor, keep: number): Tensor => add(mul(old, keep), mul(fresh, 1 - keep));
