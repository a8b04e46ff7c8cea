/**
 * Reading and changing a tree of plain data that is never changed in place: the draft, the view, settings of a form.
 * `setAt` gives a new tree that shares with the old one all that did not change, which is what makes undo cheap.
 */

/** Not marked read-only, since the contract's own types are not; nobody changes one all the same. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Tree = { [key: string]: Json };
export type Path = readonly (string | number)[];

export const isTree = (value: Json | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function getAt(tree: Json | undefined, path: Path): Json | undefined {
  let found = tree;
  for (const key of path) {
    if (Array.isArray(found) && typeof key === 'number') found = found[key];
    else if (isTree(found) && Object.hasOwn(found, key)) found = found[key];
    else return undefined;
  }
  return found;
}

/** `undefined` takes the entry away: the default applies again. Branches that are not there are made. */
export function setAt(tree: Tree, path: Path, value: Json | undefined): Tree {
  return changed(tree, path, value) as Tree;
}

function changed(node: Json | undefined, path: Path, value: Json | undefined): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list: Json[] = Array.isArray(node) ? [...node] : [];
    const next = changed(list[key], rest, value);
    if (next === undefined) list.splice(key, 1);
    else list[key] = next;
    return list;
  }
  const { [key]: old, ...others } = isTree(node) ? node : {};
  const next = changed(old, rest, value);
  if (next === undefined) return others;
  // Keys keep their order, so that a stored project changes only where a person changed it.
  return isTree(node) && Object.hasOwn(node, key) ? { ...node, [key]: next } : { ...others, [key]: next };
}

export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => isSame(entry, b[index]));
  }
  if (!isTree(a) || !isTree(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}
