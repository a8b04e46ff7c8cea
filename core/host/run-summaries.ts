/**
 * The runs of a project as a list shows them: what each folder holds, and what was interrupted there. Reads small files
 * only, and no folder's trouble hides the others. Not here: settings, curves, conformations.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { methodOf } from '../methods/methods.ts';
import { systemOf } from '../runs/data/run-system.ts';
import { type RunRecord, readRunMetrics, readRunRecord } from '../runs/run-folder.ts';
import { resultFiles, samplesResult, simulationResult } from '../runs/run-results.ts';
import { errorCode, fileError } from '../storage/file-errors.ts';
import { type JobKind, type Metrics, metricsSchema, type RunSummary, runId } from './contract.ts';
import { automaticSeconds } from './train-again.ts';

/** The newest first. */
export async function summariesIn(runsFolder: string): Promise<RunSummary[]> {
  const names = await readdir(runsFolder, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileError(error, runsFolder);
  });
  const folders = names.filter((entry) => !entry.isFile() && runId.safeParse(entry.name).success);
  const found = await Promise.all(folders.map(({ name }) => summaryOf(join(runsFolder, name), name)));
  return found.sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : a.id < b.id ? 1 : -1));
}

export async function summaryOf(folder: string, id: string): Promise<RunSummary> {
  try {
    const [record, names] = await Promise.all([readRunRecord(folder), readdir(folder)]);
    const metrics = await metricsIn(folder);
    const has = { ...partsAmong(record, new Set(names)), metrics: metrics !== undefined };
    const interrupted = interruptedAmong(record, new Set(names));
    const seconds = automaticSeconds(record);
    return {
      id,
      name: record.specification.name,
      created: record.created,
      finished: record.finished,
      method: record.specification.method,
      can: capabilitiesOf(record),
      has,
      ...(interrupted ? { interrupted } : {}),
      ...(metrics ? { metrics } : {}),
      ...(seconds === undefined ? {} : { automaticSeconds: seconds }),
    };
  } catch (error) {
    if (!(error instanceof ErgodicError) && errorCode(error) === undefined) throw error;
    const none = { model: false, samples: false, simulation: false, metrics: false };
    return {
      id,
      name: id,
      created: '',
      finished: false,
      can: { simulate: false, residual: false },
      has: none,
      problem: fileError(error, folder).message,
    };
  }
}

const capabilitiesOf = ({ specification }: RunRecord): RunSummary['can'] =>
  methodOf(specification).capabilities(specification);

function partsAmong(record: RunRecord, names: ReadonlySet<string>) {
  const system = systemOf(record);
  const isThere = (files: readonly string[]) => files.every((file) => names.has(file));
  return {
    model: names.has('model.safetensors') || names.has('model.prev.safetensors'),
    samples: isThere(resultFiles(samplesResult(record.specification, system))),
    simulation: isThere(resultFiles(simulationResult(record.specification, system))),
  };
}

function interruptedAmong(record: RunRecord, names: ReadonlySet<string>): JobKind | undefined {
  if (!record.finished) return record.command === 'run' ? 'run' : 'train';
  const system = systemOf(record);
  const isBegun = (file: string) => names.has(`${file}.partial.safetensors`);
  if (isBegun(samplesResult(record.specification, system).file)) return 'sample';
  if (isBegun(simulationResult(record.specification, system).file)) return 'simulate';
  return undefined;
}

/** Undefined where there are none, or none that can be read. */
export async function metricsIn(folder: string): Promise<Metrics | undefined> {
  const stored = await readRunMetrics(folder);
  if (typeof stored !== 'object' || stored === null) return undefined;
  // What could not be compared is null there.
  const rows = Object.entries(stored).filter(([, value]) => value !== null);
  return metricsSchema.safeParse(Object.fromEntries(rows)).data;
}
