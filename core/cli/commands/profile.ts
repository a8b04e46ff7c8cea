/**
 * `ergodic profile RUN`: the denoising loss of a model by noise level; with `--against OTHER`, how much further from the
 * data the other model is, in nats, and at which noise levels.
 */
import { natsBetween } from '../../diffusion/loss-profile.ts';
import { ErgodicError } from '../../errors.ts';
import { reloadData } from '../../runs/data/load-data.ts';
import { withEngine } from '../../runs/engine-session.ts';
import { type LossProfile, measureProfile } from '../../runs/evaluation/loss-profile.ts';
import { openTrained } from '../../runs/pipeline.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';

export async function run(args: Arguments<'profile'>, context: CommandContext): Promise<CommandResult> {
  const { points, samples } = args;
  const one = await openTrained(args.run, context);
  const other = args.against === undefined ? undefined : await openTrained(args.against, context);
  if (other && String(other.system.shape) !== String(one.system.shape)) {
    throw new ErgodicError(`\`${args.run}\` and \`${args.against}\` are of different systems and have no common data.`);
  }
  const { reference } = await reloadData(one.record, context);
  const specification = overridden(one.specification, args);
  return await withEngine(specification, context, async (engine) => {
    const profileOf = (trained: typeof one, name: string) =>
      measureProfile(trained, reference, { points, samples }, engine, context.task(`loss by noise level, ${name}`));
    const own = await profileOf(one, args.run);
    if (!other) return { json: own, text: table(own) };
    const { loss } = await profileOf(other, args.against!);
    const nats = natsBetween(own.lambda, own.loss, loss);
    const total = nats.reduce((sum, each) => sum + each, 0);
    const sentence =
      total >= 0
        ? `\`${args.against}\` is ${total.toFixed(3)} nats further from the data.`
        : `\`${args.against}\` is ${(-total).toFixed(3)} nats closer to the data.`;
    return { json: { ...own, against: { loss, nats, total } }, text: `${table(own, loss, nats)}\n\n${sentence}` };
  });
}

function table({ lambda, t, loss }: LossProfile, other?: readonly number[], nats?: readonly number[]): string {
  const header = `log(m/σ)  t         loss${other ? '      other     nats' : ''}`;
  const rows = lambda.map((value, i) =>
    [
      value.toFixed(2).padStart(8),
      t[i]!.toPrecision(3).padEnd(8),
      loss[i]!.toFixed(4).padEnd(8),
      ...(other ? [other[i]!.toFixed(4).padEnd(8), nats![i]!.toFixed(4)] : []),
    ].join('  '),
  );
  return [header, ...rows].join('\n');
}
