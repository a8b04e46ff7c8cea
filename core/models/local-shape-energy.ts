/**
 * The local shape energy (method §4): the mode energy of any molecule, seen from its beads, for noise in which bonds are
 * blurred. `E = ½ Σ |ṽ_k|² + network` as there, exact for a Gaussian chain, with pooled distances for its statistics.
 *
 * What the network sees is not the modes, which are of one molecule, but beads with every mode as wide as it is without noise,
 * `x̌ = Σ_k √c_k ṽ_k u_k`, so that noise has no part where there is no shape: squared differences of pairs, and, for
 * chirality, determinants of three, all with mean 0 and variance 1 for the chain. Their weights belong to kinds of beads
 * (bead-mlp.ts).
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
import { type BeadFeature, type BeadMlp, beadMlp, beadMlpParameters, beadMlpSettings } from './bead-mlp.ts';
import { assumedStatistics, type ConformationStatistics, pairsOf, type Quadruple } from './conformation-statistics.ts';
import { assumedKinds, bondsApart, type KindedStructure, type KnownKinds, kindedHeights } from './kinded-structure.ts';
import { kindedSize } from './local-energy.ts';
import type { Network, NetworkInputs } from './network.ts';
import { SIGNAL_TIMES, signalTimes } from './noise-features.ts';
import type { NamedTensors } from './parameters.ts';
import { cross, dot, each, type Vector } from './vectors.ts';

export interface LocalShapeEnergySpec extends BeadMlp {
  readonly kind: 'local-shape';
  readonly statistics: ConformationStatistics;
  readonly molecules: KnownKinds;
}

/**
 * A determinant is of the three steps from one bead to the next: along bonds, and over two bonds each, which at large noise see
 * more of the shape.
 */
function quadruplesOf(structure: KindedStructure) {
  const apart = bondsApart(structure);
  return [
    ...kindedHeights(structure, apart).map((beads) => ({ beads, isWide: false })),
    ...wideQuadruples(structure, apart).map((beads) => ({ beads, isWide: true })),
  ];
}

/** Most of them for each bead; where there would be more, only those that go straight on. */
const MOST_WIDE = 3;

function wideQuadruples({ beads }: KindedStructure, apart: readonly (readonly number[])[]): Quadruple[] {
  const next = apart.map((row) => row.flatMap((bonds, bead) => (bonds === 2 ? [bead] : [])));
  const all = next.flatMap((seconds, i) =>
    seconds.flatMap((j) =>
      next[j]!.flatMap((k) => next[k]!.filter((l) => i < l && i !== k && j !== l).map((l): Quadruple => [i, j, k, l])),
    ),
  );
  const isStraight = ([i, , , l]: Quadruple) => apart[i]![l] === 6;
  return all.length <= MOST_WIDE * beads ? all : all.filter(isStraight).slice(0, MOST_WIDE * beads);
}

const featuresOf = (structure: KindedStructure): BeadFeature[] => [
  ...pairsOf(structure.beads).map((beads) => ({ what: 'd', beads, eitherWay: true })),
  ...quadruplesOf(structure).map(({ beads, isWide }) => ({ what: 'det', beads, eitherWay: isWide })),
];

/** xs [rows, N, 3] → [rows]. */
function energies(
  spec: LocalShapeEnergySpec,
  weights: NamedTensors,
  { xs, noise, features }: { readonly xs: Tensor } & Pick<NetworkInputs, 'noise' | 'features'>,
): Tensor {
  const { statistics, molecules } = spec;
  const { shape, beads } = statistics;
  const rows = xs.shape[0]!;
  const modes = shape.variances.length;
  const variances = constant(shape.variances, [modes]);
  const widths = sqrt(add(mul(mul(noise.mean, noise.mean), variances), noise.variance));
  const all = transpose(xs, [2, 0, 1]);
  const toModes = constant(shape.vectors, [beads, modes]);
  const axes = [0, 1, 2].map((axis) => reshape(slice(all, 0, axis, axis + 1), [rows, beads])) as unknown as Vector;
  const vectors = each(axes, (x) => mul(matmul(x, toModes), reciprocal(widths)));
  const base = mul(sum(dot(vectors, vectors), [1]), 0.5);

  const { own } = molecules;
  const pairs = pairsOf(beads);
  const quadruples = quadruplesOf(own);
  const steps = [0, 1, 2].map((i) => quadruples.map(({ beads: q }) => [q[i]!, q[i + 1]!] as const));
  const toDifferences = differencesOf([...pairs, ...steps.flat()], shape, beads);
  const differences = each(vectors, (v) => matmul(v, constant(toDifferences, [modes, toDifferences.length / modes])));
  const take = (from: number, count: number) => each(differences, (d) => slice(d, 1, from, from + count));
  const ofPairs = take(0, pairs.length);
  const values = [mul(sub(dot(ofPairs, ofPairs), 3), 6 ** -0.5)];
  if (quadruples.length > 0) {
    const [a, b, c] = [0, 1, 2].map((i) => take(pairs.length + i * quadruples.length, quadruples.length)) as [
      Vector,
      Vector,
      Vector,
    ];
    values.push(mul(dot(a, cross(b, c)), 6 ** -0.5));
  }
  const given = { values: concat(values, 1), times: signalTimes(noise), chemistry: features };
  const eachFeature = { own: featuresOf(own), possible: featuresOf };
  return add(base, beadMlp(spec, molecules, eachFeature, weights, given));
}

/** Coefficients of the ṽ in each difference of two x̌, [modes, differences], of variance 1. */
function differencesOf(
  ends: readonly (readonly [number, number])[],
  { vectors, variances }: ConformationStatistics['shape'],
  beads: number,
): Float64Array {
  const modes = variances.length;
  if (vectors.length !== beads * modes) throw new RangeError('The modes of the shape do not fit the beads.');
  const columns = ends.map(([from, to]) => {
    const own = variances.map((c, k) => Math.sqrt(c) * (vectors[to * modes + k]! - vectors[from * modes + k]!));
    const width = Math.hypot(...own);
    return own.map((value) => value / width);
  });
  return Float64Array.from(
    { length: modes * ends.length },
    (_, at) => columns[at % ends.length]![Math.floor(at / ends.length)]!,
  );
}

export const localShapeEnergy = {
  title: 'Local shape energy',
  serves: ['molecule'],
  isInvariant: true,
  isCentred: true,
  transfers: true,
  settings: beadMlpSettings,
  sized: (settings, size) => ({ ...(settings as LocalShapeEnergySpec), kind: 'local-shape', ...kindedSize(size) }),
  sizeOf: ({ statistics, molecules, features }) => ({
    shape: [statistics.beads, 3],
    statistics,
    kinds: molecules,
    ...(features > 0 ? { features } : {}),
  }),
  parameters: (spec) => beadMlpParameters(spec, spec.molecules, featuresOf, SIGNAL_TIMES),
  evaluate: (spec, _range, _output, weights, { x, noise, features }) =>
    reshape(energies(spec, weights, { xs: reshape(x, [1, ...x.shape]), noise, features }), []),
  energies: (spec, _range, weights, inputs) => energies(spec, weights, inputs),
  gradcheck: {
    spec: (width) => {
      const chain = { beads: 5, torsions: [[0, 1, 2, 3] as const, [1, 2, 3, 4] as const], rotatable: [] };
      const statistics = assumedStatistics(chain);
      return {
        kind: 'local-shape',
        hidden: Math.min(width, 8),
        layers: 2,
        reach: 2,
        features: 0,
        statistics,
        molecules: assumedKinds(statistics),
      };
    },
  },
} as const satisfies Network<LocalShapeEnergySpec>;
