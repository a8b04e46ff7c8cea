/**
 * `ergodic run SPEC`: the whole pipeline in a new folder.
 */
import { completeRun, prepared } from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { defaultFolder, newRecord, overridden, readSpecification, resumable } from '../run-commands.ts';
import { summarised } from '../run-summary.ts';

export async function run(args: Arguments<'run'>, context: CommandContext): Promise<CommandResult> {
  const given = overridden(await readSpecification(args.spec, args), args);
  const { specification, data, facts } = await prepared(given, context);
  const record = { ...newRecord(specification, 'run'), ...facts };
  await using folder = await RunFolder.create(args.out ?? defaultFolder(specification), record);
  return await resumable(folder.path, context, async () =>
    summarised(await completeRun(folder, record, context, data)),
  );
}
