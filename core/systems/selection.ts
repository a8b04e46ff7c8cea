/**
 * Atoms chosen by a text: "protein and not hydrogen", "10-20:A.CA", "@4,6,8". The language is NGL's, as NGL documents it
 * (https://nglviewer.org/ngl/api/manual/selection-language.html), so that a text means the same in the picture and here.
 * Names of atoms, residues, elements and keywords count in any case, chains as they are written. A chain is found by
 * its name or by its segment. There is one model, number 0. What NGL passes over in silence is an error where it can
 * only be a slip: two conditions without an operator, a misspelt keyword, an atom that is not there.
 */
import { evaluate } from './selection/evaluate.ts';
import { selectionIndex } from './selection/facts.ts';
import { parse } from './selection/parse.ts';
import type { Topology } from './topology.ts';

/** Indices of atoms, in order; there may be none. An empty text selects all. */
export const select = (topology: Topology, text: string): Uint32Array => selector(topology)(text);

/** The same for many texts on one topology. */
export function selector(topology: Topology): (text: string) => Uint32Array {
  const facts = selectionIndex(topology);
  return (text) => {
    const chosen = evaluate(facts, parse(text));
    const indices = new Uint32Array(chosen.reduce((sum, one) => sum + one, 0));
    let next = 0;
    for (let index = 0; index < chosen.length; index++) if (chosen[index]) indices[next++] = index;
    return indices;
  };
}
