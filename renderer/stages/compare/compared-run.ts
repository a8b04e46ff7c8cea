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
