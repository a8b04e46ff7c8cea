/**
 * `ergodic fine-tune RUN`: a new run that starts from a trained model and trains on, a diffusion model with the Fokker–Planck
 * regulariser at small diffusion times (method §5), a generator with guidance by forces (§10).
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
  const { record: origin, specification: original } = await openTrained(args.run, context);
  const { fineTuning, title } = methodOf(original);
  if (!fineTuning) throw new ErgodicError(`A model of the method ${title} has nothing to fine-tune with.`);
  const { alpha, guidance, strength, steps } = args;
  const change = { alpha, guidance: guidance as 'fi' | 'fk' | undefined, strength, steps };
  if (change[fineTuning.needs.change] === undefined) throw new ErgodicError(fineTuning.needs.words, { usage: true });
  const settings = fineTuning.settings(overridden(original, args), change);
  const changed = { ...settings, name: `${original.name}-fine-tuned` };
  const specification = validateSpecification(changed, args.run);
  const { data, facts } = await prepared(specification, context, origin);
  const record = { ...newRecord(specification, 'fine-tune'), ...facts, startedFrom: resolve(args.run) };
  await using folder = await RunFolder.create(args.out ?? defaultFolder(specification), record);
  return await finish(folder, record, context, data);
}
