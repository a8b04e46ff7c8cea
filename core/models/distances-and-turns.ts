/**
 * Distances and torsions of many configurations at once, as tensors: rows are configurations, [rows, beads, 3]. No rotation
 * changes them. Not here: what they are like in noise (`internal-coordinates.ts`).
 */
import { add, constant, matmul, mul, reciprocal, reshape, slice, sqrt, transpose } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Quadruple } from './conformation-statistics.ts';
import { cross, dot, each, type Vector } from './vectors.ts';

/** Square of a length below which its derivative is no longer exact, data scales². */
const EPSILON = 1e-8;

/** From the first to the second bead of each pair, [rows, pairs] along each axis. */
export function differences(x: Tensor, pairs: readonly (readonly [number, number])[]): Vector {
  const [rows, beads] = x.shape as [number, number, number];
  const entries = new Float64Array(beads * pairs.length);
  for (const [column, [from, to]] of pairs.entries()) {
    entries[to * pairs.length + column] = 1;
    entries[from * pairs.length + column] = -1;
  }
  const matrix = constant(entries, [beads, pairs.length]);
  const byAxis = transpose(x, [2, 0, 1]);
  const along = (axis: number) => matmul(reshape(slice(byAxis, 0, axis, axis + 1), [rows, beads]), matrix);
  return [along(0), along(1), along(2)];
}

export const lengths = (of: Vector): Tensor => sqrt(add(dot(of, of), EPSILON));

/** Cosine and sine of each, [rows, torsions]. */
export function turnsOf(
  x: Tensor,
  torsions: readonly Quadruple[],
): { readonly cosines: Tensor; readonly sines: Tensor } {
  const count = torsions.length;
  const bonds = ([0, 1, 2] as const).flatMap((from) =>
    torsions.map((atoms): [number, number] => [atoms[from], atoms[from + 1]!]),
  );
  const all = differences(x, bonds);
  const bond = (i: number): Vector => each(all, (d) => slice(d, 1, i * count, (i + 1) * count));
  const [a, b, c] = [bond(0), bond(1), bond(2)];
  const [first, second] = [cross(a, b), cross(b, c)];
  const areas = mul(add(dot(first, first), EPSILON), add(dot(second, second), EPSILON));
  const inverse = reciprocal(sqrt(areas));
  return { cosines: mul(dot(first, second), inverse), sines: mul(mul(lengths(b), dot(a, second)), inverse) };
}
