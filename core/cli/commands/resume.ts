/**
 * `ergodic resume DIR`: whatever was stopped there goes on, to the same numbers as if it had not been stopped.
 */
import { completeRun } from '../../runs/pipeline.ts';
import { RunFolder, readRunRecord } from '../../runs/run-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';
import { summarised } from '../run-summary.ts';
import { finish } from './train.ts';

export async function run(args: Arguments<'resume'>, context: CommandContext): Promise<CommandResult> {
  const stopped = await readRunRecord(args.dir);
  const record = { ...stopped, specification: overridden(stopped.specification, args) };
  await using folder = await RunFolder.open(args.dir);
  if (record.command === 'run') return summarised(await completeRun(folder, record, context));
  return finish(folder, record, context);
}
