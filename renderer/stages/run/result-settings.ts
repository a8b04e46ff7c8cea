/**
 * What a person has set for the samples or the simulation of a run: what they were made with, and the changes since,
 * which are kept with the look of the project until they are used.
 */
import type { SettingGroup, SettingNode } from '../../../core/setting.ts';
import { isSame, isTree, type Json, type Tree } from '../../parts/tree.ts';
import type { ProjectStore } from '../../state/project-store.svelte.ts';

export type ResultKind = 'sample' | 'simulate';

const keyOf = (part: ResultKind) => `${part}.settings`;

function changesOf(project: ProjectStore, part: ResultKind, run: string): Tree {
  const kept = project.look(keyOf(part));
  return isTree(kept) && kept.run === run && isTree(kept.changes ?? null) ? (kept.changes as Tree) : {};
}

/** `made`: the settings that the run's own part was made with. */
export function resultSettings(project: ProjectStore, part: ResultKind, run: string, made: Json | undefined): Tree {
  return { ...(isTree(made ?? null) ? (made as Tree) : {}), ...changesOf(project, part, run) };
}

/** `undefined`: as it was made. */
export function setPart(
  project: ProjectStore,
  part: ResultKind,
  run: string,
  key: string,
  value: Json | undefined,
): void {
  const { [key]: _, ...others } = changesOf(project, part, run);
  const changes = value === undefined ? others : { ...others, [key]: value };
  project.setLook(keyOf(part), { run, changes });
}

/** Which settings differ from those that the part was made with. */
export function changedKeys(settings: Tree, made: Json | undefined): string[] {
  const own: Tree = isTree(made ?? null) ? (made as Tree) : {};
  return Object.keys(settings).filter((key) => !isSame(settings[key], own[key]));
}

/** The same parameters for a system whose quantities have no units. */
export const withoutUnits = (group: SettingGroup, units: readonly string[]): SettingGroup =>
  Object.fromEntries(
    Object.entries(group).map(([key, node]) => {
      if (!('unit' in node) || typeof node.unit !== 'string' || !units.includes(node.unit)) return [key, node];
      const { unit: _, ...rest } = node;
      return [key, rest as SettingNode];
    }),
  );
