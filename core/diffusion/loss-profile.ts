/**
 * The denoising loss of a model by noise level (method §9): ⟨‖ε + σ s(x_t, t)‖²⟩ at fixed λ = log(m/σ), on the same data
 * with the same noise for every model. Of two models, the difference integrated over λ is the difference of their
 * Kullback–Leibler divergences from the data, in nats; no sampling is needed. In dimensions of ε, which for a molecule has no mean.
 */
import { centred, isMolecular, type ScoreModel } from '../models/score-model.ts';
import { square } from '../program/functions.ts';
import { add, mul, normal, sum, sumOverSamples } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import { logSignalToNoiseAt, timeOfLogSignalToNoise } from './noise-schedule.ts';
import { deviation, noised, TIME_FLOOR } from './process.ts';
import { streams } from './streams.ts';

/** Inputs beside the model's own: `x0`, `inverseSamples`, and of each step `t`. Each step hands out `loss`. */
export function lossProfile(model: ScoreModel): Program {
  const { shape } = model;
  const specs = {
    ...model.inputs,
    x0: { shape, perSample: true },
    inverseSamples: { shape: [] },
    t: { shape: [], perStep: true },
  };
  const inside = isMolecular(shape) ? centred : (values: ReturnType<typeof normal>) => values;
  return trace('loss profile', specs, (inputs) => {
    const { x0, t, inverseSamples } = inputs;
    const noise = inside(normal(shape, streams.residualNoise));
    const score = inside(model.field(inputs).score(noised(x0, noise, t), t));
    const loss = sum(square(add(noise, mul(score, deviation(t)))));
    return { step: { loss: mul(sumOverSamples(loss), inverseSamples) } };
  });
}

/** λ from nearly pure noise to nearly none, in equal steps, and the times that belong to them. */
export function profileGrid(points: number): { lambda: number[]; t: number[] } {
  const [from, to] = [logSignalToNoiseAt(1), logSignalToNoiseAt(TIME_FLOOR)];
  const lambda = Array.from({ length: points }, (_, i) => from + ((to - from) * (i + 0.5)) / points);
  return { lambda, t: lambda.map(timeOfLogSignalToNoise) };
}

/** What the second model is further from the data than the first, in nats, by each point of an evenly spaced grid. */
export function natsBetween(lambda: readonly number[], first: readonly number[], second: readonly number[]): number[] {
  const width = lambda.length > 1 ? lambda[1]! - lambda[0]! : 0;
  return lambda.map((_, i) => (second[i]! - first[i]!) * width);
}
