/**
 * Eigenvalues and eigenvectors of a dense symmetric matrix: Householder reduction to tridiagonal form, then implicit QL
 * with Wilkinson shifts (Golub and Van Loan, chapter 8). For up to a few hundred rows; time grows with the cube.
 * The vectors are orthonormal to rounding even where eigenvalues coincide.
 */
import { ErgodicError } from './errors.ts';

export interface Eigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** The vector of each value, of length 1; its sign is arbitrary. */
  readonly vectors: readonly Float64Array[];
}

/** Of a matrix in rows, of which only the lower triangle is read. */
export function symmetricEigen(matrix: ArrayLike<number>, size: number): Eigen {
  // Row k of `basis` becomes vector k, so that every inner loop runs along a row.
  const basis = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = matrix[i * size + j]!;
      if (!Number.isFinite(value))
        throw new ErgodicError('A matrix with an entry that is no number has no eigenvalues.');
      basis[i * size + j] = value;
      basis[j * size + i] = value;
    }
  }
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  tridiagonalise(basis, size, diagonal, beside);
  implicitQL(basis, size, diagonal, beside);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]!);
  return {
    values: Float64Array.from(order, (k) => diagonal[k]!),
    vectors: order.map((k) => basis.slice(k * size, (k + 1) * size)),
  };
}

/**
 * Qᵀ A Q is tridiagonal with Q = H(n−1) … H(1), where H(k) = 1 − u uᵀ / h turns the first k entries of row k into a
 * multiple of a unit vector. `a` becomes Qᵀ, `beside[i]` the entry on the left of `diagonal[i]`.
 */
function tridiagonalise(a: Float64Array, size: number, diagonal: Float64Array, beside: Float64Array): void {
  const halves = new Float64Array(size);
  const p = new Float64Array(size);
  for (let row = size - 1; row > 0; row--) {
    const u = a.subarray(row * size, row * size + row);
    let scale = 0;
    for (let j = 0; j < row - 1; j++) scale += Math.abs(u[j]!);
    diagonal[row] = a[row * size + row]!;
    if (scale === 0) {
      beside[row] = u[row - 1]!;
      continue;
    }
    scale += Math.abs(u[row - 1]!);
    let square = 0;
    for (let j = 0; j < row; j++) {
      u[j]! /= scale;
      square += u[j]! * u[j]!;
    }
    const last = u[row - 1]!;
    const length = last > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    beside[row] = scale * length;
    u[row - 1] = last - length;
    const half = square - last * length;
    halves[row] = half;
    // A ← H A H = A − u qᵀ − q uᵀ with q = A u / h − u (uᵀ A u) / 2h².
    p.fill(0, 0, row);
    for (let i = 0; i < row; i++) {
      const at = i * size;
      const ui = u[i]!;
      let sum = a[at + i]! * ui;
      for (let j = 0; j < i; j++) {
        sum += a[at + j]! * u[j]!;
        p[j]! += a[at + j]! * ui;
      }
      p[i]! += sum;
    }
    let projection = 0;
    for (let i = 0; i < row; i++) {
      p[i]! /= half;
      projection += p[i]! * u[i]!;
    }
    projection /= 2 * half;
    for (let i = 0; i < row; i++) p[i]! -= projection * u[i]!;
    for (let i = 0; i < row; i++) {
      const at = i * size;
      for (let j = 0; j <= i; j++) a[at + j]! -= u[i]! * p[j]! + p[i]! * u[j]!;
    }
  }
  diagonal[0] = a[0]!;
  beside[0] = 0;
  accumulate(a, size, halves, p);
}

/** Replaces the vectors u in the rows of `a` by the product H(1) … H(n−1). */
function accumulate(a: Float64Array, size: number, halves: Float64Array, p: Float64Array): void {
  const q = new Float64Array(size * size);
  for (let i = 0; i < size; i++) q[i * size + i] = 1;
  for (let row = 1; row < size; row++) {
    const half = halves[row]!;
    if (half === 0) continue;
    const u = a.subarray(row * size, row * size + row);
    // H(row) acts on the first `row` coordinates only, and so does the product so far.
    for (let i = 0; i < row; i++) {
      let sum = 0;
      for (let j = 0; j < row; j++) sum += q[i * size + j]! * u[j]!;
      p[i] = sum / half;
    }
    for (let i = 0; i < row; i++) for (let j = 0; j < row; j++) q[i * size + j]! -= p[i]! * u[j]!;
  }
  a.set(q);
}

/** Diagonalises the tridiagonal matrix by plane rotations, and turns the rows of `vectors` along. */
function implicitQL(vectors: Float64Array, size: number, diagonal: Float64Array, beside: Float64Array): void {
  beside.copyWithin(0, 1);
  beside[size - 1] = 0;
  for (let left = 0; left < size; left++) {
    for (let iteration = 0; ; iteration++) {
      let end = left;
      while (end < size - 1 && !negligible(beside[end]!, diagonal[end]!, diagonal[end + 1]!)) end++;
      if (end === left) break;
      if (iteration === 100) throw new ErgodicError('The eigenvalues of a matrix did not converge.');
      // The shift is the eigenvalue of the leading 2 × 2 block that is nearer to its corner.
      const slope = (diagonal[left + 1]! - diagonal[left]!) / (2 * beside[left]!);
      const root = Math.hypot(slope, 1);
      let g = diagonal[end]! - diagonal[left]! + beside[left]! / (slope + (slope < 0 ? -root : root));
      let sine = 1;
      let cosine = 1;
      let shift = 0;
      let i = end - 1;
      for (; i >= left; i--) {
        const f = sine * beside[i]!;
        const b = cosine * beside[i]!;
        const r = Math.hypot(f, g);
        beside[i + 1] = r;
        if (r === 0) {
          diagonal[i + 1]! -= shift;
          beside[end] = 0;
          break;
        }
        sine = f / r;
        cosine = g / r;
        g = diagonal[i + 1]! - shift;
        const turned = (diagonal[i]! - g) * sine + 2 * cosine * b;
        shift = sine * turned;
        diagonal[i + 1] = g + shift;
        g = cosine * turned - b;
        rotateRows(vectors, size, i, sine, cosine);
      }
      if (i >= left) continue;
      diagonal[left]! -= shift;
      beside[left] = g;
      beside[end] = 0;
    }
  }
}

function negligible(beside: number, a: number, b: number): boolean {
  return Math.abs(beside) <= Number.EPSILON * (Math.abs(a) + Math.abs(b));
}

function rotateRows(vectors: Float64Array, size: number, row: number, sine: number, cosine: number): void {
  for (let k = 0, u = row * size, v = u + size; k < size; k++, u++, v++) {
    const f = vectors[v]!;
    const e = vectors[u]!;
    vectors[v] = sine * e + cosine * f;
    vectors[u] = cosine * e - sine * f;
  }
}
