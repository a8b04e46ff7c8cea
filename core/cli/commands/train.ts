/**
 * `ergodic train SPEC`: the experts of a specification in a new folder, or with --resume the training stopped in one.
 */
import { ErgodicError } from '../../errors.ts';
import { trainRun } from '../../runs/pipeline.ts';
import { RunFolder, readRunRecord } from '../../runs/run-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { defaultFolder, newRecord, overridden, readSpecification } from '../run-commands.ts';
import { trained } from '../run-summary.ts';

export async function run(args: Arguments<'train'>, context: CommandContext): Promise<CommandResult> {
  if (args.resume) return resumeTraining(args, context);
  const specification = overridden(await readSpecification(args.spec), args);
  const record = newRecord(specification, 'train');
  await using folder = await RunFolder.create(args.out ?? defaultFolder(specification), record);
  return finish(folder, record, context);
}

async function resumeTraining(args: Arguments<'train'>, context: CommandContext): Promise<CommandResult> {
  if (args.out === undefined)
    throw new ErgodicError('`--resume` needs `--out DIR`, the folder of the stopped run.', { usage: true });
  const asked = overridden(await readSpecification(args.spec), args);
  const record = await readRunRecord(args.out);
  const machine = { engine: asked.engine, threads: asked.threads };
  if (JSON.stringify({ ...record.specification, ...machine }) !== JSON.stringify(asked)) {
    throw new ErgodicError(
      `\`${args.spec}\` differs from the specification that \`${args.out}\` was started with: start a new run, or continue the old one with \`ergodic resume ${args.out}\`.`,
    );
  }
  await using folder = await RunFolder.open(args.out);
  return finish(folder, { ...record, specification: asked }, context);
}

export async function finish(
  folder: RunFolder,
  record: Parameters<typeof trainRun>[1],
  context: CommandContext,
): Promise<CommandResult> {
  const { experts, record: done } = await trainRun(folder, record, context);
  await folder.writeRecord({ ...done, finished: true });
  return trained(folder.path, experts, done.seconds.train ?? 0);
}
