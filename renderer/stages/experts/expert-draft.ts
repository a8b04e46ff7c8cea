/**
 * The experts of a draft as a list that is changed as a whole: cut in two, joined, moved along diffusion time, so that
 * what depends on an interval goes with it. A draft may leave out everything; its one expert then has all of time.
 */
import { isSame, isTree, type Json, setAt, type Tree } from '../../parts/tree.ts';
import type { Range } from '../../views/chart/expert-ranges.ts';

const WHOLE: Range = [0, 1];

export function expertsIn(draft: Tree): Tree[] {
  const { experts } = draft;
  const list = Array.isArray(experts) ? experts.filter(isTree) : [];
  return list.length > 0 ? list : [{}];
}

export function rangeOf(expert: Tree): Range {
  const { range } = expert;
  const isRange = Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === 'number');
  return isRange ? (range as [number, number]) : WHOLE;
}

/** New intervals for the same experts; a midpoint keeps its place inside its interval. */
export const withRanges = (draft: Tree, ranges: readonly Range[]): Tree =>
  setAt(
    draft,
    ['experts'],
    expertsIn(draft).map((expert, index) => inRange(expert, ranges[index] ?? rangeOf(expert))),
  );

/** Expert `index` is cut in two alike, with the intervals that follow from it. */
export function withSplit(draft: Tree, index: number, ranges: readonly Range[]): Tree {
  const experts = expertsIn(draft);
  const list = [...experts.slice(0, index + 1), experts[index]!, ...experts.slice(index + 1)];
  return withRanges({ ...draft, experts: list }, ranges);
}

export const withoutExpert = (draft: Tree, index: number, ranges: readonly Range[]): Tree =>
  withRanges({ ...draft, experts: expertsIn(draft).toSpliced(index, 1) }, ranges);

/** One setting of one expert; the list is written out first where the draft leaves it out. */
export const withParameter = (draft: Tree, index: number, path: readonly string[], value: Json | undefined): Tree =>
  setAt({ ...draft, experts: expertsIn(draft) }, ['experts', index, ...path], value);

function inRange(expert: Tree, range: Range): Tree {
  const [start, end] = rangeOf(expert);
  const moved: Tree = { ...expert, range: [...range] };
  if (typeof expert.weightMidpoint !== 'number') return moved;
  const share = (expert.weightMidpoint - start) / (end - start);
  const inside = Number.isFinite(share) && share > 0 && share < 1 ? share : 0.5;
  return { ...moved, weightMidpoint: Number((range[0] + inside * (range[1] - range[0])).toPrecision(4)) };
}

/** Whether experts are what a preset says: of every expert what the preset names, and as many. */
export function isPreset(experts: readonly Tree[], preset: readonly Tree[]): boolean {
  return (
    experts.length === preset.length &&
    preset.every((wanted, index) =>
      Object.entries(wanted).every(([key, value]) => isWithin(experts[index]![key], value)),
    )
  );
}

/** A group may say more than what is wanted of it. */
function isWithin(found: Json | undefined, wanted: Json): boolean {
  if (!isTree(wanted)) return isSame(found, wanted);
  return isTree(found) && Object.entries(wanted).every(([key, value]) => isWithin(found[key], value));
}
