/**
 * Turning parts of a molecule about its bonds, within a program: x − o → R (x − o), R the rotation by an angle about the
 * unit vector of the bond (Rodrigues), o its end. Volumes stay what they are, and so do all distances among the beads that
 * turn and to the bond. Positions are rows of beads, [rows, N] for x, y and z, each row with angles of its own; a
 * positive angle is a clockwise turn for who looks along the bond. Not for derivatives: where the two beads of a bond coincide, nothing turns.
 */

import {
  add,
  constant,
  cos,
  greater,
  matmul,
  mul,
  reciprocal,
  reshape,
  sin,
  slice,
  sqrt,
  sub,
  sum,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import type { RotatableTorsion } from './conformation-statistics.ts';
import { cross, dot, each, minus, plus, scaled, type Vector } from './vectors.ts';

/** A length that keeps a division finite, squared. */
const TINY = 1e-12;

/** [N, 3] → x, y and z, [1, N] each. */
export const rowOfBeads = (x: Tensor): Vector =>
  [0, 1, 2].map((axis) => reshape(slice(x, 1, axis, axis + 1), [1, x.shape[0]!])) as unknown as Vector;

/** All torsions, one after the other: that of index i by angles [rows, 1]. */
export function turnedTogether(
  position: Vector,
  torsions: readonly RotatableTorsion[],
  angles: (i: number) => Tensor,
): Vector {
  const beads = position[0].shape[1]!;
  return torsions.reduce((now, { atoms: [, from, to], moved }, i) => {
    const bead = (index: number) => each(now, (values) => slice(values, 1, index, index + 1));
    return turned(now, bead(from), bead(to), constant(members(moved, beads), [1, beads]), angles(i));
  }, position);
}

/** One of the torsions of a single row, which `drawn`, [1, 1] and uniform from 0 to 1, picks, by each of the angles [rows, 1]. */
export function turnedOne(
  position: Vector,
  torsions: readonly RotatableTorsion[],
  drawn: Tensor,
  angles: Tensor,
): Vector {
  const beads = position[0].shape[1]!;
  const count = torsions.length;
  const at = mul(drawn, count);
  // Rounding must not leave a draw outside.
  const edge = (i: number) => (i === 0 ? -1 : i === count ? count + 1 : i);
  const edges = (first: number) =>
    constant(
      torsions.map((_, i) => edge(i + first)),
      [1, count],
    );
  const chosen = sub(greater(at, edges(0)), greater(at, edges(1)));
  const rowsOf = (of: (torsion: RotatableTorsion) => readonly number[]) =>
    matmul(
      chosen,
      constant(
        torsions.flatMap((torsion) => members(of(torsion), beads)),
        [count, beads],
      ),
    );
  const bead = (row: Tensor) => each(position, (values) => reshape(sum(mul(values, row)), [1, 1]));
  const from = bead(rowsOf(({ atoms }) => [atoms[1]]));
  const to = bead(rowsOf(({ atoms }) => [atoms[2]]));
  return turned(
    position,
    from,
    to,
    rowsOf(({ moved }) => moved),
    angles,
  );
}

/** The beads of `isMoved`, [1, N], about from → to by `angles`. */
function turned(position: Vector, from: Vector, to: Vector, isMoved: Tensor, angles: Tensor): Vector {
  const along = minus(to, from);
  const axis = scaled(along, reciprocal(sqrt(add(dot(along, along), TINY))));
  const arm = minus(position, to);
  const parallel = scaled(axis, dot(axis, arm));
  const change = plus(scaled(cross(axis, arm), sin(angles)), scaled(minus(parallel, arm), sub(1, cos(angles))));
  return plus(position, scaled(change, isMoved));
}

/** 1 at these beads. */
const members = (marked: readonly number[], beads: number): number[] =>
  Array.from({ length: beads }, (_, bead) => (marked.includes(bead) ? 1 : 0));
