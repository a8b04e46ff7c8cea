/**
 * Turns a frame so that its cell lies in the standard orientation, a along x and b in the xy plane, for files that
 * keep only lengths and angles. A rigid rotation about the origin: no distance and no image changes.
 */
import { ErgodicError } from '../../errors.ts';
import type { Cell } from './cell.ts';

/** Angle in radians below which a cell counts as standard already; single precision is not better. */
const NEGLIGIBLE = 1e-6;

type Vector = readonly [number, number, number];

/** The same objects where nothing has to be turned. */
export function inStandardOrientation<P extends Float32Array | Float64Array>(
  cell: Cell,
  positions: P,
): { cell: Cell; positions: P } {
  const vector = (i: number): Vector => [cell[i]!, cell[i + 1]!, cell[i + 2]!];
  const [a, b, c] = [vector(0), vector(3), vector(6)];
  const stray = Math.max(Math.abs(a[1]) / a[0], Math.abs(a[2]) / a[0], Math.abs(b[2]) / b[1]);
  if (a[0] > 0 && b[1] > 0 && c[2] > 0 && stray < NEGLIGIBLE) return { cell, positions };
  const x = unit(a);
  const z = unit(cross(a, b));
  const y = cross(z, x);
  const turn = (v: Vector): Vector => [dot(x, v), dot(y, v), dot(z, v)];
  const turned = positions.slice() as P;
  for (let i = 0; i < positions.length; i += 3) {
    turned.set(turn([positions[i]!, positions[i + 1]!, positions[i + 2]!]), i);
  }
  const [[ax], [bx, by], [cx, cy, cz]] = [turn(a), turn(b), turn(c)];
  if (![ax, by, cz].every((edge) => Number.isFinite(edge) && edge !== 0)) {
    throw new ErgodicError(`A periodic cell of the vectors ${cell.join(', ')} nm spans no volume.`);
  }
  // The vectors may be left-handed; −c spans the same lattice and makes them right-handed.
  const hand = Math.sign(cz);
  return { cell: [ax, 0, 0, bx, by, 0, hand * cx, hand * cy, hand * cz], positions: turned };
}

const dot = (u: Vector, v: Vector): number => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
const cross = (u: Vector, v: Vector): Vector => [
  u[1] * v[2] - u[2] * v[1],
  u[2] * v[0] - u[0] * v[2],
  u[0] * v[1] - u[1] * v[0],
];
const unit = (v: Vector): Vector => {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
};
