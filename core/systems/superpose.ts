/**
 * The rigid motion that brings one set of points nearest to another, point by point, in the least squares of the
 * distances: a rotation and a shift, never a mirror image. Horn's method (J. Opt. Soc. Am. A 4, 629, 1987): the best
 * rotation, as a quaternion, is the eigenvector of a symmetric 4 × 4 matrix that belongs to its largest eigenvalue.
 * Any unit of length, nm everywhere else; sums are in double precision whatever the arrays are.
 */
import { ErgodicError } from '../errors.ts';

/** x ↦ rotation · x + translation. */
export interface RigidMotion {
  /** Row after row. */
  readonly rotation: Float64Array;
  readonly translation: Float64Array;
}

export interface Superposition extends RigidMotion {
  /** Of the moved points from the target, weighted. */
  readonly rmsd: number;
}

/**
 * Moves `mobile` onto `target`. `weights`: what each point counts, the same for all unless given. Where points lie on a
 * line, or a plane and its reverse fit equally well, one of the best motions. NaN where any point is NaN.
 */
export function superpose(
  mobile: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Superposition {
  const points = target.length / 3;
  const total = checkedTotal(mobile, target, weights);
  const from = weightedCentre(mobile, total, weights);
  const to = weightedCentre(target, total, weights);
  const [fx, fy, fz] = from as unknown as [number, number, number];
  const [tx, ty, tz] = to as unknown as [number, number, number];
  // Σ w (mobile − centre)(target − centre)ᵀ, row after row.
  const s = new Float64Array(9);
  for (let point = 0, at = 0; point < points; point++, at += 3) {
    const weight = weights ? weights[point]! : 1;
    const x = weight * (mobile[at]! - fx);
    const y = weight * (mobile[at + 1]! - fy);
    const z = weight * (mobile[at + 2]! - fz);
    const u = target[at]! - tx;
    const v = target[at + 1]! - ty;
    const w = target[at + 2]! - tz;
    s[0]! += x * u;
    s[1]! += x * v;
    s[2]! += x * w;
    s[3]! += y * u;
    s[4]! += y * v;
    s[5]! += y * w;
    s[6]! += z * u;
    s[7]! += z * v;
    s[8]! += z * w;
  }
  const rotation = rotationOf(bestQuaternion(s));
  const translation = new Float64Array(3);
  for (let a = 0; a < 3; a++) translation[a] = to[a]! - rotated(rotation, from, a);
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = rotation as unknown as Nine;
  let squares = 0;
  for (let point = 0, at = 0; point < points; point++, at += 3) {
    const x = mobile[at]! - fx;
    const y = mobile[at + 1]! - fy;
    const z = mobile[at + 2]! - fz;
    const dx = xx * x + xy * y + xz * z - (target[at]! - tx);
    const dy = yx * x + yy * y + yz * z - (target[at + 1]! - ty);
    const dz = zx * x + zy * y + zz * z - (target[at + 2]! - tz);
    squares += (weights ? weights[point]! : 1) * (dx * dx + dy * dy + dz * dz);
  }
  return { rotation, translation, rmsd: Math.sqrt(squares / total) };
}

/** Writes the moved points into `out`, which may be `positions` itself. */
export function move(
  { rotation, translation }: RigidMotion,
  positions: ArrayLike<number>,
  out: Float32Array | Float64Array,
): void {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = rotation as unknown as Nine;
  const [dx, dy, dz] = translation as unknown as [number, number, number];
  for (let i = 0; i < positions.length; i += 3) {
    const x = positions[i]!;
    const y = positions[i + 1]!;
    const z = positions[i + 2]!;
    out[i] = xx * x + xy * y + xz * z + dx;
    out[i + 1] = yx * x + yy * y + yz * z + dy;
    out[i + 2] = zx * x + zy * y + zz * z + dz;
  }
}

type Nine = [number, number, number, number, number, number, number, number, number];

const rotated = (rotation: Float64Array, point: ArrayLike<number>, a: number): number =>
  rotation[3 * a]! * point[0]! + rotation[3 * a + 1]! * point[1]! + rotation[3 * a + 2]! * point[2]!;

function checkedTotal(mobile: ArrayLike<number>, target: ArrayLike<number>, weights?: ArrayLike<number>): number {
  const points = target.length / 3;
  if (mobile.length !== target.length || !Number.isInteger(points) || points < 1) {
    throw new ErgodicError(
      `Only sets of equally many points can be superposed, and these have ${mobile.length / 3} and ${points}.`,
    );
  }
  if (!weights) return points;
  if (weights.length !== points) throw new ErgodicError(`There are ${weights.length} weights for ${points} points.`);
  let total = 0;
  for (let point = 0; point < points; point++) {
    if (!(weights[point]! >= 0)) throw new ErgodicError(`The weight of point ${point} is ${weights[point]}, below 0.`);
    total += weights[point]!;
  }
  if (!(total > 0 && total < Number.POSITIVE_INFINITY))
    throw new ErgodicError('The weights have no finite sum above 0.');
  return total;
}

function weightedCentre(points: ArrayLike<number>, total: number, weights?: ArrayLike<number>): Float64Array {
  const centre = new Float64Array(3);
  for (let point = 0, at = 0; at < points.length; point++, at += 3) {
    const weight = weights ? weights[point]! : 1;
    for (let axis = 0; axis < 3; axis++) centre[axis]! += weight * points[at + axis]!;
  }
  for (let axis = 0; axis < 3; axis++) centre[axis]! /= total;
  return centre;
}

/** Millions of frames are superposed, so nothing is allocated for each: of one matrix at a time. */
const matrix = new Float64Array(16);
const vectors = new Float64Array(16);

function bestQuaternion(s: Float64Array): Float64Array {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s as unknown as Nine;
  matrix[0] = xx + yy + zz;
  matrix[5] = xx - yy - zz;
  matrix[10] = yy - xx - zz;
  matrix[15] = zz - xx - yy;
  matrix[1] = matrix[4] = yz - zy;
  matrix[2] = matrix[8] = zx - xz;
  matrix[3] = matrix[12] = xy - yx;
  matrix[6] = matrix[9] = xy + yx;
  matrix[7] = matrix[13] = zx + xz;
  matrix[11] = matrix[14] = yz + zy;
  return leadingEigenvector(matrix);
}

/** Jacobi's sweeps over a 4 × 4 matrix converge quadratically; ten are more than double precision needs. */
const SWEEPS = 30;
/** Of the diagonal; what is left beside it then turns no eigenvector by what double precision can tell. */
const NEGLIGIBLE = 1e-20;

/** Of length 1, whatever the matrix: all its eigenvectors are kept orthonormal by construction. Overwrites the matrix. */
function leadingEigenvector(m: Float64Array): Float64Array {
  vectors.fill(0);
  for (let k = 0; k < 4; k++) vectors[5 * k] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let beside = 0;
    for (let p = 0; p < 3; p++) for (let q = p + 1; q < 4; q++) beside += Math.abs(m[4 * p + q]!);
    const diagonal = Math.abs(m[0]!) + Math.abs(m[5]!) + Math.abs(m[10]!) + Math.abs(m[15]!);
    if (beside <= NEGLIGIBLE * diagonal) break;
    for (let p = 0; p < 3; p++) {
      for (let q = p + 1; q < 4; q++) {
        const apq = m[4 * p + q]!;
        if (apq === 0) continue;
        const theta = (m[5 * q]! - m[5 * p]!) / (2 * apq);
        // `Math.hypot` takes most of the time here.
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const sine = t * c;
        for (let k = 0; k < 4; k++) rotatePair(m, 4 * k + p, 4 * k + q, c, sine);
        for (let k = 0; k < 4; k++) rotatePair(m, 4 * p + k, 4 * q + k, c, sine);
        for (let k = 0; k < 4; k++) rotatePair(vectors, 4 * k + p, 4 * k + q, c, sine);
        m[4 * p + q] = 0;
        m[4 * q + p] = 0;
      }
    }
  }
  let best = 0;
  for (let k = 1; k < 4; k++) if (m[5 * k]! > m[5 * best]!) best = k;
  const leading = new Float64Array(4);
  for (let k = 0; k < 4; k++) leading[k] = vectors[4 * k + best]!;
  return leading;
}

function rotatePair(m: Float64Array, i: number, j: number, c: number, s: number): void {
  const a = m[i]!;
  const b = m[j]!;
  m[i] = c * a - s * b;
  m[j] = s * a + c * b;
}

function rotationOf(quaternion: Float64Array): Float64Array {
  const [w, x, y, z] = quaternion as unknown as [number, number, number, number];
  const rotation = new Float64Array(9);
  rotation[0] = w * w + x * x - y * y - z * z;
  rotation[1] = 2 * (x * y - w * z);
  rotation[2] = 2 * (x * z + w * y);
  rotation[3] = 2 * (x * y + w * z);
  rotation[4] = w * w - x * x + y * y - z * z;
  rotation[5] = 2 * (y * z - w * x);
  rotation[6] = 2 * (x * z - w * y);
  rotation[7] = 2 * (y * z + w * x);
  rotation[8] = w * w - x * x - y * y + z * z;
  return rotation;
}
