/**
 * `ergodic run SPEC`: the whole pipeline in a new folder.
 */
import { completeRun } from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { defaultFolder, newRecord, overridden, readSpecification } from '../run-commands.ts';
import { summarised } from '../run-summary.ts';

export async function run(args: Arguments<'run'>, context: CommandContext): Promise<CommandResult> {
  const specification = overridden(await readSpecification(args.spec), args);
  const record = newRecord(specification, 'run');
  await using folder = await RunFolder.create(args.out ?? defaultFolder(specification), record);
  return summarised(await completeRun(folder, record, context));
}
