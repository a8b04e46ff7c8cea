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
    for (let place = 0; place < last.length; place++) {
      if (!before) last[place]! ^= 1;
      else if (step.operator === 'and') last[place]! &= before[place]!;
      else last[place]! |= before[place]!;
    }
    stack.push(last);
  }
  return stack[0]!;
}

function chosenBy(facts: Facts, term: Term, word: Word): Uint8Array {
  const { atoms } = facts.topology;
  const chosen = new Uint8Array(atoms.length);
  if (term.kind === 'places') {
    for (const place of term.places) {
      if (place >= atoms.length) failAt(word, `names atom ${place}, and the last one is ${atoms.length - 1}`);
      chosen[place] = 1;
    }
    return chosen;
  }
  if (term.kind === 'residueName' && term.bare && word.text.length > LONGEST_SURE_NAME) {
    const [name] = term.names;
    if (!facts.topology.residues.some((residue) => residue.name.toUpperCase() === name)) unknownWord(word);
  }
  const belongs = conditionOf(facts, term);
  for (let place = 0; place < chosen.length; place++) if (belongs(place)) chosen[place] = 1;
  return chosen;
}

function conditionOf(facts: Facts, term: Exclude<Term, { kind: 'places' }>): (place: number) => boolean {
  const { atoms, residues, chains } = facts.topology;
  const residueAt = (place: number) => residues[atoms[place]!.residue]!;
  switch (term.kind) {
    case 'keyword': {
      const meaning = keywords.get(term.name)!;
      return (place) => meaning(facts, place);
    }
    case 'residueName': {
      const names = new Set(term.names);
      return (place) => names.has(residueAt(place).name.toUpperCase());
    }
    case 'residueNumber':
      return (place) => residueAt(place).number >= term.low && residueAt(place).number <= term.high;
    case 'insertion':
      return (place) => residueAt(place).insertion === term.code;
    case 'chain':
      return (place) => {
        const { id, segment } = chains[residueAt(place).chain]!;
        return id === term.id || segment === term.id;
      };
    case 'atomName': {
      const name = term.name.replaceAll('*', "'");
      return (place) => facts.names[place] === name;
    }
    case 'alternate':
      return (place) => (atoms[place]!.alternate ?? '') === term.location;
    case 'model':
      return () => term.index === 0;
    case 'element':
      return (place) => atoms[place]!.element.toUpperCase() === term.symbol;
  }
}
