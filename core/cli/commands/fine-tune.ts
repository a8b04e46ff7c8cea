/**
 * `ergodic fine-tune RUN --alpha A`: a new run that starts from a trained model and trains on with the Fokker–Planck
 * regulariser at small diffusion times (method §5).
 */
import { resolve } from 'node:path';
import { ErgodicError } from '../../errors.ts';
import { methodOf } from '../../methods/methods.ts';
import { openTrained, prepared } from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import { validateSpecification } from '../../specification/specification.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { defaultFolder, newRecord, overridden } from '../run-commands.ts';
import { finish } from './train.ts';

export async function run(args: Arguments<'fine-tune'>, context: CommandContext): Promise<CommandResult> {
  if (args.alpha === undefined) {
    throw new ErgodicError('`--alpha A` is missing: the weight of the Fokker–Planck regulariser, for example 5e-4.', {
      usage: true,
    });
  }
  const { record: origin, specification: original } = await openTrained(args.run, context);
  const { fineTuning, title } = methodOf(original);
  if (!fineTuning) throw new ErgodicError(`A model of the method ${title} has no regulariser to fine-tune with.`);
  const change = { alpha: args.alpha, steps: args.steps };
  const settings = fineTuning.settings(overridden(original, args), change);
  const changed = { ...settings, name: `${original.name}-fine-tuned` };
  const specification = validateSpecification(changed, args.run);
  const { data, facts } = await prepared(specification, context, origin);
  const record = { ...newRecord(specification, 'fine-tune'), ...facts, startedFrom: resolve(args.run) };
  await using folder = await RunFolder.create(args.out ?? defaultFolder(specification), record);
  return await finish(folder, record, context, data);
}
