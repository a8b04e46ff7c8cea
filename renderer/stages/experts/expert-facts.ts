/** The experts of a checked specification in a few words each: the rows of a run that is still to be made. */
import { numeral } from '../../parts/format.ts';
import { getAt, isTree, type Json } from '../../parts/tree.ts';

export interface ExpertFacts {
  readonly range: readonly [number, number];
  readonly steps: number;
  readonly batch: number;
  /** "energy, α 1e-3". */
  readonly kind: string;
}

const numberOf = (value: Json | undefined, otherwise: number) => (typeof value === 'number' ? value : otherwise);

/** Of a specification with its defaults; none where its method has no experts. */
export function expertFacts(specification: { readonly [key: string]: Json } | undefined): ExpertFacts[] {
  const experts = specification?.experts;
  if (!Array.isArray(experts)) return [];
  return experts.filter(isTree).map((expert) => {
    const alpha = numberOf(expert.alpha, 0);
    return {
      range: [numberOf(getAt(expert, ['range', 0]), 0), numberOf(getAt(expert, ['range', 1]), 1)],
      steps: numberOf(expert.steps, 0),
      batch: numberOf(expert.batch, 1),
      kind: `${expert.conservative === false ? 'score' : 'energy'}${alpha > 0 ? `, α ${numeral(alpha, 2)}` : ''}`,
    };
  });
}
