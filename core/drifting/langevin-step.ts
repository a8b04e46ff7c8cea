/**
 * One step of unadjusted Langevin dynamics that data take before they are learned from: x + εF + √(2ε) ξ, with the forces of the
 * frames themselves. *Derived for this product*, not published: bonds of a short trajectory that are too narrow become about as
 * wide as their forces say. Of a well of variance v, a width w becomes (1 − ε/v)² w + 2ε.
 */
import { mean, square } from '../program/functions.ts';
import { add, mul, normal, reciprocal, sqrt, sumOverSamples } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

/** Apart from that of the generator's noise. */
const STREAM = 2;

/** `size`: ε times the mean square of a force component, which is 1/v of a well that is sampled as its forces say. */
export function langevinStep(x: Tensor, forces: Tensor, size: number): Tensor {
  const epsilon = mul(size, reciprocal(mean(square(forces))));
  // Normal numbers are drawn for samples; the only one has those of the whole batch.
  const noise = sumOverSamples(normal(x.shape, STREAM));
  return add(add(x, mul(forces, epsilon)), mul(noise, sqrt(mul(epsilon, 2))));
}
