/** What is near in the drift field: a kernel of squared distances. */
import { square } from '../program/functions.ts';
import { constant, div, equal, exp, mul, neg, sqrt, sub } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

export const kernels = ['gaussian', 'laplace'] as const;
export type Kernel = (typeof kernels)[number];

export const kernelOf: Record<Kernel, (squares: Tensor, bandwidth: Tensor) => Tensor> = {
  gaussian: (squares, h) => exp(neg(div(squares, mul(2, square(h))))),
  laplace: (squares, h) => exp(neg(div(sqrt(squares), h))),
};

/** Between configurations of one set: none is near itself. */
export const kernelAmong = (kernel: Kernel, squares: Tensor, bandwidth: Tensor): Tensor =>
  mul(kernelOf[kernel](squares, bandwidth), others(squares.shape[0]!));

/** Off the diagonal 1, on it 0. */
function others(count: number): Tensor {
  const index = Array.from({ length: count }, (_, i) => i);
  return sub(1, equal(constant(index, [count, 1]), constant(index, [1, count])));
}
