/**
 * `ergodic resume DIR`: continues what was interrupted there, to the same numbers as without the interruption.
 */
import { completeRun } from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden, resumable } from '../run-commands.ts';
import { summarised } from '../run-summary.ts';
import { finish } from './train.ts';

export async function run(args: Arguments<'resume'>, context: CommandContext): Promise<CommandResult> {
  await using folder = await RunFolder.open(args.dir);
  const stopped = await folder.readRecord();
  const record = { ...stopped, specification: overridden(stopped.specification, args) };
  if (record.command !== 'run') return await finish(folder, record, context);
  return await resumable(folder.path, context, async () => summarised(await completeRun(folder, record, context)));
}
