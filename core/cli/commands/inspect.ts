/**
 * `ergodic inspect FILE…`: what is in files of molecules, without reading them whole.
 */
import { type Inspection, inspect } from '../../runs/inspect.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { formatCount } from '../progress.ts';

export async function run(args: Arguments<'inspect'>, context: CommandContext): Promise<CommandResult> {
  const found: Inspection[] = [];
  for (const path of args.file) found.push(await inspect(path, context.task(`scanning ${path}`)));
  const [only] = found;
  return { json: found.length === 1 ? only! : { files: found }, text: found.map(inWords).join('\n\n') };
}

function inWords({ file, format, atoms, frames, timeStep, unitCell, problems, ...more }: Inspection): string {
  const rows: [string, string][] = [
    ['format', format],
    ['atoms', atoms === null ? 'not stated' : formatCount(atoms)],
    ...(more.residues === null ? [] : [['residues', formatCount(more.residues)] as [string, string]]),
    ...(more.chains === null ? [] : [['chains', more.chains.join(' ')] as [string, string]]),
    ['frames', formatCount(frames)],
    ['time', timeOf(more.firstTime, timeStep)],
    ['unit cell', unitCell === null ? 'none' : `${lengths(unitCell.lengths)} nm, ${lengths(unitCell.angles)}°`],
    ['holds', ['positions', ...more.holds].join(', ')],
    ['size', `${formatCount(more.bytes)} bytes`],
    ...problems.map((problem): [string, string] => ['problem', problem]),
  ];
  return [file, ...rows.map(([key, value]) => `  ${key.padEnd(10)}${value}`)].join('\n');
}

const lengths = (values: readonly number[]): string => values.map((value) => Number(value.toFixed(4))).join(' × ');

function timeOf(first: number | null, step: number | null): string {
  if (first === null) return 'not stated';
  return `from ${first} ps${step === null ? '' : `, every ${Number(step.toPrecision(6))} ps`}`;
}
