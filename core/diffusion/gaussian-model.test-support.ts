/**
 * For tests only: the diffusion of Gaussian data N(μ, s²·1) in closed form. `q_t = N(m μ, m² s² + σ²)`, with the
 * normalisation kept, so that −log q obeys the Fokker–Planck equation at every t. A molecule's is blind to its centre.
 */
import { centred, conservativeField, degreesOfFreedom, isMolecular, type ScoreModel } from '../models/score-model.ts';
import { square } from '../program/functions.ts';
import { add, constant, log, mul, reciprocal, sub, sum } from '../program/primitives.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import { meanFactor, variance } from './process.ts';

export function gaussianEnergy(shape: Shape, mean: ArrayLike<number>, deviation: number) {
  return (x: Tensor, t: Tensor): Tensor => {
    const m = meanFactor(t);
    const spread = add(mul(square(m), deviation ** 2), variance(t));
    const away = sub(x, mul(m, constant(mean, shape)));
    const distance = sum(square(isMolecular(shape) ? centred(away) : away));
    return mul(add(mul(distance, reciprocal(spread)), mul(log(spread), degreesOfFreedom(shape))), 0.5);
  };
}

export const gaussianModel = (shape: Shape, mean: ArrayLike<number>, deviation: number): ScoreModel => ({
  shape,
  inputs: {},
  field: () => conservativeField(gaussianEnergy(shape, mean, deviation)),
});
