/**
 * The proper rotation R that makes Σ R ⊙ C largest, for many 3 × 3 matrices C at once, within a program. With C = Σ x yᵀ over the
 * beads of two centred configurations, R y is superposed on x. Horn (J. Opt. Soc. Am. A 4, 629, 1987): R as a quaternion is the
 * eigenvector of a symmetric 4 × 4 matrix K for its largest eigenvalue λ, here the largest root of the characteristic polynomial
 * (Theobald, Acta Cryst. A 61, 478, 2005). Where several rotations are equally good it is one of them, or between them: a
 * rotation whatever C is. Made for float32. Not here: configurations (`superposition.ts`), or derivatives.
 */
import { cross, dot, each, type Vector } from '../models/vectors.ts';
import { maximum, minimum, square } from '../program/functions.ts';
import { add, div, greater, mul, neg, reciprocal, select, sqrt, sub } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

/** Three rows of tensors of one shape: a matrix for each of their elements. */
export type Matrix = readonly [Vector, Vector, Vector];

export function bestRotation(matrix: Matrix): Matrix {
  const unit = ofUnitNorm(matrix);
  return rotationOf(leadingEigenvector(shiftedKey(unit, largestEigenvalue(unit))));
}

/** Σ A ⊙ B. */
export const innerProduct = (a: Matrix, b: Matrix): Tensor =>
  add(add(dot(a[0], b[0]), dot(a[1], b[1])), dot(a[2], b[2]));

/** Sum of squares below which a matrix stays as small as it is. */
const TINY = 1e-30;

function ofUnitNorm(matrix: Matrix): Matrix {
  const factor = reciprocal(sqrt(maximum(innerProduct(matrix, matrix), TINY)));
  const row = (of: Vector) => each(of, (element) => mul(element, factor));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

const NEWTON_STEPS = 8;
/** Of the polynomial; below it a root counts as a multiple one. Thousands of times the rounding of float32. */
const LEAST_SLOPE = 3e-4;
/** Keeps the step away from a triple root finite: the polynomial has no curvature there. */
const LEAST_CURVATURE = 0.1;

/**
 * λ is the sum of the singular values of C, the least of them negative where det C is. The sum of their squares being 1, the
 * polynomial is P(λ) = (λ² − 1)² − 8 λ det C − 4 ‖cof C‖². So nothing cancels where C is nearly of rank one, as it is for
 * stretched molecules, and two roots nearly coincide.
 */
function largestEigenvalue(unit: Matrix): Tensor {
  const cofactors: Matrix = [cross(unit[1], unit[2]), cross(unit[2], unit[0]), cross(unit[0], unit[1])];
  const linear = mul(dot(unit[0], cofactors[0]), 8);
  const constant = mul(innerProduct(cofactors, cofactors), 4);
  const slopeAt = (x: Tensor) => sub(mul(mul(x, sub(square(x), 1)), 4), linear);
  let x = upperBound(linear, constant);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const value = sub(square(sub(square(x), 1)), add(mul(x, linear), constant));
    const slope = slopeAt(x);
    // value / slope, bounded: at a multiple root both are nothing but rounding.
    x = sub(x, div(mul(value, slope), add(square(slope), LEAST_SLOPE ** 2)));
  }
  // The slope is the trace of the adjugate of λ − K, which vanishes at a multiple root, but not a little above it.
  const lacking = maximum(sub(LEAST_SLOPE, slopeAt(x)), 0);
  const curvature = sub(mul(square(x), 12), 4);
  return add(x, div(lacking, add(curvature, LEAST_CURVATURE)));
}

/**
 * The lesser of two bounds. `stretched` is close to λ where C is nearly of rank one: (λ² − 1)² is largest at an extreme of
 * λ, √3 or √⅓. The other is close where C is that of a mirror image: the largest λ for a determinant, to first order
 * in √(1 + √27 det C), which is 0 where the singular values are √⅓, √⅓ and −√⅓.
 */
function upperBound(linear: Tensor, constant: Tensor): Tensor {
  const extreme = select(greater(linear, 0), Math.sqrt(3), Math.sqrt(1 / 3));
  const stretched = sqrt(add(sqrt(maximum(add(mul(linear, extreme), constant), 0)), 1));
  const beyond = sqrt(maximum(add(mul(linear, Math.sqrt(27) / 8), 1), 0));
  return minimum(stretched, add(mul(beyond, Math.sqrt(8) / 3), Math.sqrt(1 / 3)));
}

type Four = readonly [Tensor, Tensor, Tensor, Tensor];
type Symmetric = readonly [Four, Four, Four, Four];

/** λ − K. */
function shiftedKey([[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]]: Matrix, eigenvalue: Tensor): Symmetric {
  const trace = add(add(xx, yy), zz);
  const rest = add(eigenvalue, trace);
  const diagonal = (element: Tensor) => sub(rest, mul(element, 2));
  const [wx, wy, wz] = [sub(yz, zy), sub(zx, xz), sub(xy, yx)];
  const [sxy, sxz, syz] = [neg(add(xy, yx)), neg(add(xz, zx)), neg(add(yz, zy))];
  return [
    [sub(eigenvalue, trace), wx, wy, wz],
    [wx, diagonal(xx), sxy, sxz],
    [wy, sxy, diagonal(yy), syz],
    [wz, sxz, syz, diagonal(zz)],
  ];
}

type Index = 0 | 1 | 2 | 3;
const INDICES: readonly Index[] = [0, 1, 2, 3];
const four = (of: (index: Index) => Tensor): Four => [of(0), of(1), of(2), of(3)];

/**
 * Of the eigenvalue next to 0, of any length: the adjugate is nearly the projection on it. The longest column of the
 * adjugate has it, and once more times the adjugate it has the square of the error.
 */
function leadingEigenvector(matrix: Symmetric): Four {
  const element = (i: Index, j: Index) => (i < j ? cofactor(matrix, i, j) : cofactor(matrix, j, i));
  const adjugate = INDICES.map((i) => four((j) => element(i, j))) as unknown as Symmetric;
  let [longest] = adjugate[0];
  let [column] = adjugate;
  for (const j of [1, 2, 3] as const) {
    const [before, own] = [column, adjugate[j]];
    const isLonger = greater(own[j], longest);
    column = four((i) => select(isLonger, own[i], before[i]));
    longest = maximum(own[j], longest);
  }
  return four((i) => sumOf(four((j) => mul(adjugate[i][j], column[j]))));
}

const sumOf = (terms: readonly Tensor[]): Tensor => terms.reduce((a, b) => add(a, b));

/** Expanded along the row that leaves the first two or the last two, whose minors serve all cofactors. */
function cofactor(m: Symmetric, row: Index, column: Index): Tensor {
  const along = m[(row ^ 1) as Index];
  const [upper, lower] = row < 2 ? [m[2], m[3]] : [m[0], m[1]];
  const columns = INDICES.filter((j) => j !== column);
  return sumOf(
    columns.map((j, k) => {
      const [p, q] = columns.filter((other) => other !== j) as [Index, Index];
      const term = mul(along[j], sub(mul(upper[p], lower[q]), mul(upper[q], lower[p])));
      return (row + column + k) % 2 === 0 ? term : neg(term);
    }),
  );
}

/** Of a quaternion of any length but 0. */
function rotationOf(quaternion: Four): Matrix {
  const [w, x, y, z] = quaternion;
  const factor = div(2, sumOf(quaternion.map(square)));
  const [fx, fy, fz] = [mul(x, factor), mul(y, factor), mul(z, factor)];
  const [xx, yy, zz] = [mul(fx, x), mul(fy, y), mul(fz, z)];
  const [xy, xz, yz] = [mul(fx, y), mul(fx, z), mul(fy, z)];
  const [wx, wy, wz] = [mul(fx, w), mul(fy, w), mul(fz, w)];
  return [
    [sub(1, add(yy, zz)), sub(xy, wz), add(xz, wy)],
    [add(xy, wz), sub(1, add(xx, zz)), sub(yz, wx)],
    [sub(xz, wy), add(yz, wx), sub(1, add(xx, yy))],
  ];
}
