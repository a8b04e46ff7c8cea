/**
 * `ergodic evaluate RUN`: scores and figures of the samples and the simulation in a run's folder.
 */
import { metricsText } from '../../runs/evaluate.ts';
import { evaluateRun, openTrained, runData } from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import { readDataSet } from '../../runs/training-data.ts';
import { toySystem } from '../../systems/toy-systems.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';

export async function run(args: Arguments<'evaluate'>, context: CommandContext): Promise<CommandResult> {
  const trained = await openTrained(args.run, context);
  const specification = overridden(trained.specification, args);
  const { dimension } = toySystem(specification.system.kind);
  const reference = args.reference === undefined ? undefined : await readDataSet(args.reference, dimension);
  await using folder = await RunFolder.open(args.run);
  const data = await runData(trained.record, context);
  const { metrics, residual } = await evaluateRun(folder, { ...trained, specification }, { data, reference }, context);
  return {
    json: { metrics, ...(residual ? { fpCurve: residual } : {}) },
    text: `${metricsText(metrics)}\n\nFigures: ${args.run}/figures`,
  };
}
