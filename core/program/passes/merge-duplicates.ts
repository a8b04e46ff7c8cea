/**
 * Common subexpressions: two tensors with the same primitive, inputs and attributes become one.
 * Random draws are merged too: a draw is named by its stream, so equal names are equal numbers.
 */
import type { Tensor } from '../tensor.ts';
import { type Pass, rewrite } from './rewrite.ts';

export const mergeDuplicates: Pass = (program) => {
  const known = new Map<string, Tensor>();
  return rewrite(program, (y) => {
    const key = nameOf(y);
    const before = known.get(key);
    if (before === undefined) known.set(key, y);
    return before ?? y;
  });
};

const COMMUTATIVE = new Set(['add', 'mul', 'equal']);

function nameOf(y: Tensor): string {
  const ids = y.inputs.map((x) => x.id);
  if (COMMUTATIVE.has(y.primitive)) ids.sort((a, b) => a - b);
  const { values, ...rest } = y.attributes;
  return `${y.primitive}|${ids}|${JSON.stringify(rest)}|${values ?? ''}|${y.shape}`;
}
