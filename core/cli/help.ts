/**
 * The texts of `ergodic --help` and `ergodic COMMAND --help`, derived from the tables.
 */
import { type CommandDeclaration, flagOf, type Option, type Positional } from './options.ts';
import { describeAllowedValues } from './parse.ts';

const WIDTH = 100;

export function overview(commands: Readonly<Record<string, CommandDeclaration>>): string {
  const rows = Object.entries(commands).map(([name, { positionals, summary }]): [string, string] => [
    [name, ...positionals.map(positionalUsage)].join(' '),
    summary,
  ]);
  return [
    'Ergodic: molecular simulation with energy-based diffusion models.',
    '',
    'Usage: ergodic COMMAND …',
    '',
    'Commands:',
    ...columns(rows),
    '',
    'Options:',
    ...columns([
      ['--help', 'this page; `ergodic COMMAND --help` for one command'],
      ['--version', 'the version'],
    ]),
    '',
    'Exit code 0: done; 1: failed or stopped, with one sentence on standard error; 2: wrong usage.',
    '',
  ].join('\n');
}

export function commandHelp(name: string, { summary, positionals, options }: CommandDeclaration): string {
  const optionRows = Object.entries(options).map(([key, option]): [string, string] => [
    optionUsage(key, option),
    optionHelp(option),
  ]);
  const usage = ['ergodic', name, ...positionals.map(positionalUsage), '[options]'].join(' ');
  const positionalRows = positionals.map((each): [string, string] => [positionalUsage(each), each.help]);
  return [
    `${usage}: ${summary}.`,
    '',
    ...(positionalRows.length > 0 ? [...columns(positionalRows), ''] : []),
    'Options:',
    ...columns([...optionRows, ['--help', 'This page.']]),
    '',
  ].join('\n');
}

export const positionalUsage = ({ name, many }: Positional): string => (many ? `${name}…` : name);

export function optionUsage(key: string, option: Option): string {
  const names = option.short ? `-${option.short}, ${flagOf(key)}` : flagOf(key);
  return option.type === 'flag' ? names : `${names} ${option.value ?? 'VALUE'}`;
}

function optionHelp(option: Option): string {
  if (option.type === 'flag') return option.help;
  const allowed = option.type === 'text' || option.type === 'texts' ? [] : [describeAllowedValues(option)];
  const value = defaultOf(option);
  const facts = [...allowed, ...(value === undefined ? [] : [`default: ${value}`])];
  return facts.length > 0 ? `${option.help} [${facts.join('; ')}]` : option.help;
}

export const defaultOf = (option: Exclude<Option, { type: 'flag' }>): string | undefined =>
  option.defaultInWords ?? ('default' in option ? String(option.default) : undefined);

/** Two columns, the second one wrapped. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const indent = Math.max(...rows.map(([left]) => left.length)) + 4;
  return rows.flatMap(([left, right]) =>
    wrap(right, WIDTH - indent).map((line, index) => (index === 0 ? `  ${left}` : '').padEnd(indent) + line),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
