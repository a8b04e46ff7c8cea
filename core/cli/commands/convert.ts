/**
 * `ergodic convert IN… OUT`: structures and trajectories from one format to another, whole or in part.
 * What was wrong with the files is said on standard error, and the exit code is 0 if OUT could be written.
 */
import { convert } from '../../storage/convert.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { formatCount } from '../progress.ts';

export async function run(args: Arguments<'convert'>, context: CommandContext): Promise<CommandResult> {
  const { in: from, out: to, ...options } = args;
  const start = performance.now();
  const { atoms, frames, problems } = await convert({ ...options, from, to }, context);
  for (const problem of problems) context.say(problem);
  const seconds = (performance.now() - start) / 1000;
  return {
    json: { file: to, atoms, frames, problems, seconds },
    text: `${formatCount(frames)} ${frames === 1 ? 'frame' : 'frames'} of ${formatCount(atoms)} ${atoms === 1 ? 'atom' : 'atoms'}: ${to}`,
  };
}
