/**
 * `ergodic inspect FILE…`: what is in files of molecules, without reading them whole. Of several, one that cannot be
 * read does not keep the others from being told: the sentence about it stands in its place, and the exit code is 1.
 */
import { ErgodicError } from '../../errors.ts';
import { type Inspection, inspect } from '../../storage/inspect.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { formatCount } from '../progress.ts';

interface Failure {
  readonly file: string;
  readonly error: string;
}

export async function run(args: Arguments<'inspect'>, context: CommandContext): Promise<CommandResult> {
  const task = context.task('scanning');
  const found: (Inspection | Failure)[] = [];
  for (const file of args.file) {
    try {
      found.push(await inspect(file, task));
    } catch (error) {
      const only = args.file.length === 1 || context.signal.aborted;
      if (only || !(error instanceof ErgodicError)) throw error;
      context.say(error.message);
      found.push({ file, error: error.message });
    }
  }
  return {
    json: found.length === 1 ? found[0]! : { files: found },
    text: found.map(inWords).join('\n\n'),
    failed: found.some((each) => 'error' in each),
  };
}

function inWords(found: Inspection | Failure): string {
  const rows = 'error' in found ? [['problem', found.error] as const] : rowsOf(found);
  return [found.file, ...rows.map(([key, value]) => `  ${key.padEnd(11)}${value}`)].join('\n');
}

type Row = readonly [key: string, value: string];

function rowsOf({ format, bytes, problems, ...found }: Inspection): Row[] {
  return [
    ['format', format],
    ...(found.shape ? [['array of', found.shape.join(' × ')] as const] : moleculeRows(found)),
    ['size', `${formatCount(bytes)} bytes`],
    ...problems.map((problem): Row => ['problem', problem]),
  ];
}

type OfMolecule = Pick<
  Inspection,
  'atoms' | 'residues' | 'chains' | 'frames' | 'firstTime' | 'timeStep' | 'unitCell' | 'holds'
>;

function moleculeRows({ atoms, residues, chains, frames, firstTime, timeStep, unitCell, holds }: OfMolecule): Row[] {
  const cell = unitCell && `${numbers(unitCell.lengths)} nm, ${numbers(unitCell.angles)}°`;
  return [
    ['atoms', atoms === null ? 'not stated' : formatCount(atoms)],
    ...(residues === null ? [] : [['residues', formatCount(residues)] as const]),
    ...(chains === null ? [] : [['chains', chains.join(' ')] as const]),
    ['frames', formatCount(frames)],
    ['time', timeOf(firstTime, timeStep)],
    ['unit cell', cell ?? 'none'],
    ['holds', holds.join(', ') || 'no positions'],
  ];
}

const numbers = (values: readonly number[]): string => values.map((value) => Number(value.toFixed(4))).join(' × ');

function timeOf(first: number | null, step: number | null): string {
  if (first === null) return 'not stated';
  return `from ${first} ps on${step === null ? '' : `, every ${step} ps`}`;
}
