/**
 * Forces on coordinates as forces on features of them: of all f with Jᵀf = F, J = ∂features/∂x, that of least norm,
 * J (JᵀJ)⁺F. *Derived for this product.* Net force and torque, which no distance feels, are left out, and so is the entropic term
 * −½∇ log det′(JJᵀ) that a change of variables adds: what the features pull to is the Boltzmann distribution but for that.
 * Rows are configurations. Conjugate gradients, a fixed number of steps: all tensors, no loop over configurations.
 */
import { gradients, tangents } from '../program/differentiate.ts';
import { add, broadcast, div, mul, reshape, sub, sum } from '../program/primitives.ts';
import { sizeOf, type Tensor } from '../program/tensor.ts';
import type { Features } from './representation.ts';

/** Steps, at most: rounding allows no more digits than these give. */
const MOST_STEPS = 40;
/** Of the mean square of a feature's derivative, added to JᵀJ: what no feature feels stays bounded. */
const DAMPING = 1e-3;
const LEAST = 1e-20;

/** x, forces [rows, …shape] → [rows, features]. */
export function forcesOnFeatures(features: Features, x: Tensor, forces: Tensor): Tensor {
  const rows = x.shape[0]!;
  const width = sizeOf(x.shape) / rows;
  const values = features(x);
  const along = (u: Tensor) => tangents([values], new Map([[x, u]]))[0]!;
  const back = (f: Tensor) => gradients(values, [x], f)[0]!;
  const perRow = (a: Tensor, b: Tensor) => sum(reshape(mul(a, b), [rows, width]), [1]);
  const times = (factor: Tensor, a: Tensor) => mul(broadcast(factor, a.shape, [0]), a);
  const damping = mul(DAMPING, div(perRow(back(along(forces)), forces), add(perRow(forces, forces), LEAST)));
  const normal = (u: Tensor) => add(back(along(u)), times(damping, u));
  let solution = mul(forces, 0);
  let residual = forces;
  let direction = forces;
  let size = perRow(residual, residual);
  for (let step = 0; step < Math.min(width, MOST_STEPS); step++) {
    const image = normal(direction);
    const length = div(size, add(perRow(direction, image), LEAST));
    solution = add(solution, times(length, direction));
    residual = sub(residual, times(length, image));
    const next = perRow(residual, residual);
    direction = add(residual, times(div(next, add(size, LEAST)), direction));
    size = next;
  }
  return along(solution);
}
