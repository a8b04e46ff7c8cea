/**
 * One training step of one expert as a program (method §5): noise, loss, gradient, AdamW, moving average.
 *
 * State: the flat vectors `parameters`, `average` (the moving average that is evaluated and stored), `gradientMean`
 * and `gradientSquare`. Each step hands out the terms of the loss by name, without their weights, `loss`, their weighted
 * sum, and `accepted`: 0 where the loss or the gradient was not finite, in which case nothing of the state has changed.
 */
import { columns } from '../models/columns.ts';
import { flatGradient, split } from '../models/parameters.ts';
import { allWithin, clamp, maximum, square, total } from '../program/functions.ts';
import { add, div, greater, mul, select, sqrt, sub, sumOverSamples } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import { type Expert, expertModel } from './expert.ts';
import { termsOf } from './loss-terms.ts';
import { type ExpertTerm, sampleLoss } from './objective.ts';
import { MEAN_DECAY, SQUARE_DECAY } from './schedule.ts';

const EPSILON = 1e-8;

export interface OptimiserSettings {
  /** Decoupled from the gradient (AdamW). */
  readonly weightDecay: number;
  /** Largest magnitude of one gradient element. */
  readonly clip: number;
  /** Gradient-norm clip, relative to the running RMS norm. */
  readonly clipLength: number;
  /** Decay per step of the moving average of the weights. */
  readonly averageDecay: number;
}

export const defaultOptimiser: OptimiserSettings = { weightDecay: 1e-4, clip: 1e3, clipLength: 3, averageDecay: 0.995 };

/**
 * Inputs per step: `x0` (a batch; with `features` of each sample's beads where the network takes them, and the columns
 * that the terms ask for), `learningRate`, `meanCorrection`, `squareCorrection`, `usualCorrection`; always:
 * `inverseSamples`. `terms`: of the expert's loss, those that this step has.
 */
export function trainingStep(
  expert: Expert,
  optimiser: OptimiserSettings = defaultOptimiser,
  terms: readonly ExpertTerm[] = termsOf(expert),
): Program {
  const { weightDecay, clip, clipLength, averageDecay } = optimiser;
  const { shape, layout, features, fieldOf } = expertModel(expert);
  const vector = { shape: [layout.size], state: true };
  const ofBatch = { perSample: true, perStep: true };
  const wanted = [...new Set(terms.flatMap((term) => term.columns ?? []))].map((name) => columns[name]);
  const scalarOfStep = { shape: [], perStep: true };
  const specs = {
    parameters: vector,
    average: vector,
    gradientMean: vector,
    gradientSquare: vector,
    x0: { shape, ...ofBatch },
    ...Object.fromEntries(wanted.map(({ input, shapeOf }) => [input, { shape: shapeOf(shape)!, ...ofBatch }])),
    ...(features ? { features: { shape: features, ...ofBatch } } : {}),
    learningRate: scalarOfStep,
    meanCorrection: scalarOfStep,
    squareCorrection: scalarOfStep,
    usualCorrection: scalarOfStep,
    inverseSamples: { shape: [] },
  };
  return trace('training step', specs, (inputs) => {
    const { parameters, average, inverseSamples } = inputs;
    const parts = split(layout, parameters);
    const given: Readonly<Record<string, Tensor>> = inputs;
    const ownColumns = Object.fromEntries(wanted.map(({ input }) => [input, given[input]!]));
    const own = sampleLoss(fieldOf(parts, inputs.features), inputs.x0, expert, terms, ownColumns);
    const means = terms.map(({ name }) => mul(sumOverSamples(own[name]!), inverseSamples));
    const weighted = terms.map((term, i) => mul(means[i]!, term.weight(expert)));
    const loss = weighted.reduce((sum, term) => add(sum, term));
    const gradient = flatGradient(loss, layout, parts);

    const accepted = mul(allWithin(loss), allWithin(gradient));
    const bounded = clamp(gradient, -clip, clip);
    const usual = mul(total(inputs.gradientSquare), inputs.usualCorrection);
    const clipped = mul(bounded, shortening(total(square(bounded)), mul(usual, clipLength ** 2)));
    const gradientMean = mixed(inputs.gradientMean, clipped, MEAN_DECAY);
    const gradientSquare = mixed(inputs.gradientSquare, square(clipped), SQUARE_DECAY);
    const direction = div(
      mul(gradientMean, inputs.meanCorrection),
      add(sqrt(mul(gradientSquare, inputs.squareCorrection)), EPSILON),
    );
    const moved = sub(parameters, mul(inputs.learningRate, add(direction, mul(parameters, weightDecay))));
    return {
      state: {
        parameters: select(accepted, moved, parameters),
        average: select(accepted, mixed(average, moved, averageDecay), average),
        gradientMean: select(accepted, gradientMean, inputs.gradientMean),
        gradientSquare: select(accepted, gradientSquare, inputs.gradientSquare),
      },
      step: { loss, ...Object.fromEntries(terms.map(({ name }, i) => [name, means[i]!])), accepted },
    };
  });
}

/**
 * The factor that clips a squared norm to the largest allowed; 1 before the first running RMS norm.
 *
 * Adam by itself does not survive an outlier: its square is forgotten within a thousand steps, its direction within
 * ten, so that one gradient of a hundred times the RMS norm moves every weight by thirty learning rates. At 1e-3 that is the
 * size of the weights, and networks of molecules did not recover.
 */
const shortening = (length: Tensor, allowed: Tensor): Tensor =>
  select(mul(greater(allowed, 0), greater(length, allowed)), sqrt(div(allowed, maximum(length, allowed))), 1);

const mixed = (old: Tensor, fresh: Tensor, keep: number): Tensor => add(mul(old, keep), mul(fresh, 1 - keep));
