/**
 * What a draft learns from decides which networks its experts can have: a draft whose system changes gives up those
 * that do not fit, and one without experts begins with those that are usual for such a system.
 */
import type { Result } from '../../core/host/contract.ts';
import { getAt, isSame, isTree, type Json, type Tree } from '../parts/tree.ts';

type Presets = Result<'hello'>['expertPresets'];

export type NetworkKind = 'mlp' | 'graph-transformer';

export const networkFor = (system: Json | undefined): NetworkKind =>
  getAt(system, ['kind']) === 'molecule' ? 'graph-transformer' : 'mlp';

/** Presets whose networks can have this kind. */
export const presetsFor = (presets: Presets, network: NetworkKind): Presets =>
  presets.filter(({ experts: [first] }) => (getAt(first, ['network', 'kind']) ?? 'mlp') === network);

export function withSystem(draft: Tree, system: Tree, presets: Presets): Tree {
  const next: Tree = { ...draft, system };
  const { experts } = draft;
  const usual = presets.filter(({ isUsual }) => isUsual);
  const network = networkFor(system);
  // Nobody has set them, or nobody has changed what the draft began with.
  if (experts === undefined || usual.some((preset) => isSame(preset.experts, experts))) {
    const own = presetsFor(usual, network)[0]?.experts;
    if (own) return { ...next, experts: own };
  }
  if (!Array.isArray(experts)) return next;
  return { ...next, experts: experts.map((expert) => fitting(expert, network)) };
}

/** Of another kind a network goes, and what is usual takes its place. */
function fitting(expert: Json, wanted: NetworkKind): Json {
  if (!isTree(expert) || expert.network === undefined) return expert;
  if (getAt(expert, ['network', 'kind']) === wanted) return expert;
  const { network: _, ...others } = expert;
  return others;
}
