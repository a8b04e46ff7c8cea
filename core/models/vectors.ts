/** Vectors in space as three tensors of one shape, x, y and z: sums of products, one for each vector. */
import { add, mul, neg, sub } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

export type Vector = readonly [Tensor, Tensor, Tensor];

export const dot = (a: Vector, b: Vector): Tensor => add(add(mul(a[0], b[0]), mul(a[1], b[1])), mul(a[2], b[2]));

export function cross([ax, ay, az]: Vector, [bx, by, bz]: Vector): Vector {
  const minor = (p: Tensor, q: Tensor, r: Tensor, s: Tensor) => add(mul(p, q), neg(mul(r, s)));
  return [minor(ay, bz, az, by), minor(az, bx, ax, bz), minor(ax, by, ay, bx)];
}

export const plus = (a: Vector, b: Vector): Vector => [add(a[0], b[0]), add(a[1], b[1]), add(a[2], b[2])];
export const minus = (a: Vector, b: Vector): Vector => [sub(a[0], b[0]), sub(a[1], b[1]), sub(a[2], b[2])];
/** The same factor for x, y and z. */
export const scaled = (a: Vector, factor: Tensor): Vector => [mul(a[0], factor), mul(a[1], factor), mul(a[2], factor)];
export const each = (a: Vector, f: (component: Tensor) => Tensor): Vector => [f(a[0]), f(a[1]), f(a[2])];
