/**
 * `ergodic residual RUN`: mean |R|/D against diffusion time, measured on noised training data.
 */
import { ErgodicError } from '../../errors.ts';
import { openTrained, residualOf, withEngine } from '../../runs/pipeline.ts';
import { trainingData } from '../../runs/training-data.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';

const LINES = 20;

export async function run(args: Arguments<'residual'>, context: CommandContext): Promise<CommandResult> {
  const { specification: own, experts } = await openTrained(args.run, (line) => context.say(line));
  const specification = overridden(own, args);
  const data = await trainingData(specification);
  const points = args.points ?? specification.evaluate.residualPoints;
  const curve = await withEngine(specification, (engine) =>
    residualOf({ specification, experts }, data, engine, context, points),
  );
  if (!curve)
    throw new ErgodicError(
      'No expert of this model is conservative: without an energy there is no Fokker–Planck residual.',
    );
  const every = Math.max(1, Math.floor(curve.t.length / LINES));
  const rows = curve.t.flatMap((t, i) =>
    i % every === 0 ? [`${t.toFixed(5)}  ${curve.meanAbsR[i]!.toPrecision(4)}`] : [],
  );
  return { json: curve, text: ['t        mean |R| / D', ...rows].join('\n') };
}
