/**
 * One run as its page shows it: all its settings, where its time went, its curves. Reads what the run has written;
 * nothing is computed.
 */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lossLabel } from '../methods/loss-labels.ts';
import type { TrainableNetwork } from '../methods/method.ts';
import { methodOf } from '../methods/methods.ts';
import { systemOf } from '../runs/data/run-system.ts';
import { readRunLog, readRunMetrics, readRunRecord } from '../runs/run-folder.ts';
import { samplesPerSecond } from '../runs/sampling/samples-per-second.ts';
import { networksOf } from '../runs/training/trained-model.ts';
import { trainingLines, validationLines } from '../runs/training/training-log.ts';
import { withResolvedFiles } from '../specification/specification.ts';
import { type Residual, type RunDetail, residualSchema, type TrainedNetworkFacts } from './contract.ts';
import { commandLine } from './draft-handlers.ts';
import { summaryOf } from './run-summaries.ts';

export async function detailOf(folder: string, id: string): Promise<RunDetail> {
  const [summary, record, log, metrics, checkpoint] = await Promise.all([
    summaryOf(folder, id),
    readRunRecord(folder),
    readRunLog(folder),
    readRunMetrics(folder),
    checkpointTime(folder),
  ]);
  const residual = residualIn(metrics);
  const { engine, versions, seconds, choice, command } = record;
  const perSecond = samplesPerSecond(record);
  return {
    ...summary,
    specification: JSON.parse(JSON.stringify(withResolvedFiles(record.specification, (file) => basename(file)))),
    ...(engine === undefined ? {} : { engine }),
    versions,
    seconds,
    ...(perSecond === undefined ? {} : { samplesPerSecond: perSecond }),
    networks: networksOf(record.specification, systemOf(record)).map(factsOfNetwork),
    boundaries: methodOf(record.specification).boundaries?.(record.specification) ?? [],
    training: trainingLines(log).map(({ network, step, terms }) => ({ network, step, terms })),
    validation: validationLines(log).map(({ network, step, terms }) => ({ network, step, terms })),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(residual ? { residual } : {}),
    ...(choice ? { choice } : {}),
    command: commandLine(command, record.specification.name),
  };
}

function factsOfNetwork({ title, facts, steps, batch, weights, phases }: TrainableNetwork): TrainedNetworkFacts {
  return {
    title,
    facts: [...facts],
    steps,
    batch,
    terms: Object.keys(weights).map((name) => {
      const { title, short, axis, together } = lossLabel(name);
      return {
        name,
        title,
        short,
        axis,
        ...(together ? { together } : {}),
        from: phases.find(({ terms }) => terms.includes(name))!.from,
      };
    }),
    phases: phases.map(({ from, work }) => ({ from, work })),
  };
}

/** As the last evaluation measured it. */
const residualIn = (metrics: unknown): Residual | undefined =>
  residualSchema.safeParse((metrics as { fpCurve?: unknown } | undefined)?.fpCurve).data;

async function checkpointTime(folder: string): Promise<string | undefined> {
  const found = await stat(join(folder, 'checkpoint.safetensors')).catch(() => undefined);
  return found?.mtime.toISOString();
}
