/**
 * What a draft learns from decides which networks its experts can have, as the table of settings says: a draft whose
 * system changes gives up those that do not serve it. One that nobody has laid out leaves the choice to the automatic
 * method where it learns a molecule, and begins with the usual experts where it learns a toy.
 */
import type { Result } from '../../core/host/contract.ts';
import type { SettingGroup, SettingList, SettingVariants } from '../../core/setting.ts';
import { getAt, isSame, isTree, type Json, type Tree } from '../parts/tree.ts';
import { automatic, isAutomatic, isGenerator, withExperts } from './draft-method.ts';

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
  const wanted = classOf(system);
  return kindsIn(networks).filter((kind) => networks?.serves?.[kind]?.includes(wanted) ?? true);
}

const classOf = (system: Json | undefined) => (getAt(system, ['kind']) === 'molecule' ? 'molecule' : 'toy');

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
  if (isUntouched(draft, system, offer)) {
    if (classOf(system) === 'molecule') return automatic(next);
    const own = presetsFor(offer, system).find(({ isUsual }) => isUsual)?.experts;
    if (own) return withExperts(next, own as Tree[]);
  }
  return Array.isArray(experts) ? { ...next, experts: fittingExperts(experts, system, offer) } : next;
}

/** Whether nobody has said how it is to be learned, or changed what it began with for the system that it had. */
function isUntouched(draft: Tree, system: Tree, { expertPresets }: OfferedExperts): boolean {
  const { experts, minutes } = draft;
  const isOther = draft.system !== undefined && classOf(draft.system) !== classOf(system);
  if (isGenerator(draft)) return false;
  if (isAutomatic(draft)) return isOther && minutes === undefined;
  if (experts === undefined) return true;
  // The same system with other files keeps what it has.
  return isOther && expertPresets.some((preset) => preset.isUsual && isSame(preset.experts, experts));
}

/** Without the networks that do not serve a system. */
export function fittingExperts(experts: readonly Json[], system: Json | undefined, offer: OfferedExperts): Json[] {
  const serving = kindsFor(networksIn(offer.settingTable), system);
  return experts.map((expert) => fitting(expert, serving));
}

/** A network that does not serve goes, and what is usual takes its place. */
function fitting(expert: Json, serving: readonly string[]): Json {
  if (!isTree(expert) || expert.network === undefined) return expert;
  if (serving.includes(String(getAt(expert, ['network', 'kind'])))) return expert;
  const { network: _, ...others } = expert;
  return others;
}
