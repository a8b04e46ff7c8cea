/**
 * `ergodic evaluate RUN`: metrics and figures of the samples and the simulation in a run's folder.
 */
import type { DataSet } from '../../runs/data/data-set.ts';
import { reloadData } from '../../runs/data/load-data.ts';
import { readReference } from '../../runs/data/reference.ts';
import { metricsText } from '../../runs/evaluation/evaluate.ts';
import { type Comparison, evaluateRun } from '../../runs/evaluation/evaluate-run.ts';
import { drawsText } from '../../runs/evaluation/independent-draws.ts';
import { openTrained } from '../../runs/pipeline.ts';
import { RunFolder, type RunRecord } from '../../runs/run-folder.ts';
import { samplesPerSecond } from '../../runs/sampling/samples-per-second.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { isMissingFile, orElse, overridden } from '../run-commands.ts';
import { speedLines } from '../run-summary.ts';

export async function run(args: Arguments<'evaluate'>, context: CommandContext): Promise<CommandResult> {
  const trained = await openTrained(args.run, context);
  const specification = overridden(trained.specification, args);
  const given = args.reference;
  const reference = given === undefined ? undefined : await readReference(given, trained, context);
  await using folder = await RunFolder.open(args.run);
  const data = await ownData(trained.record, reference, context);
  const { metrics, effectiveSampleSize, residual } = await evaluateRun(
    folder,
    { ...trained, specification },
    { data, reference },
    context,
  );
  const perSecond = samplesPerSecond(trained.record);
  return {
    json: {
      metrics,
      ...(perSecond === undefined ? {} : { samplesPerSecond: perSecond }),
      ...(effectiveSampleSize ? { effectiveSampleSize } : {}),
      ...(residual ? { fpCurve: residual } : {}),
    },
    text: [
      metricsText(metrics),
      '',
      ...(effectiveSampleSize ? [drawsText(effectiveSampleSize), ''] : []),
      ...speedLines(perSecond),
      `Figures: ${args.run}/figures`,
    ].join('\n'),
  };
}

/** For the residual, which a reference of one's own serves as well where the run's data are gone. */
async function ownData(
  record: RunRecord,
  reference: DataSet | undefined,
  context: CommandContext,
): Promise<Comparison['data']> {
  const own = reloadData(record, context);
  if (!reference) return orElse(own, 'Or compare with other data: `--reference FILE`.');
  return own.catch((error: unknown) => {
    if (!isMissingFile(error)) throw error;
    context.say(`${error.message} The Fokker–Planck residual is measured on the reference instead.`);
    return { reference, known: reference };
  });
}
