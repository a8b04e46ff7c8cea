/** The experts of a checked specification in a few words each: the rows of a run that is still to be made. */
import { numeral } from '../../parts/format.ts';
import { getAt, isTree, type Json, type Tree } from '../../parts/tree.ts';

export interface ExpertFacts {
  readonly range: readonly [number, number];
  readonly steps: number;
  readonly batch: number;
  /** As the table of settings names it; undefined where it is the usual one. */
  readonly network: string | undefined;
  /** "energy, α 1e-3". */
  readonly kind: string;
}

const numberOf = (value: Json | undefined, otherwise: number) => (typeof value === 'number' ? value : otherwise);

/** Weights of the loss terms that an expert may have beside denoising, and their words. */
const weights = [
  ['forces', 'forces'],
  ['contrast', 'contrast'],
  ['alpha', 'α'],
] as const;

/** Of settings that are written out, or come from `value` with their defaults. */
export function kindInWords(value: (key: string) => Json | undefined): string {
  const terms = weights.flatMap(([key, word]) => {
    const weight = numberOf(value(key), 0);
    return weight > 0 ? [`${word} ${numeral(weight, 2)}`] : [];
  });
  return [value('conservative') === false ? 'score' : 'energy', ...terms].join(', ');
}

/** Of a specification with its defaults; none where its method has no experts. */
export function expertFacts(specification: { readonly [key: string]: Json } | undefined): ExpertFacts[] {
  const experts = specification?.experts;
  if (!Array.isArray(experts)) return [];
  return experts.filter(isTree).map((expert: Tree) => {
    const network = getAt(expert, ['network', 'kind']);
    return {
      range: [numberOf(getAt(expert, ['range', 0]), 0), numberOf(getAt(expert, ['range', 1]), 1)],
      steps: numberOf(expert.steps, 0),
      batch: numberOf(expert.batch, 1),
      network: typeof network === 'string' ? network : undefined,
      kind: kindInWords((key) => expert[key]),
    };
  });
}
