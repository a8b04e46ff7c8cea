/**
 * Uniformly random rotations in three dimensions, one per sample: a unit quaternion from four normals (method §2).
 */
import { square } from '../program/functions.ts';
import { add, concat, div, mul, normal, reshape, slice, sub, sum } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

/** [3, 3], to be multiplied from the right on rows of coordinates. */
export function randomRotation(stream: number): Tensor {
  const q = normal([4], stream);
  const twice = div(2, sum(square(q)));
  const [w, x, y, z] = [0, 1, 2, 3].map((i) => reshape(slice(q, 0, i, i + 1), [])) as [Tensor, Tensor, Tensor, Tensor];
  const one = (a: Tensor, b: Tensor) => sub(1, mul(twice, add(square(a), square(b))));
  const plus = (a: Tensor, b: Tensor, c: Tensor, d: Tensor) => mul(twice, add(mul(a, b), mul(c, d)));
  const minus = (a: Tensor, b: Tensor, c: Tensor, d: Tensor) => mul(twice, sub(mul(a, b), mul(c, d)));
  const entries = [
    ...[one(y, z), minus(x, y, z, w), plus(x, z, y, w)],
    ...[plus(x, y, z, w), one(x, z), minus(y, z, x, w)],
    ...[minus(x, z, y, w), plus(y, z, x, w), one(x, y)],
  ];
  return reshape(
    concat(
      entries.map((entry) => reshape(entry, [1])),
      0,
    ),
    [3, 3],
  );
}
