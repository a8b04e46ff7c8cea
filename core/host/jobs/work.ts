/**
 * What a job does, in its thread: the same as the command of its name, in a folder of the project. What a folder holds
 * already is not done again, so that a job that was paused goes on by being done once more.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reloadData } from '../../runs/data/load-data.ts';
import { evaluateRun } from '../../runs/evaluation/evaluate-run.ts';
import type { Follower } from '../../runs/follower.ts';
import { newRecord } from '../../runs/new-run.ts';
import { completeRun, completeTraining, openTrained, prepared } from '../../runs/pipeline.ts';
import { regenerateResult } from '../../runs/regenerate.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import type { Specification } from '../../specification/settings.ts';
import { validateSpecification } from '../../specification/specification.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import { exportRun } from '../exporting/export-run.ts';
import type { JobStart, Order } from './messages.ts';

/** Returns the files that were made for a person to take away. `stored`: called when a run's folder has appeared. */
export async function work(start: JobStart, follower: Follower, stored: () => void): Promise<readonly string[]> {
  const { order, folder: path, project, engine } = start;
  const within = { within: project };
  switch (order.kind) {
    case 'run':
    case 'train':
      await wholeRun(start, order, follower, stored);
      return [];
    case 'sample':
    case 'simulate': {
      await using folder = await RunFolder.open(path, within);
      await regenerateResult(folder, order.kind, order.settings, follower, engine);
      return [];
    }
    case 'evaluate': {
      await using folder = await RunFolder.open(path, within);
      const trained = await openTrained(path, follower);
      const data = await reloadData(trained.record, follower);
      await evaluateRun(folder, { ...trained, ...on(engine, trained) }, { data }, follower);
      return [];
    }
    case 'export':
      await makeFolder(order.into);
      return exportRun(order.what, { folder: path }, order.into, follower);
  }
}

async function wholeRun(
  { folder: path, project, version, engine }: JobStart,
  { kind, specification: given }: Extract<Order, { kind: 'run' | 'train' }>,
  follower: Follower,
  stored: () => void,
): Promise<void> {
  const within = { within: project };
  const isNew = given !== undefined && !existsSync(join(path, 'run.json'));
  const asked = isNew ? validateSpecification(given, given.name) : undefined;
  const begun = asked && (await prepared(on(engine, { specification: asked }).specification, follower));
  const data = begun?.data;
  // The engine of this job alone is not the run's.
  const kept = begun && { ...begun.specification, engine: asked.engine };
  await using folder = kept
    ? await RunFolder.create(path, { ...newRecord(kept, kind, version), ...begun.facts }, within)
    : await RunFolder.open(path, within);
  stored();
  const own = await folder.readRecord();
  const record = { ...own, ...on(engine, own) };
  if (record.command === 'run') await completeRun(folder, record, follower, data);
  else await completeTraining(folder, record, follower, data);
}

/** Computed on another engine than the run's own, if one is named. */
const on = (engine: JobStart['engine'], { specification }: { readonly specification: Specification }) => ({
  specification: engine ? { ...specification, engine } : specification,
});
