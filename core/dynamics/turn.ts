/**
 * Turning some beads of a molecule about a bond, within a program: x − o → R (x − o), R the rotation by an angle about
 * the unit vector of the bond (Rodrigues), o its end. Volumes stay what they are, and so do all distances among the beads
 * that turn and to the bond. Not for derivatives: where the two beads of the bond coincide, nothing turns.
 */
import { square } from '../program/functions.ts';
import {
  add,
  concat,
  cos,
  div,
  matmul,
  mul,
  reshape,
  sin,
  slice,
  sqrt,
  sub,
  sum,
  transpose,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

/** A length that keeps a division finite, squared; nm². */
const TINY = 1e-12;

export interface Turn {
  /** Ends of the bond, [1, 3]: a positive angle is a clockwise turn for who looks from the first to the second. */
  readonly from: Tensor;
  readonly to: Tensor;
  /** 1 for a bead that turns, else 0; [N, 1]. */
  readonly moved: Tensor;
  /** rad, []. */
  readonly angle: Tensor;
}

/** x: [N, 3]. */
export function turned(x: Tensor, { from, to, moved, angle }: Turn): Tensor {
  const bond = sub(to, from);
  const axis = div(bond, sqrt(add(sum(square(bond)), TINY)));
  const [a, b, c] = [0, 1, 2].map((i) => slice(axis, 1, i, i + 1)) as [Tensor, Tensor, Tensor];
  const zero = mul(a, 0);
  const crossed = reshape(concat([zero, mul(c, -1), b, c, zero, mul(a, -1), mul(b, -1), a, zero], 1), [3, 3]);
  const along = matmul(transpose(axis, [1, 0]), axis);
  // R − 1 = sin θ K + (1 − cos θ)(a aᵀ − 1), on rows from the right.
  const change = (w: Tensor) =>
    add(mul(sin(angle), matmul(w, crossed, false, true)), mul(sub(1, cos(angle)), sub(matmul(w, along), w)));
  return add(x, mul(moved, change(sub(x, to))));
}
