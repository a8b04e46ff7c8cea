/**
 * `ergodic fine-tune RUN --alpha A`: a new run that starts from a trained model, adds the Fokker–Planck regulariser to
 * the expert at t = 0 and trains only that one on (method §5).
 */
import { resolve } from 'node:path';
import { ErgodicError } from '../../errors.ts';
import { openTrained, prepared } from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import { validateSpecification } from '../../specification/specification.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { defaultFolder, newRecord, overridden } from '../run-commands.ts';
import { finish } from './train.ts';

/** Of the original number of steps, where none is given. */
const FRACTION = 0.25;

export async function run(args: Arguments<'fine-tune'>, context: CommandContext): Promise<CommandResult> {
  if (args.alpha === undefined) {
    throw new ErgodicError('`--alpha A` is missing: the weight of the Fokker–Planck regulariser, for example 5e-4.', {
      usage: true,
    });
  }
  const { record: origin, specification: original } = await openTrained(args.run, context);
  const [first, ...others] = original.experts as [(typeof original.experts)[number], ...typeof original.experts];
  const steps = args.steps ?? Math.max(1, Math.round(first.steps * FRACTION));
  const experts = [{ ...first, alpha: args.alpha, steps }, ...others];
  const changed = { ...overridden(original, args), name: `${original.name}-fine-tuned`, experts };
  const specification = validateSpecification(changed, args.run);
  const { data, facts } = await prepared(specification, context, origin);
  const record = { ...newRecord(specification, 'fine-tune'), ...facts, startedFrom: resolve(args.run) };
  await using folder = await RunFolder.create(args.out ?? defaultFolder(specification), record);
  return await finish(folder, record, context, data);
}
