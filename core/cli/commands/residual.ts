/**
 * `ergodic residual RUN`: mean |R|/D and the spread of R/D against diffusion time, measured on noised training data.
 */
import { methodOf } from '../../methods/methods.ts';
import { reloadData } from '../../runs/data/load-data.ts';
import { withEngine } from '../../runs/engine-session.ts';
import { measureResidual } from '../../runs/evaluation/residual.ts';
import { openTrained } from '../../runs/pipeline.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';

const LINES = 20;

export async function run(args: Arguments<'residual'>, context: CommandContext): Promise<CommandResult> {
  const { record, specification: own, system, networks } = await openTrained(args.run, context);
  const specification = overridden(own, args);
  const { reference } = await reloadData(record, context);
  const points = args.points ?? specification.evaluate.residualPoints;
  const ranges = methodOf(specification).residual?.(networks, points) ?? [];
  const curve = await withEngine(specification, context, (engine) =>
    measureResidual(
      ranges,
      reference,
      system.scale,
      specification.seed,
      engine,
      context.task('measuring the residual'),
    ),
  );
  const every = Math.max(1, Math.floor(curve.t.length / LINES));
  const rows = curve.t.flatMap((t, i) =>
    i % every === 0
      ? [`${t.toFixed(5)}  ${curve.meanAbsR[i]!.toPrecision(4).padEnd(12)}  ${curve.spread[i]!.toPrecision(4)}`]
      : [],
  );
  return { json: curve, text: ['t        mean |R| / D  spread of R / D', ...rows].join('\n') };
}
