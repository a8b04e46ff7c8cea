/** The table of networks. The first that serves a kind of system is its default. */
import type { SettingGroup } from '../setting.ts';
import { graphTransformer } from './graph-transformer.ts';
import { invariantEnergy } from './invariant-energy.ts';
import { localEnergy } from './local-energy.ts';
import { localShapeEnergy } from './local-shape-energy.ts';
import { mlp } from './mlp.ts';
import { modeEnergy } from './mode-energy.ts';
import type { ConfigurationSize, Network, SystemClass } from './network.ts';

export const networks = {
  mlp,
  'graph-transformer': graphTransformer,
  invariant: invariantEnergy,
  modes: modeEnergy,
  local: localEnergy,
  'local-shape': localShapeEnergy,
} as const;

type Networks = typeof networks;
export type NetworkKind = keyof Networks;
export type NetworkSpec = { [K in NetworkKind]: ReturnType<Networks[K]['sized']> }[NetworkKind];

export const networkKinds = Object.keys(networks) as NetworkKind[];

/** The settings of every network, by its kind. */
export const networkSettings = Object.fromEntries(
  Object.entries(networks).map(([kind, { settings }]) => [kind, settings]),
) as { readonly [K in NetworkKind]: Networks[K]['settings'] } satisfies Record<string, SettingGroup>;

/** For a person. */
export const networkLabels: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(networks).map(([kind, { title }]) => [kind, title]),
);

export const networksServe: Readonly<Record<string, readonly SystemClass[]>> = Object.fromEntries(
  Object.entries(networks).map(([kind, { serves }]) => [kind, serves]),
);

/** The entry of a kind, for any of the specs that it makes. */
export const networkOf = ({ kind }: { readonly kind: NetworkKind }): Network<NetworkSpec> =>
  networks[kind] as unknown as Network<NetworkSpec>;

export const kindsFor = (system: SystemClass): NetworkKind[] =>
  networkKinds.filter((kind) => (networks[kind].serves as readonly SystemClass[]).includes(system));

/** For a person: "mlp for toy systems, graph-transformer for molecules". */
export const defaultKindsInWords = `${kindsFor('toy')[0]} for toy systems, ${kindsFor('molecule')[0]} for molecules`;

/** The same network for configurations of another size. */
export function resized(spec: NetworkSpec, size: ConfigurationSize): NetworkSpec {
  return networkOf(spec).sized(spec, { ...networkOf(spec).sizeOf(spec), ...size });
}
