/**
 * Who decides what a draft trains: a person, who names experts, or the automatic method, which chooses them for the data.
 * A draft says one or the other; each has settings that the other does not know.
 */
import { isTree, type Tree } from '../parts/tree.ts';

const AUTOMATIC = 'auto';

export const isAutomatic = ({ method }: Tree): boolean => method === AUTOMATIC;
/** Or will do so as soon as it has a molecule: nothing is set yet. */
export const leavesOpen = (draft: Tree): boolean =>
  isAutomatic(draft) || (draft.method === undefined && draft.system === undefined && draft.experts === undefined);

/** In minutes; 0: as long as it helps. */
export const minutesIn = ({ minutes }: Tree): number => (typeof minutes === 'number' ? minutes : 0);

/** `undefined` minutes: the default of the table. */
export function withMinutes(draft: Tree, minutes: number | undefined): Tree {
  const { minutes: _, ...others } = automatic(draft);
  return minutes === undefined ? others : { ...others, minutes };
}

export function automatic(draft: Tree): Tree {
  const { experts: _, ...others } = draft;
  return { ...others, method: AUTOMATIC };
}

export function withExperts(draft: Tree, experts: Tree[]): Tree {
  const { minutes: _, method, ...others } = draft;
  const named = method === undefined || method === AUTOMATIC ? {} : { method };
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
