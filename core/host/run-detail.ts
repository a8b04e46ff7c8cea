/**
 * One run as its page shows it: all its settings, where its time went, its curves. Reads what the run has written;
 * nothing is computed.
 */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readRunLog, readRunMetrics, readRunRecord } from '../runs/run-folder.ts';
import { trainingLines, validationLines } from '../runs/training/training-log.ts';
import { withResolvedFiles } from '../specification/specification.ts';
import { type Residual, type RunDetail, residualSchema } from './contract.ts';
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
  const { engine, versions, seconds, command } = record;
  return {
    ...summary,
    specification: JSON.parse(JSON.stringify(withResolvedFiles(record.specification, (file) => basename(file)))),
    ...(engine === undefined ? {} : { engine }),
    versions,
    seconds,
    training: trainingLines(log).map(({ expert, step, denoising, fokkerPlanck }) => ({
      expert,
      step,
      denoising,
      fokkerPlanck,
    })),
    validation: validationLines(log).map(({ expert, step, denoising }) => ({ expert, step, denoising })),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(residual ? { residual } : {}),
    command: commandLine(command, record.specification.name),
  };
}

/** As the last evaluation measured it. */
const residualIn = (metrics: unknown): Residual | undefined =>
  residualSchema.safeParse((metrics as { fpCurve?: unknown } | undefined)?.fpCurve).data;

async function checkpointTime(folder: string): Promise<string | undefined> {
  const found = await stat(join(folder, 'checkpoint.safetensors')).catch(() => undefined);
  return found?.mtime.toISOString();
}
