/** The experts of a specification as they are shown beside their training: what each is, in a few words. */
import { numeral } from '../../parts/format.ts';
import { getAt, isTree, type Json } from '../../parts/tree.ts';

export interface ExpertFacts {
  readonly range: readonly [number, number];
  readonly conservative: boolean;
  readonly alpha: number;
  readonly steps: number;
  /** The first step with the regulariser, where there is one. */
  readonly joins: number | undefined;
  readonly batch: number;
  /** "Graph transformer 48 × 2" is said elsewhere; here: "energy, α 1e-3". */
  readonly kind: string;
}

const numberOf = (value: Json | undefined, otherwise: number) => (typeof value === 'number' ? value : otherwise);

/** Of a specification with its defaults. */
export function expertFacts(specification: { readonly [key: string]: Json } | undefined): ExpertFacts[] {
  const experts = specification?.experts;
  if (!Array.isArray(experts)) return [];
  return experts.filter(isTree).map((expert) => {
    const conservative = expert.conservative !== false;
    const alpha = numberOf(expert.alpha, 0);
    const steps = numberOf(expert.steps, 0);
    return {
      range: [numberOf(getAt(expert, ['range', 0]), 0), numberOf(getAt(expert, ['range', 1]), 1)],
      conservative,
      alpha,
      steps,
      joins: alpha > 0 ? Math.round(numberOf(expert.alphaFrom, 0) * steps) : undefined,
      batch: numberOf(expert.batch, 1),
      kind: `${conservative ? 'energy' : 'score'}${alpha > 0 ? `, α ${numeral(alpha, 2)}` : ''}`,
    };
  });
}

/** Which expert a task trains, by its name ("training expert 2 of 3 …"); undefined where it does something else. */
export function expertOfTask(name: string): number | undefined {
  if (!name.startsWith('training') || name === 'training data') return undefined;
  const [, number] = /expert (\d+)/.exec(name) ?? [];
  return number === undefined ? 0 : Number(number) - 1;
}
