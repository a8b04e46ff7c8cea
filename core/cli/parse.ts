/**
 * Words of the command line into checked arguments of one command.
 * A fault is a usage error: one sentence with the nearest right word, or the allowed values.
 * Not here: help texts, and what the commands do.
 */
import { ErgodicError } from '../errors.ts';
import { suggest } from '../nearest-word.ts';
import { allowedValues, isInBounds } from '../setting.ts';
import { type CommandDeclaration, flagOf, type Option, type Positional } from './options.ts';

export type ArgumentValues = Record<string, string | number | boolean | readonly string[] | undefined>;

const usageError = (sentence: string) => new ErgodicError(sentence, { usage: true });

export function parseArguments(
  command: string,
  declaration: CommandDeclaration,
  words: readonly string[],
): ArgumentValues {
  const entries = Object.entries(declaration.options);
  const values: ArgumentValues = {};
  for (const [key, option] of entries) {
    if (option.type === 'flag') values[key] = false;
    else if (option.default !== undefined) values[key] = option.default;
  }
  const given: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      given.push(...rest.splice(0));
    } else if (!word.startsWith('-') || word === '-') {
      given.push(word);
    } else {
      const [name, attached] = splitWord(word);
      const found = entries.find(([key, { short }]) => name === flagOf(key) || name === `-${short}`);
      if (!found) {
        const known = [...entries.map(([key]) => flagOf(key)), '--help'];
        throw usageError(`\`${name}\` is not an option of \`ergodic ${command}\`; ${suggest(name, known)}`);
      }
      const [key, option] = found;
      if (option.type === 'flag') {
        if (attached !== undefined) throw usageError(`\`${name}\` takes no value.`);
        values[key] = true;
      } else {
        const value = attached ?? rest.shift();
        if (value === undefined) throw usageError(`\`${name}\` needs a value: ${describeAllowedValues(option)}.`);
        const checked = checkedValue(name, option, value);
        values[key] =
          option.type === 'texts' ? [...((values[key] as string[] | undefined) ?? []), String(checked)] : checked;
      }
    }
  }
  return { ...values, ...positionalValues(command, declaration.positionals, given) };
}

/** One of the positionals may stand for several words; those after it take the last ones. */
function positionalValues(command: string, positionals: readonly Positional[], given: readonly string[]) {
  const values: ArgumentValues = {};
  const spare = Math.max(0, given.length - positionals.length);
  let next = 0;
  for (const { name, help, many } of positionals) {
    const words = given.slice(next, next + 1 + (many ? spare : 0));
    if (words.length === 0) throw usageError(`\`ergodic ${command}\` needs ${name} (${help}).`);
    values[name.toLowerCase()] = many ? words : words[0];
    next += words.length;
  }
  const extra = given[next];
  if (extra !== undefined) throw usageError(`\`${extra}\` is one word too many for \`ergodic ${command}\`.`);
  return values;
}

function splitWord(word: string): [string, string | undefined] {
  const equals = word.indexOf('=');
  return word.startsWith('--') && equals !== -1 ? [word.slice(0, equals), word.slice(equals + 1)] : [word, undefined];
}

function checkedValue(name: string, option: Exclude<Option, { type: 'flag' }>, word: string) {
  const refuse = () =>
    usageError(`\`${name}\` is ${word === '' ? 'empty' : word}; it must be ${describeAllowedValues(option)}.`);
  if (option.type === 'text' || option.type === 'texts') {
    if (word === '') throw refuse();
    return word;
  }
  if (option.type === 'choice') {
    if (option.options.includes(word)) return word;
    throw usageError(`\`${name}\` cannot be \`${word}\`; ${suggest(word, option.options)}`);
  }
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN;
  if (!isInBounds(value, option) || (option.type === 'whole' && !Number.isSafeInteger(value))) throw refuse();
  return value;
}

/** The values an option takes, as the end of the sentence "it must be …". */
export function describeAllowedValues(option: Exclude<Option, { type: 'flag' }>): string {
  if (option.type === 'text' || option.type === 'texts') {
    if (option.value === 'DIR') return 'a folder name';
    return option.value === 'SELECTION' ? 'a selection of atoms' : 'a file name';
  }
  const unit = 'unit' in option && option.unit ? ` (${option.unit})` : '';
  return `${allowedValues(option as Parameters<typeof allowedValues>[0])}${unit}`;
}
