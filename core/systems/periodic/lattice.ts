/**
 * The lattice of a periodic cell, for distances: its shortest basis, and with it the shortest of all images of a vector,
 * in any cell however skewed. nm. Lengths and angles of the cell a file states: cell.ts.
 */
import type { Cell } from './cell.ts';

export interface Lattice {
  /** Three vectors of the same lattice, the shortest there are, row after row, nm. */
  readonly basis: Float64Array;
  /** Turns nm into multiples of the basis: multiple k of r is row k times r. */
  readonly inverse: Float64Array;
  /** Distance of the two faces that basis vector k connects, nm. */
  readonly widths: Float64Array;
}

/** Below this fraction of the product of its lengths a cell has no volume worth the name. */
const FLAT = 1e-6;

/** Undefined for a cell without volume, which cannot repeat anything. */
export function latticeOf(cell: Cell | undefined): Lattice | undefined {
  if (cell?.length !== 9 || !cell.every(Number.isFinite)) return undefined;
  const rows = [cell.slice(0, 3), cell.slice(3, 6), cell.slice(6, 9)];
  if (!(volumeOf(rows) > FLAT * rows.reduce((product, row) => product * length(row), 1))) return undefined;
  const basis = shortestBasis(rows);
  const signed = dot(basis[0]!, cross(basis[1]!, basis[2]!));
  const inverse = [1, 2, 3].map((k) => cross(basis[k % 3]!, basis[(k + 1) % 3]!).map((value) => value / signed));
  return {
    basis: Float64Array.from(basis.flat()),
    inverse: Float64Array.from(inverse.flat()),
    widths: Float64Array.from(inverse, (row) => 1 / length(row)),
  };
}

/** Replaces a vector by the shortest of its images. */
export type MinimumImage = (vector: Float64Array) => void;

export function minimumImage({ basis, inverse, widths }: Lattice): MinimumImage {
  const step = new Float64Array(3);
  // A vector that does not reach half the narrowest width is shorter than all its images.
  const safe = (Math.min(...widths) / 2) ** 2;
  return (vector) => {
    for (let k = 0; k < 3; k++) {
      step[k] = Math.round(
        inverse[3 * k]! * vector[0]! + inverse[3 * k + 1]! * vector[1]! + inverse[3 * k + 2]! * vector[2]!,
      );
    }
    let square = 0;
    for (let x = 0; x < 3; x++) {
      const value = vector[x]! - step[0]! * basis[x]! - step[1]! * basis[3 + x]! - step[2]! * basis[6 + x]!;
      vector[x] = value;
      square += value * value;
    }
    if (!(square > safe)) return;
    // In a shortest basis the nearest image is at most one step from the rounded one (Nguyen and Stehlé, 2009).
    const [x, y, z] = [vector[0]!, vector[1]!, vector[2]!];
    for (let a = -1; a <= 1; a++) {
      for (let b = -1; b <= 1; b++) {
        for (let c = -1; c <= 1; c++) {
          const u = x + a * basis[0]! + b * basis[3]! + c * basis[6]!;
          const v = y + a * basis[1]! + b * basis[4]! + c * basis[7]!;
          const w = z + a * basis[2]! + b * basis[5]! + c * basis[8]!;
          const other = u * u + v * v + w * w;
          if (other >= square) continue;
          square = other;
          vector[0] = u;
          vector[1] = v;
          vector[2] = w;
        }
      }
    }
  };
}

/** Each round replaces a vector by a clearly shorter one of the same lattice, so few rounds are enough. */
const MOST_ROUNDS = 1000;

function shortestBasis(rows: readonly number[][]): number[][] {
  let basis = [...rows];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    basis.sort((u, v) => dot(u, u) - dot(v, v));
    const [a, b, c] = basis as [number[], number[], number[]];
    const along = (u: readonly number[], v: readonly number[]): number => Math.round(dot(u, v) / dot(v, v));
    const candidates: readonly [number, number[]][] = [
      [1, combine(b, a, -along(b, a))],
      [2, combine(c, a, -along(c, a))],
      [2, combine(c, b, -along(c, b))],
      ...[-1, 1].flatMap((p) => [-1, 1].map((q): [number, number[]] => [2, combine(combine(c, a, p), b, q)])),
    ];
    const better = candidates.find(([k, vector]) => dot(vector, vector) < dot(basis[k]!, basis[k]!) * (1 - 1e-12));
    if (!better) break;
    basis = basis.with(better[0], better[1]);
  }
  return basis;
}

const dot = (u: readonly number[], v: readonly number[]): number => u[0]! * v[0]! + u[1]! * v[1]! + u[2]! * v[2]!;
const length = (u: readonly number[]): number => Math.sqrt(dot(u, u));
const cross = (u: readonly number[], v: readonly number[]): number[] => [
  u[1]! * v[2]! - u[2]! * v[1]!,
  u[2]! * v[0]! - u[0]! * v[2]!,
  u[0]! * v[1]! - u[1]! * v[0]!,
];
const combine = (u: readonly number[], v: readonly number[], times: number): number[] =>
  u.map((value, x) => value + times * v[x]!);
const volumeOf = (rows: readonly number[][]): number => Math.abs(dot(rows[0]!, cross(rows[1]!, rows[2]!)));
