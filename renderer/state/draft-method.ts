/**
 * What a draft trains: experts that a person names, experts that the automatic method chooses for the data, or a one-step
 * generator. A draft says one of them; each has settings that the others do not know.
 */
import { isTree, type Tree } from '../parts/tree.ts';

const AUTOMATIC = 'auto';
const GENERATOR = 'drifting';

export const isAutomatic = ({ method }: Tree): boolean => method === AUTOMATIC;
/** Or will do so as soon as it has a molecule: nothing is set yet. */
export const leavesOpen = (draft: Tree): boolean =>
  isAutomatic(draft) || (draft.method === undefined && draft.system === undefined && draft.experts === undefined);

export const isGenerator = ({ method }: Tree): boolean => method === GENERATOR;

/** Without solver and steps of the sampling: one network call makes a configuration. `generator`: its settings. */
export function withGenerator(draft: Tree, generator = draft.generator): Tree {
  const { experts: _, minutes: __, sample, generator: ___, ...others } = draft;
  const { solver: ____, steps: _____, ...kept } = isTree(sample) ? sample : {};
  return {
    ...others,
    ...(Object.keys(kept).length > 0 ? { sample: kept } : {}),
    method: GENERATOR,
    ...(generator === undefined ? {} : { generator }),
  };
}

/** In minutes; 0: as long as it helps. */
export const minutesIn = ({ minutes }: Tree): number => (typeof minutes === 'number' ? minutes : 0);

/** `undefined` minutes: the default of the table. */
export function withMinutes(draft: Tree, minutes: number | undefined): Tree {
  const { minutes: _, ...others } = automatic(draft);
  return minutes === undefined ? others : { ...others, minutes };
}

export function automatic(draft: Tree): Tree {
  const { experts: _, generator: __, ...others } = draft;
  return { ...others, method: AUTOMATIC };
}

export function withExperts(draft: Tree, experts: Tree[]): Tree {
  const { minutes: _, generator: __, method, ...others } = draft;
  const named = method === undefined || method === AUTOMATIC || method === GENERATOR ? {} : { method };
  return { ...others, ...named, experts };
}

/** Chosen settings over a person's own, which keep what the choice says nothing of. */
export function withChosen(draft: Tree, { experts, ...settings }: Tree): Tree {
  return withExperts(merged(draft, settings), Array.isArray(experts) ? experts.filter(isTree) : []);
}

function merged(own: Tree, changes: Tree): Tree {
  const next = { ...own };
  for (const [key, value] of Object.entries(changes)) {
    const before = own[key];
    next[key] = isTree(before) && isTree(value) ? merged(before, value) : value;
  }
  return next;
}
