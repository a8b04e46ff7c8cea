/** Steps of a selection to the atoms they choose. */
import type { Facts } from './facts.ts';
import { keywords } from './keywords.ts';
import type { Step, Term, Word } from './term.ts';
import { failAt, unknownWord } from './words.ts';

/** NGL takes longer words for nothing; formats with five letters for a name exist, so these count if they occur. */
const LONGEST_SURE_NAME = 4;

/** 1 for each atom that is chosen. */
export function evaluate(facts: Facts, steps: readonly Step[]): Uint8Array {
  const stack: Uint8Array[] = [];
  for (const step of steps) {
    if ('term' in step) {
      stack.push(chosenBy(facts, step.term, step.word));
      continue;
    }
    const last = stack.pop()!;
    const before = step.operator === 'not' ? undefined : stack.pop()!;
    for (let index = 0; index < last.length; index++) {
      if (!before) last[index]! ^= 1;
      else if (step.operator === 'and') last[index]! &= before[index]!;
      else last[index]! |= before[index]!;
    }
    stack.push(last);
  }
  return stack[0]!;
}

function chosenBy(facts: Facts, term: Term, word: Word): Uint8Array {
  const { atoms } = facts.topology;
  const chosen = new Uint8Array(atoms.length);
  if (term.kind === 'indices') {
    for (const index of term.indices) {
      if (index >= atoms.length) failAt(word, `names atom ${index}, and the last one is ${atoms.length - 1}`);
      chosen[index] = 1;
    }
    return chosen;
  }
  if (term.kind === 'residueName' && term.bare && word.text.length > LONGEST_SURE_NAME) {
    const [name] = term.names;
    if (!facts.topology.residues.some((residue) => residue.name.toUpperCase() === name)) unknownWord(word);
  }
  const belongs = conditionOf(facts, term);
  for (let index = 0; index < chosen.length; index++) if (belongs(index)) chosen[index] = 1;
  return chosen;
}

function conditionOf(facts: Facts, term: Exclude<Term, { kind: 'indices' }>): (index: number) => boolean {
  const { atoms, residues, chains } = facts.topology;
  const residueAt = (index: number) => residues[atoms[index]!.residue]!;
  switch (term.kind) {
    case 'keyword': {
      const meaning = keywords.get(term.name)!;
      return (index) => meaning(facts, index);
    }
    case 'residueName': {
      const names = new Set(term.names);
      return (index) => names.has(residueAt(index).name.toUpperCase());
    }
    case 'residueNumber':
      return (index) => residueAt(index).number >= term.low && residueAt(index).number <= term.high;
    case 'insertion':
      return (index) => residueAt(index).insertion === term.code;
    case 'chain':
      return (index) => {
        const { id, segment } = chains[residueAt(index).chain]!;
        return id === term.id || segment === term.id;
      };
    case 'atomName': {
      const name = term.name.replaceAll('*', "'");
      return (index) => facts.names[index] === name;
    }
    case 'alternate':
      return (index) => (atoms[index]!.alternate ?? '') === term.location;
    case 'model':
      return () => term.index === 0;
    case 'element':
      return (index) => atoms[index]!.element.toUpperCase() === term.symbol;
  }
}
