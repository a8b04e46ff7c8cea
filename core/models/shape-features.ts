/**
 * What networks see of the modes of a molecule's shape (method §4): with U the modes and variances c
 * (conformation-statistics.ts), ṽ_k = (Uᵀx)_k / √(m²c_k + σ²) rotate with the molecule, and their scalar products and
 * determinants do not. Determinants change sign with chirality. With them the energy of a Gaussian chain, ½ Σ |ṽ_k|².
 */
import {
  add,
  constant,
  matmul,
  mul,
  reciprocal,
  reshape,
  slice,
  sqrt,
  sub,
  sum,
  transpose,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import type { ConformationStatistics } from './conformation-statistics.ts';
import type { NoiseLevel } from './network.ts';
import { cross, dot, each, type Vector } from './vectors.ts';

export interface SeenModes {
  readonly statistics: ConformationStatistics;
  /** Largest modes whose scalar products the network sees. */
  readonly modes: number;
  /** Largest modes whose determinants it sees. */
  readonly chiralModes: number;
}

interface Chosen {
  readonly modes: number;
  /** Of modes k ≤ l. */
  readonly products: readonly (readonly [number, number])[];
  readonly determinants: readonly (readonly [number, number, number])[];
}

function chosenBy({ statistics, modes, chiralModes }: SeenModes): Chosen {
  const used = Math.min(modes, statistics.beads - 1);
  const chiral = Math.min(chiralModes, used);
  const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return {
    modes: used,
    products: range(0, used).flatMap((k) => range(k, used).map((l) => [k, l] as const)),
    determinants: range(0, chiral).flatMap((a) =>
      range(a + 1, chiral).flatMap((b) => range(b + 1, chiral).map((c) => [a, b, c] as const)),
    ),
  };
}

/** Picks columns: [from, columns.length] with one 1 in each column. */
const picking = (from: number, columns: readonly number[]): Tensor => {
  const entries = new Float64Array(from * columns.length);
  for (const [column, row] of columns.entries()) entries[row * columns.length + column] = 1;
  return constant(entries, [from, columns.length]);
};

export function shapeFeatureCount(seen: SeenModes): number {
  const { products, determinants } = chosenBy(seen);
  return products.length + determinants.length;
}

/** Of xs [rows, N, 3] at one noise level: the energy of the Gaussian chain, [rows], and features, [rows, some] each. */
export function shapeFeatures(
  seen: SeenModes,
  xs: Tensor,
  noise: NoiseLevel,
): { gaussian: Tensor; features: readonly Tensor[] } {
  const { shape, beads } = seen.statistics;
  const { modes, products, determinants } = chosenBy(seen);
  const rows = xs.shape[0]!;
  const variances = constant(shape.variances, [beads - 1]);
  const widths = sqrt(add(mul(mul(noise.mean, noise.mean), variances), noise.variance));
  const inverse = reciprocal(widths);
  const toModes = constant(shape.vectors, [beads, beads - 1]);
  const all = transpose(xs, [2, 0, 1]);
  const vectors = [0, 1, 2].map((axis) =>
    mul(matmul(reshape(slice(all, 0, axis, axis + 1), [rows, beads]), toModes), inverse),
  ) as unknown as Vector;
  const gaussian = mul(sum(dot(vectors, vectors), [1]), 0.5);
  const largest = each(vectors, (v) => slice(v, 1, 0, modes));
  const picked = (columns: readonly number[]) => each(largest, (v) => matmul(v, picking(modes, columns)));
  const scalar = dot(picked(products.map(([k]) => k)), picked(products.map(([, l]) => l)));
  // Zero mean and unit variance each, in pure noise.
  const means = constant(
    products.map(([k, l]) => (k === l ? 3 : 0)),
    [products.length],
  );
  const scales = constant(
    products.map(([k, l]) => (k === l ? 6 : 3) ** -0.5),
    [products.length],
  );
  const features = [mul(sub(scalar, means), scales)];
  if (determinants.length > 0) {
    const [a, b, c] = [0, 1, 2].map((i) => picked(determinants.map((triple) => triple[i]!))) as [
      Vector,
      Vector,
      Vector,
    ];
    features.push(mul(dot(a, cross(b, c)), 6 ** -0.5));
  }
  return { gaussian, features };
}
