/**
 * `ergodic evaluate RUN`: scores and figures of the samples and the simulation in a run's folder.
 */
import { metricsText } from '../../runs/evaluate.ts';
import { evaluateRun } from '../../runs/evaluate-run.ts';
import { openTrained } from '../../runs/pipeline.ts';
import { readReference } from '../../runs/reference.ts';
import { reloadData } from '../../runs/run-data.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';

export async function run(args: Arguments<'evaluate'>, context: CommandContext): Promise<CommandResult> {
  const trained = await openTrained(args.run, context);
  const specification = overridden(trained.specification, args);
  const given = args.reference;
  const reference = given === undefined ? undefined : await readReference(given, trained, context);
  await using folder = await RunFolder.open(args.run);
  const { reference: data } = await reloadData(trained.record, context);
  const { metrics, residual } = await evaluateRun(folder, { ...trained, specification }, { data, reference }, context);
  return {
    json: { metrics, ...(residual ? { fpCurve: residual } : {}) },
    text: `${metricsText(metrics)}\n\nFigures: ${args.run}/figures`,
  };
}
