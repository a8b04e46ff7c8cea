/**
 * `ergodic evaluate RUN`: scores and figures of the samples and the simulation in a run's folder.
 */
import { ErgodicError } from '../../errors.ts';
import { evaluate, metricsText } from '../../runs/evaluate.ts';
import {
  openTrained,
  residualOf,
  SAMPLES,
  SIMULATION,
  stored,
  storeEvaluation,
  withEngine,
} from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import { readDataSet, trainingData } from '../../runs/training-data.ts';
import { toySystem } from '../../systems/toy-systems.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';

export async function run(args: Arguments<'evaluate'>, context: CommandContext): Promise<CommandResult> {
  const trained = await openTrained(args.run, (line) => context.say(line));
  const specification = overridden(trained.specification, args);
  const samples = await stored(args.run, SAMPLES);
  const simulation = await stored(args.run, SIMULATION);
  if (!samples && !simulation) {
    throw new ErgodicError(
      `\`${args.run}\` has neither samples nor a simulation yet: draw some with \`ergodic sample ${args.run}\` or \`ergodic simulate ${args.run}\`.`,
    );
  }
  const { dimension } = toySystem(specification.system.kind);
  // A reference of one's own has no twin: its floor comes from its halves.
  const fromFile = args.reference === undefined ? undefined : { ...specification.system, data: args.reference };
  const reference =
    args.reference === undefined ? await trainingData(specification) : await readDataSet(args.reference, dimension);
  const data = await trainingData(specification);
  const residual = await withEngine(specification, (engine) =>
    residualOf({ ...trained, specification }, data, engine, context),
  );
  const evaluation = evaluate({
    specification: fromFile ? { ...specification, system: fromFile } : specification,
    reference,
    ...(samples ? { samples } : {}),
    ...(simulation ? { simulation } : {}),
    ...(residual ? { residual } : {}),
  });
  await using folder = await RunFolder.open(args.run);
  await storeEvaluation(folder, evaluation, residual);
  return {
    json: { metrics: evaluation.metrics, ...(residual ? { fpCurve: residual } : {}) },
    text: `${metricsText(evaluation.metrics)}\n\nFigures: ${args.run}/figures`,
  };
}
