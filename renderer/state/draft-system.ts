/**
 * What a draft learns from decides which networks its experts can have, as the table of settings says: a draft whose
 * system changes gives up those that do not serve it, and one without experts begins with those that are usual for such
 * a system.
 */
import type { Result } from '../../core/host/contract.ts';
import type { SettingGroup, SettingList, SettingVariants } from '../../core/setting.ts';
import { getAt, isSame, isTree, type Json, type Tree } from '../parts/tree.ts';

type Presets = Result<'hello'>['expertPresets'];

/** What the host offers: the window's workspace has it. */
export interface OfferedExperts {
  readonly settingTable: SettingGroup;
  readonly expertPresets: Presets;
}

/** The settings of networks, by their kinds; undefined before the host has sent them. */
export function networksIn(table: SettingGroup): SettingVariants | undefined {
  const experts = table.experts as SettingList | undefined;
  return experts?.of.network as SettingVariants | undefined;
}

/** The kinds of networks that serve a system; the first is what it has unless told otherwise. */
export function kindsFor(networks: SettingVariants | undefined, system: Json | undefined): string[] {
  const wanted = getAt(system, ['kind']) === 'molecule' ? 'molecule' : 'toy';
  return kindsIn(networks).filter((kind) => networks?.serves?.[kind]?.includes(wanted) ?? true);
}

const kindsIn = (networks: SettingVariants | undefined): string[] => Object.keys(networks?.of ?? {});

/** Presets whose networks serve a system. */
export function presetsFor({ settingTable, expertPresets }: OfferedExperts, system: Json | undefined): Presets {
  const networks = networksIn(settingTable);
  const serving = kindsFor(networks, system);
  // One that names none was made for the default system, which the first network of the table serves.
  const [first] = kindsIn(networks);
  return expertPresets.filter(({ experts }) =>
    serving.includes(String(getAt(experts[0], ['network', 'kind']) ?? first)),
  );
}

export function withSystem(draft: Tree, system: Tree, offer: OfferedExperts): Tree {
  const next: Tree = { ...draft, system };
  const { experts } = draft;
  const isUsual = offer.expertPresets.some((preset) => preset.isUsual && isSame(preset.experts, experts));
  // Nobody has set them, or nobody has changed what the draft began with.
  if (experts === undefined || isUsual) {
    const own = presetsFor(offer, system).find(({ isUsual }) => isUsual)?.experts;
    if (own) return { ...next, experts: own };
  }
  if (!Array.isArray(experts)) return next;
  const serving = kindsFor(networksIn(offer.settingTable), system);
  return { ...next, experts: experts.map((expert) => fitting(expert, serving)) };
}

/** A network that does not serve goes, and what is usual takes its place. */
function fitting(expert: Json, serving: readonly string[]): Json {
  if (!isTree(expert) || expert.network === undefined) return expert;
  if (serving.includes(String(getAt(expert, ['network', 'kind'])))) return expert;
  const { network: _, ...others } = expert;
  return others;
}
