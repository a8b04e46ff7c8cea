/**
 * Functions that people know by name, written in primitives. They need no derivative rules of their own.
 */
import {
  add,
  broadcast,
  exp,
  greater,
  max,
  mul,
  type Operand,
  reciprocal,
  reshape,
  select,
  slice,
  sqrt,
  stopGradient,
  sub,
  sum,
  tanh,
} from './primitives.ts';
import { sizeOf, type Tensor } from './tensor.ts';

export const square = (x: Tensor): Tensor => mul(x, x);

export function mean(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i)): Tensor {
  const total = sum(x, axes);
  return mul(total, sizeOf(total.shape) / sizeOf(x.shape));
}

/** Written with tanh, which saturates: no overflow on either side, at any order of derivative. */
export const sigmoid = (x: Operand): Tensor => add(mul(tanh(mul(x, 0.5)), 0.5), 0.5);

export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));

/** The tanh form of the Gaussian error linear unit. */
export const gelu = (x: Tensor): Tensor =>
  mul(mul(x, 0.5), add(tanh(mul(mul(x, Math.sqrt(2 / Math.PI)), add(mul(square(x), 0.044715), 1))), 1));

/** Repeats the result of a reduction over the last axis along that axis again. */
const backOverLast = (y: Tensor, like: Tensor): Tensor =>
  broadcast(
    y,
    like.shape,
    y.shape.map((_, i) => i),
  );

/** Softmax over the last axis. The shift by the maximum changes no value, so no derivative flows through it. */
export function softmax(x: Tensor): Tensor {
  const weights = exp(sub(x, backOverLast(stopGradient(max(x, [-1])), x)));
  return mul(weights, backOverLast(reciprocal(sum(weights, [-1])), weights));
}

/** Zero mean and unit variance over the last axis, without scale or shift. */
export function normalise(x: Tensor, epsilon = 1e-6): Tensor {
  const centred = sub(x, backOverLast(mean(x, [-1]), x));
  const spread = sqrt(add(mean(square(centred), [-1]), epsilon));
  return mul(centred, backOverLast(reciprocal(spread), x));
}

export const minimum = (a: Operand, b: Operand): Tensor => select(greater(a, b), b, a);
export const maximum = (a: Operand, b: Operand): Tensor => select(greater(a, b), a, b);
export const clamp = (x: Tensor, low: number, high: number): Tensor => minimum(maximum(x, low), high);

/** Elements beyond which a reduction to one number is divided, so that threads can share it. */
const DIVIDED = 4096;
const PARTS = 8;

function divided(x: Tensor): Tensor[] {
  const size = sizeOf(x.shape);
  const flat = reshape(x, [size]);
  const cuts = size < DIVIDED ? [0, size] : Array.from({ length: PARTS + 1 }, (_, i) => Math.floor((size * i) / PARTS));
  return cuts.slice(1).map((end, i) => slice(flat, 0, cuts[i]!, end));
}

/** 1 where every |element| is below the limit, else 0; a NaN is below nothing. The limit given is near float32's. */
export const allWithin = (x: Tensor, limit = 3e38): Tensor =>
  divided(x)
    .map((part) => max(sub(1, mul(greater(limit, part), greater(part, -limit))), [0]))
    .map((outside) => sub(1, outside))
    .reduce((a, b) => mul(a, b));

/** The sum of all elements of a long vector. */
export const total = (x: Tensor): Tensor =>
  divided(x)
    .map((part) => sum(part))
    .reduce((a, b) => add(a, b));
