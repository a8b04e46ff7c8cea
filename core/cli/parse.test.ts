import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { commandHelp } from './help.ts';
import { type CommandName, declarations, flagOf } from './options.ts';
import { parseArguments } from './parse.ts';

const parse = (command: CommandName, line: string) =>
  parseArguments(command, declarations[command], line === '' ? [] : line.split(' '));

const faultOf = (command: CommandName, line: string): string => {
  try {
    parse(command, line);
  } catch (error) {
    expect(error).toBeInstanceOf(ErgodicError);
    expect((error as ErgodicError).usage).toBe(true);
    return (error as Error).message;
  }
  return 'accepted';
};

test('positionals, values, short names, equals signs and flags', () => {
  const values = { engine: 'wasm', threads: 2, json: true, run: 'my-run', count: 500, solver: 'dpm', steps: 20 };
  expect(parse('sample', 'my-run -n 500 --solver dpm --steps=20 --engine wasm --threads 2 --json')).toEqual(values);
  expect(parse('sample', '--json --engine=wasm -n 500 --threads 2 --solver=dpm --steps 20 -- my-run')).toEqual(values);
});

test('what is not given is the default, or undefined where the run decides', () => {
  expect(parse('bench', '')).toEqual({
    beads: 5,
    hidden: 96,
    layers: 2,
    batch: 100,
    engine: 'auto',
    threads: 0,
    json: false,
  });
  expect(parse('simulate', 'r').steps).toBeUndefined();
});

test('options with several words are written with dashes', () => {
  expect(flagOf('evaluationTime')).toBe('--evaluation-time');
  expect(parse('simulate', 'r --evaluation-time 1e-3').evaluationTime).toBe(1e-3);
});

test('an option that may be given several times gathers its values, and is undefined without any', () => {
  const { trajectory } = parse('run', 'spec.yaml --trajectory a.xtc --structure s.pdb --trajectory=b.xtc');
  expect(trajectory).toEqual(['a.xtc', 'b.xtc']);
  expect(parse('run', 'spec.yaml').trajectory).toBeUndefined();
  // One value each: the next word is not swallowed.
  expect(faultOf('run', 'spec.yaml --trajectory a.xtc b.xtc')).toBe('`b.xtc` is one word too many for `ergodic run`.');
  // What one call gathered is forgotten by the next.
  expect(parse('run', 'spec.yaml --trajectory c.xtc').trajectory).toEqual(['c.xtc']);
});

test('a positional of one or more words leaves the last ones to those after it', () => {
  expect(parse('inspect', 'a.pdb b.xtc --json c.dcd').file).toEqual(['a.pdb', 'b.xtc', 'c.dcd']);
  expect(parse('inspect', 'a.pdb').file).toEqual(['a.pdb']);
  expect(parse('convert', 'a.pdb b.xtc --stride 2 c.dcd')).toMatchObject({ in: ['a.pdb', 'b.xtc'], out: 'c.dcd' });
  expect(parse('convert', 'a.xtc b.dcd')).toMatchObject({ in: ['a.xtc'], out: 'b.dcd' });
  expect(parse('convert', 'a -- -b c')).toMatchObject({ in: ['a', '-b'], out: 'c' });
});

test.each<[CommandName, string, string]>([
  ['inspect', '', '`ergodic inspect` needs FILE (structures, trajectories, or arrays).'],
  ['convert', 'a.xtc', '`ergodic convert` needs OUT (new file; the format follows from its extension).'],
  ['run', 'spec.yaml --trajectory', '`--trajectory` needs a value: a file name.'],
  ['run', 'spec.yaml --trajectory=', '`--trajectory` is empty; it must be a file name.'],
  ['sample', '', '`ergodic sample` needs RUN (run folder).'],
  ['sample', 'a b', '`b` is one word too many for `ergodic sample`.'],
  ['sample', 'r --solvr em', '`--solvr` is not an option of `ergodic sample`; did you mean `--solver`?'],
  ['sample', 'r --solver dmp', '`--solver` cannot be `dmp`; did you mean `dpm`?'],
  ['sample', 'r -n', '`-n` needs a value: a whole number from 1 to 100000000 (samples).'],
  ['sample', 'r -n 0', '`-n` is 0; it must be a whole number from 1 to 100000000 (samples).'],
  ['sample', 'r -n 1.5', '`-n` is 1.5; it must be a whole number from 1 to 100000000 (samples).'],
  ['sample', 'r -n 0x10', '`-n` is 0x10; it must be a whole number from 1 to 100000000 (samples).'],
  ['sample', 'r --steps --json', '`--steps` is --json; it must be a whole number from 1 to 1000000 (steps).'],
  ['sample', 'r --json=yes', '`--json` takes no value.'],
  ['simulate', 'r --dt -1', '`--dt` is -1; it must be a number above 0 and at most 1 (ps).'],
  ['simulate', 'r --dt NaN', '`--dt` is NaN; it must be a number above 0 and at most 1 (ps).'],
  ['fine-tune', 'r --alpha 11', '`--alpha` is 11; it must be a number from 0 to 10.'],
  ['run', 'spec.yaml --out=', '`--out` is empty; it must be a folder name.'],
  ['info', '-x', '`-x` is not an option of `ergodic info`; known are --json, --help.'],
])('ergodic %s %s', (command, line, sentence) => {
  expect(faultOf(command, line)).toBe(sentence);
});

test.each(Object.keys(declarations) as CommandName[])('the help of %s names every option, unit and default', (name) => {
  const text = commandHelp(name, declarations[name]);
  for (const [key, option] of Object.entries(declarations[name].options)) {
    expect(text).toContain(flagOf(key));
    if ('unit' in option && option.unit) expect(text).toContain(`(${option.unit})`);
    if ('default' in option || 'defaultInWords' in option) expect(text).toContain('default: ');
  }
  for (const line of text.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(100);
});
