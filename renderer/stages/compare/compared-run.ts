/** A run among those that are compared: what it is called, what it came to, and how its curves are drawn. */
import type { Results, RunDetail, RunSummary, SetName } from '../../../core/host/contract.ts';
import type { Curve } from '../../views/chart/curves.ts';
import { setStyles } from '../../views/chart/set-styles.ts';

export interface ComparedRun {
  readonly summary: RunSummary;
  readonly results: Results | undefined;
  readonly detail: RunDetail | undefined;
}

type Style = Pick<Curve, 'name' | 'colour' | 'dash'>;

/**
 * One run has a colour for its samples and one for its simulation. Of several each has a colour of its own, and samples
 * are told from simulations by their dashes. The reference is that of the first.
 */
export function curveStyle(runs: readonly ComparedRun[], index: number, set: SetName): Style {
  const { title, ...style } = setStyles[set];
  if (runs.length === 1 || set === 'reference') return { name: title, ...style };
  return {
    name: `${title}, ${runs[index]!.summary.name}`,
    colour: index,
    dash: set === 'samples' ? 'dashed' : 'dotted',
  };
}

/** The reference of the first run, then samples and simulation of each. */
export function comparedSets(runs: readonly ComparedRun[]): { readonly index: number; readonly set: SetName }[] {
  const models = runs.flatMap((_, index) => [
    { index, set: 'samples' as const },
    { index, set: 'simulation' as const },
  ]);
  return [{ index: 0, set: 'reference' }, ...models];
}

export interface Tile {
  readonly of: ComparedRun;
  readonly set: SetName;
  readonly key: string;
  readonly title: string;
  /** For the name of a file. */
  readonly file: string;
}

/**
 * The maps side by side: the reference, and what one run has or lacks (a model without a force lacks no simulation), or
 * what each of several has.
 */
export function tilesOf(runs: readonly ComparedRun[]): Tile[] {
  return runs.flatMap((of, index) => {
    const { summary, results } = of;
    const has = (set: SetName) => results?.distributions.some((one) => one.set === set) === true;
    const models: SetName[] = summary.can.simulate ? ['samples', 'simulation'] : ['samples'];
    const own = runs.length === 1 ? models : models.filter(has);
    const shown: SetName[] = index === 0 ? ['reference', ...own] : own;
    return shown.map((set) => {
      const { title } = setStyles[set];
      const isAlone = runs.length === 1 || set === 'reference';
      return {
        of,
        set,
        key: `${summary.id} ${set}`,
        title: isAlone ? title : `${title}, ${summary.name}`,
        file: index === 0 ? set : `${set}-${index + 1}`,
      };
    });
  });
}
