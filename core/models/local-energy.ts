/**
 * The local energy (method §4): the invariant energy of any molecule, seen from its beads. Prior and features are those of
 * the invariant energy, with statistics pooled by the kinds of beads; the residual network has hidden numbers at each bead
 * and weights by kind (bead-mlp.ts), and is told the chemistry of the beads. So one set of weights serves every molecule of
 * these kinds, also one of which it saw nothing. For small noise, where bonds are resolved.
 */
import { add, concat, reshape } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { type BeadFeature, type BeadMlp, beadMlp, beadMlpParameters, beadMlpSettings } from './bead-mlp.ts';
import { type ConformationStatistics, pairsOf } from './conformation-statistics.ts';
import { internalCoordinates, softPairsOf } from './internal-coordinates.ts';
import { invariantEnergy } from './invariant-energy.ts';
import { assumedKinds, bondsApart, type KindedStructure, type KnownKinds, kindedHeights } from './kinded-structure.ts';
import type { ConfigurationSize, Network, NetworkInputs } from './network.ts';
import { SATURATING_TIMES, saturatingTimes } from './noise-features.ts';
import type { NamedTensors } from './parameters.ts';

export interface LocalEnergySpec extends BeadMlp {
  readonly kind: 'local';
  readonly statistics: ConformationStatistics;
  readonly molecules: KnownKinds;
  /** v: noise variance below which the network sees no time. */
  readonly timeResolution: number;
}

const pair = (beads: readonly number[]): BeadFeature => ({ what: 'd', beads, eitherWay: true });
const height = (beads: readonly number[]): BeadFeature => ({ what: 'h', beads, eitherWay: false });
const torsion = (what: string) => (beads: readonly number[]) => ({ what, beads, eitherWay: true });

/** All that a molecule could have, with any stiff coordinates. */
const possible = (structure: KindedStructure): BeadFeature[] => [
  ...pairsOf(structure.beads).map(pair),
  ...kindedHeights(structure, bondsApart(structure)).map(height),
  ...structure.torsions.map(torsion('cos')),
  ...structure.torsions.map(torsion('sin')),
];

/** In the order of the values. */
function featuresOf(statistics: ConformationStatistics): BeadFeature[] {
  const { beads, stiff, torsions } = statistics;
  const pairs = pairsOf(beads);
  return [
    ...[...stiff.pairs, ...softPairsOf(statistics)].map((p) => pair(pairs[p]!)),
    ...stiff.heights.map(height),
    ...torsions.map(torsion('cos')),
    ...torsions.map(torsion('sin')),
  ];
}

/** xs [rows, N, 3] → [rows]. */
function energies(
  spec: LocalEnergySpec,
  weights: NamedTensors,
  { xs, noise, features }: { readonly xs: Tensor } & Pick<NetworkInputs, 'noise' | 'features'>,
): Tensor {
  const { statistics, molecules, timeResolution } = spec;
  const { prior, stiffDistances, softDistances, heights, torsions = [] } = internalCoordinates(statistics, xs, noise);
  const values = [stiffDistances, softDistances, heights, ...torsions].filter((each) => each !== undefined);
  const given = { values: concat(values, 1), times: saturatingTimes(noise, timeResolution), chemistry: features };
  return add(prior, beadMlp(spec, molecules, { own: featuresOf(statistics), possible }, weights, given));
}

/** Of a network that transfers between molecules: what it is told of the beads, and by which kinds it knows them. */
export function kindedSize({ statistics, kinds, features = 0 }: ConfigurationSize) {
  if (!statistics || !kinds) throw new Error('A local energy needs statistics by the kinds of beads.');
  return { statistics, molecules: kinds, features };
}

export const localEnergy = {
  title: 'Local energy',
  serves: ['molecule'],
  isInvariant: true,
  isCentred: true,
  transfers: true,
  settings: { ...beadMlpSettings, timeResolution: invariantEnergy.settings.timeResolution },
  sized: (settings, size) => ({ ...(settings as LocalEnergySpec), kind: 'local', ...kindedSize(size) }),
  sizeOf: ({ statistics, molecules, features }) => ({
    shape: [statistics.beads, 3],
    statistics,
    kinds: molecules,
    ...(features > 0 ? { features } : {}),
  }),
  parameters: (spec) => beadMlpParameters(spec, spec.molecules, possible, SATURATING_TIMES),
  evaluate: (spec, _range, _output, weights, { x, noise, features }) =>
    reshape(energies(spec, weights, { xs: reshape(x, [1, ...x.shape]), noise, features }), []),
  energies: (spec, _range, weights, inputs) => energies(spec, weights, inputs),
  gradcheck: {
    spec: (width) => {
      const { statistics } = invariantEnergy.gradcheck.spec(width);
      return {
        kind: 'local',
        hidden: Math.min(width, 8),
        layers: 2,
        reach: 2,
        features: 0,
        timeResolution: 0.05,
        statistics,
        molecules: assumedKinds(statistics),
      };
    },
  },
} as const satisfies Network<LocalEnergySpec>;
