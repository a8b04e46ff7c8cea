/**
 * The mode energy of one molecule (method §4), for noise in which bonds are blurred: there a molecule is a few vectors, and
 * what matters is how they stand to one another and their chirality.
 *
 * With U the modes of the whole shape and variances c (conformation-statistics.ts), ṽ_k = (Uᵀx)_k / √(m²c_k + σ²) rotate
 * with the molecule. `E = ½ Σ |ṽ_k|² + network` is exact for a Gaussian chain at every t. The network sees the scalar
 * products of the largest modes and, for chirality, the determinants of three; without these it cannot tell mirror images
 * apart, which costs ln 2. Time is seen through λ = log(m/σ).
 */

import {
  add,
  concat,
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
import { assumedStatistics, type ConformationStatistics } from './conformation-statistics.ts';
import type { Network, NoiseLevel } from './network.ts';
import { SIGNAL_TIMES, signalTimes } from './noise-features.ts';
import type { NamedTensors } from './parameters.ts';
import { type ResidualMlp, residualMlp, residualMlpParameters, residualMlpSettings } from './residual-mlp.ts';
import { cross, dot, each, type Vector } from './vectors.ts';

export interface ModeEnergySpec extends ResidualMlp {
  readonly kind: 'modes';
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

function chosenBy({ statistics, modes, chiralModes }: ModeEnergySpec): Chosen {
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

/** xs [rows, N, 3] at one noise level → [rows]. */
function energies(spec: ModeEnergySpec, weights: NamedTensors, xs: Tensor, noise: NoiseLevel): Tensor {
  const { shape, beads } = spec.statistics;
  const { modes, products, determinants } = chosenBy(spec);
  const rows = xs.shape[0]!;
  const variances = constant(shape.variances, [beads - 1]);
  const widths = sqrt(add(mul(mul(noise.mean, noise.mean), variances), noise.variance));
  const inverse = reciprocal(widths);
  const toModes = constant(shape.vectors, [beads, beads - 1]);
  const all = transpose(xs, [2, 0, 1]);
  const vectors = [0, 1, 2].map((axis) =>
    mul(matmul(reshape(slice(all, 0, axis, axis + 1), [rows, beads]), toModes), inverse),
  ) as unknown as Vector;
  const base = mul(sum(dot(vectors, vectors), [1]), 0.5);
  const largest = each(vectors, (v) => slice(v, 1, 0, modes));
  const picked = (columns: readonly number[]) => each(largest, (v) => matmul(v, picking(modes, columns)));
  const features: Tensor[] = [];
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
  features.push(mul(sub(scalar, means), scales));
  if (determinants.length > 0) {
    const [a, b, c] = [0, 1, 2].map((i) => picked(determinants.map((triple) => triple[i]!))) as [
      Vector,
      Vector,
      Vector,
    ];
    features.push(mul(dot(a, cross(b, c)), 6 ** -0.5));
  }
  return add(base, residualMlp(spec, weights, concat(features, 1), signalTimes(noise)));
}

export const modeEnergy = {
  title: 'Mode energy',
  serves: ['molecule'],
  isInvariant: true,
  isCentred: true,
  settings: {
    ...residualMlpSettings,
    modes: {
      type: 'whole',
      min: 1,
      max: 64,
      default: 7,
      help: 'Largest modes of the shape whose scalar products the network sees: those with a variance above a tenth of the noise.',
    },
    chiralModes: {
      type: 'whole',
      min: 0,
      max: 32,
      default: 6,
      help: 'Largest modes whose determinants, which tell mirror images apart, the network sees.',
    },
  },
  sized: (settings, { statistics }) => {
    if (!statistics) throw new Error('A mode energy needs the statistics of conformations.');
    return { ...(settings as ModeEnergySpec), kind: 'modes', statistics };
  },
  sizeOf: ({ statistics }) => ({ shape: [statistics.beads, 3], statistics }),
  parameters: (spec) => {
    const { products, determinants } = chosenBy(spec);
    return residualMlpParameters(spec, products.length + determinants.length, SIGNAL_TIMES);
  },
  evaluate: (spec, _range, _output, weights, { x, noise }) =>
    reshape(energies(spec, weights, reshape(x, [1, ...x.shape]), noise), []),
  energies: (spec, _range, weights, { xs, noise }) => energies(spec, weights, xs, noise),
  gradcheck: {
    spec: (width) => ({
      kind: 'modes',
      hidden: width,
      layers: 2,
      modes: 4,
      chiralModes: 4,
      statistics: assumedStatistics({ beads: 5, torsions: [], rotatable: [] }),
    }),
  },
} as const satisfies Network<ModeEnergySpec>;
