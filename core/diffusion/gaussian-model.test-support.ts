/**
 * For tests only: the diffusion of Gaussian data N(μ, s²·1) in closed form. `q_t = N(m μ, m² s² + σ²)`, with the
 * normalisation kept, so that −log q obeys the Fokker–Planck equation with the constant D at every t.
 */

import { conservativeField, type ScoreModel } from '../models/score-model.ts';
import { square } from '../program/functions.ts';
import { add, constant, log, mul, reciprocal, sub, sum } from '../program/primitives.ts';
import { type Shape, sizeOf, type Tensor } from '../program/tensor.ts';
import { meanFactor, variance } from './process.ts';

export function gaussianEnergy(shape: Shape, mean: ArrayLike<number>, deviation: number) {
  return (x: Tensor, t: Tensor): Tensor => {
    const m = meanFactor(t);
    const spread = add(mul(square(m), deviation ** 2), variance(t));
    const distance = sum(square(sub(x, mul(m, constant(mean, shape)))));
    return mul(add(mul(distance, reciprocal(spread)), mul(log(spread), sizeOf(shape))), 0.5);
  };
}

export const gaussianModel = (shape: Shape, mean: ArrayLike<number>, deviation: number): ScoreModel => ({
  shape,
  inputs: {},
  field: () => conservativeField(gaussianEnergy(shape, mean, deviation)),
});
