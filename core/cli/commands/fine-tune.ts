/**
 * `ergodic fine-tune RUN --alpha A`: a new run that starts from a trained model, adds the Fokker–Planck regulariser to
 * the expert at t = 0 and trains only that one on (method §5).
 */
import { ErgodicError } from '../../errors.ts';
import { encodeCheckpoint } from '../../runs/checkpoint.ts';
import { openTrained } from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import { validateSpecification } from '../../runs/specification.ts';
import { freshProgress } from '../../runs/train.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { defaultFolder, newRecord, overridden } from '../run-commands.ts';
import { finish } from './train.ts';

/** Share of the original budget, where no number of steps is given. */
const SHARE = 0.25;

export async function run(args: Arguments<'fine-tune'>, context: CommandContext): Promise<CommandResult> {
  if (args.alpha === undefined) {
    throw new ErgodicError(
      '`--alpha A` is missing: how strong the Fokker–Planck regulariser shall be, 5e-4 for example.',
      { usage: true },
    );
  }
  const { specification: original, experts } = await openTrained(args.run, (line) => context.say(line));
  const [first, ...others] = original.experts as [(typeof original.experts)[number], ...typeof original.experts];
  const steps = args.steps ?? Math.max(1, Math.round(first.steps * SHARE));
  const specification = validateSpecification(
    overridden(
      {
        ...original,
        name: `${original.name}-fine-tuned`,
        experts: [{ ...first, alpha: args.alpha, steps }, ...others],
      },
      args,
    ),
    args.run,
  );
  const record = newRecord(specification, 'fine-tune');
  await using folder = await RunFolder.create(args.out ?? defaultFolder(specification), record);
  // The other experts count as trained already.
  const progress = experts.map(({ parameters }, i) => ({
    ...freshProgress(parameters),
    step: i === 0 ? 0 : original.experts[i]!.steps,
  }));
  await folder.writeCheckpoint(encodeCheckpoint(progress));
  return finish(folder, record, context);
}
