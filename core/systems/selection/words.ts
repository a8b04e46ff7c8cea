/**
 * Single words of the selection language: what conditions each one stands for. NGL's language, as NGL documents it:
 * https://nglviewer.org/ngl/api/manual/selection-language.html
 * Not here: operators and parentheses (parse.ts).
 */
import { ErgodicError } from '../../errors.ts';
import { nearestWord } from '../../nearest-word.ts';
import { keywords, unsupported } from './keywords.ts';
import type { Term, Word } from './term.ts';

export function failAt({ text, column }: Word, what: string): never {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  throw new ErgodicError(`The selection cannot be read at column ${column}: \`${shown}\` ${what}.`);
}

/** Conditions that all have to hold. */
export function termsOf(word: Word): Term[] {
  const { text } = word;
  const lower = text.toLowerCase();
  if (lower === '*') return [{ kind: 'keyword', name: 'all' }];
  if (keywords.has(lower)) return [{ kind: 'keyword', name: lower }];
  const reason = unsupported.get(lower);
  if (reason) failAt(word, reason);
  if (text.startsWith('@')) return [{ kind: 'indices', indices: indicesIn(word) }];
  if (/^[_#]/.test(text)) {
    if (text.length === 1) failAt(word, 'needs the symbol of an element, as in `_C`');
    return [{ kind: 'element', symbol: text.slice(1).toUpperCase() }];
  }
  if (text.startsWith('[')) return [{ kind: 'residueName', names: namesIn(word), bare: false }];
  if (!/^[\d:.^%/-]/.test(text)) return [residueWord(word)];
  return combined(word);
}

function indicesIn(word: Word): number[] {
  const list = word.text.slice(1).split(',');
  const wrong = list.find((entry) => !/^\d{1,15}$/.test(entry));
  if (wrong !== undefined) {
    failAt(word, 'needs indices of atoms, counted from 0 and separated by commas without spaces, as in `@0,1,4`');
  }
  return list.map(Number);
}

function namesIn(word: Word): string[] {
  if (!/^\[[^\][]+\]$/.test(word.text)) {
    failAt(word, 'is no list of residue names: write `[ALA,GLY]`, with commas and without spaces');
  }
  return word.text.slice(1, -1).toUpperCase().split(',');
}

function residueWord(word: Word): Term {
  const name = /^[^:.^%/]*/.exec(word.text)![0];
  if (name !== word.text) {
    failAt(word, `joins a residue name with something else: write \`${name} and ${word.text.slice(name.length)}\``);
  }
  return { kind: 'residueName', names: [name.toUpperCase()], bare: true };
}

/** Residue number or range, insertion code, chain, atom name, alternate location, model: any of them, in this order. */
const COMBINED = /^(-?\d+(?:--?\d+)?)?(\^[^:.^%/]*)?(:[^:.^%/]*)?(\.[^:.^%/]*)?(%[^:.^%/]*)?(\/.*)?$/;
const RANGE = /^(-?\d+)(?:-(-?\d+))?$/;

function combined(word: Word): Term[] {
  const parts = COMBINED.exec(word.text);
  if (!parts) {
    return failAt(
      word,
      /^\d+[a-z]/i.test(word.text)
        ? `is no residue number; a residue name that begins with a digit is written \`[${word.text}]\``
        : 'is not understood: the order is residue number, ^insertion code, :chain, .atom name, %alternate location, /model, as in `10-20:A.CA`',
    );
  }
  const [, range, insertion, chain, atom, alternate, model] = parts;
  const terms: Term[] = [];
  if (range !== undefined) {
    const [, first, last] = RANGE.exec(range)!;
    const [low, high] = [Number(first), Number(last ?? first)];
    if (low > high) failAt(word, `runs backwards: write \`${high}-${low}\``);
    terms.push({ kind: 'residueNumber', low, high });
  }
  if (insertion !== undefined) terms.push({ kind: 'insertion', code: insertion.slice(1) });
  if (chain === ':') failAt(word, 'needs the name of a chain after the colon, as in `:A`');
  if (chain !== undefined) terms.push({ kind: 'chain', id: chain.slice(1) });
  if (atom === '.') failAt(word, 'needs the name of an atom after the dot, as in `.CA`');
  if (atom !== undefined) terms.push({ kind: 'atomName', name: atom.slice(1).toUpperCase() });
  if (alternate !== undefined) terms.push({ kind: 'alternate', location: alternate.slice(1) });
  if (model !== undefined) {
    if (!/^\/\d{1,15}$/.test(model)) failAt(word, 'needs the number of a model after the slash, as in `/0`');
    terms.push({ kind: 'model', index: Number(model.slice(1)) });
  }
  return terms;
}

/** Longer than any keyword, and then some. */
const LONGEST_SLIP = 30;

/** A word too long for a residue name and not the name of any residue here: a mistyped keyword. */
export function unknownWord(word: Word): never {
  const nearest = word.text.length > LONGEST_SLIP ? undefined : nearestWord(word.text, [...keywords.keys()]);
  return failAt(
    word,
    `is neither a keyword nor the name of a residue here${nearest ? `; did you mean \`${nearest}\`?` : ''}`,
  );
}
