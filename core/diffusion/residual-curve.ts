/**
 * The Fokker–Planck residual against t (method §9): means over noised data, one number of each kind per t, of |R| / D, of
 * R / D and of R² / D². From the last two follows how far R spreads over x, which no offset of the energy in t changes.
 *
 * R is exact in any dimension. `½β Σ_k [f/D + (∂ₖE)² − xₖ∂ₖE − ∂²ₖE + (2/βD) ∂tE]`, f the degrees of freedom, is a
 * sum over unit vectors, so the program takes one unit vector per step and hands out a number after every D-th; two forward streams, no reverse
 * sweep, and the same program size for two dimensions as for a hundred.
 */
import { degreesOfFreedom, type ScoreModel } from '../models/score-model.ts';
import { secondOrder } from '../program/differentiate.ts';
import { maximum, square } from '../program/functions.ts';
import { add, div, mul, neg, normal, select, sub, sum, sumOverSamples, zeros } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import { type Shape, sizeOf } from '../program/tensor.ts';
import { beta, noised } from './process.ts';
import { streams } from './streams.ts';

/** Inputs beside those of `residualCurveInputs`: the model's own, and `x0`, one data point for each sample. */
export function residualCurve(model: ScoreModel): Program {
  const { shape } = model;
  const dimension = sizeOf(shape);
  const freedomShare = degreesOfFreedom(shape) / dimension;
  const specs = {
    ...model.inputs,
    x0: { shape, perSample: true },
    inverseSamples: { shape: [] },
    t: { shape: [], perStep: true },
    direction: { shape, perStep: true },
    first: { shape: [], perStep: true },
    noise: { shape, perSample: true, state: true },
    total: { shape: [], perSample: true, state: true },
  };
  return trace('residual curve', specs, (inputs) => {
    const { x0, t, direction, first, inverseSamples } = inputs;
    const { energy } = model.field(inputs);
    if (!energy) throw new Error('The Fokker–Planck residual needs a model with an energy.');
    const noise = select(first, normal(shape, streams.residualNoise), inputs.noise);
    const x = noised(x0, noise, t);
    const drift = new Map([
      [x, mul(direction, sum(mul(direction, x)))],
      [t, div(-2 / dimension, beta(t))],
    ]);
    const { along, operator } = secondOrder(energy(x, t), [new Map([[x, direction]])], drift);
    const before = select(first, zeros([]), inputs.total);
    const total = add(before, sub(add(square(along[0]!), freedomShare), operator));
    const residual = mul(mul(beta(t), 0.5), total);
    const size = maximum(residual, neg(residual));
    return {
      state: { noise, total },
      stride: {
        residual: mul(sumOverSamples(size), mul(inverseSamples, 1 / dimension)),
        mean: mul(sumOverSamples(residual), mul(inverseSamples, 1 / dimension)),
        square: mul(sumOverSamples(square(residual)), mul(inverseSamples, dimension ** -2)),
      },
    };
  });
}

/** Steps, stride and inputs of one call for these times; the outputs have one number for each. */
export function residualCurveInputs(times: readonly number[], shape: Shape, samples: number) {
  const dimension = sizeOf(shape);
  const steps = times.length * dimension;
  return {
    steps,
    stride: dimension,
    inputs: {
      inverseSamples: [1 / samples],
      t: Float64Array.from({ length: steps }, (_, i) => times[Math.floor(i / dimension)]!),
      direction: Float64Array.from({ length: steps * dimension }, (_, i) =>
        Math.floor(i / dimension) % dimension === i % dimension ? 1 : 0,
      ),
      first: Float64Array.from({ length: steps }, (_, i) => (i % dimension === 0 ? 1 : 0)),
      noise: new Float64Array(samples * dimension),
      total: new Float64Array(samples),
    },
  };
}
