/** `ergodic experts RUN`: what each expert adds to the error of the samples. */
import type { AtEqualCount } from '../../analysis/metrics/equal-count.ts';
import { reloadData } from '../../runs/data/load-data.ts';
import { withEngine } from '../../runs/engine-session.ts';
import { type BegunAt, expertErrors } from '../../runs/evaluation/expert-errors.ts';
import { openTrained } from '../../runs/pipeline.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';

export async function run(args: Arguments<'experts'>, context: CommandContext): Promise<CommandResult> {
  const { record, specification: own, system, networks } = await openTrained(args.run, context);
  const specification = overridden(own, args);
  const data = await reloadData(record, context);
  const found = await withEngine(specification, context, (engine) =>
    expertErrors({ specification, system, networks }, data, args.count, engine, context),
  );
  return { json: { begun: found }, text: [HEADER, ...found.map(line)].join('\n') };
}

const HEADER = 'samples begun at t  free-energy error  × floor         JS       × floor         bonds, pm  × floor';

function line({ t, equalCount }: BegunAt): string {
  const { pmf, js, bonds } = equalCount;
  return [
    String(t).padEnd(18),
    pmf.value.mean.toFixed(4).padEnd(17),
    times(pmf),
    js.value.mean.toFixed(4).padEnd(7),
    times(js),
    ...(bonds ? [(1e3 * bonds.value.mean).toFixed(3).padEnd(9), times(bonds)] : []),
  ]
    .join('  ')
    .trimEnd();
}

const times = ({ ratio, ratioError }: AtEqualCount): string =>
  (ratio === null ? '' : `${ratio.toFixed(2)} ± ${ratioError!.toFixed(2)}`).padEnd(14);
