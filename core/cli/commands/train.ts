/**
 * `ergodic train SPEC`: the model of a specification in a new folder, or with --resume the training stopped in one.
 */
import { isDeepStrictEqual } from 'node:util';
import { ErgodicError } from '../../errors.ts';
import type { RunData } from '../../runs/data/run-data.ts';
import { completeTraining, prepared } from '../../runs/pipeline.ts';
import { RunFolder, type RunRecord } from '../../runs/run-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { defaultFolder, newRecord, overridden, readSpecification, resumable } from '../run-commands.ts';
import { trained } from '../run-summary.ts';

export async function run(args: Arguments<'train'>, context: CommandContext): Promise<CommandResult> {
  if (args.resume) return resumeTraining(args, context);
  const given = overridden(await readSpecification(args.spec, args), args);
  const { specification, data, facts } = await prepared(given, context);
  const record = { ...newRecord(specification, 'train'), ...facts };
  await using folder = await RunFolder.create(args.out ?? defaultFolder(specification), record);
  return await finish(folder, record, context, data);
}

async function resumeTraining(args: Arguments<'train'>, context: CommandContext): Promise<CommandResult> {
  if (args.out === undefined)
    throw new ErgodicError('`--resume` needs `--out DIR`, the folder of the stopped run.', { usage: true });
  const asked = overridden(await readSpecification(args.spec, args), args);
  await using folder = await RunFolder.open(args.out);
  const record = await folder.readRecord();
  // The seed of the run stands unless another one is asked for; engine and threads may change.
  const seed = args.seed ?? record.specification.seed;
  const { engine, threads } = asked;
  if (!isDeepStrictEqual({ ...record.specification, engine, threads }, { ...asked, seed })) {
    throw new ErgodicError(
      `\`${args.spec}\` differs from the specification that \`${args.out}\` was started with: start a new run, or continue the old one with \`ergodic resume ${args.out}\`.`,
    );
  }
  return await finish(folder, { ...record, specification: { ...record.specification, engine, threads } }, context);
}

/** Trains to the end, or says how it goes on. */
export function finish(
  folder: RunFolder,
  record: RunRecord,
  context: CommandContext,
  data?: RunData,
): Promise<CommandResult> {
  return resumable(folder.path, context, async () => {
    const { networks, seconds, record: done } = await completeTraining(folder, record, context, data);
    return trained(folder.path, done.engine ?? '', networks, seconds, done.choice);
  });
}
