/**
 * Something of a run as files of its own, in a folder that is there. What there is stays: names are free ones. All of
 * them are there in the end, or none.
 */
import { rm } from 'node:fs/promises';
import type { Follower } from '../../runs/follower.ts';
import { ReaderCaches } from '../reading/reader-caches.ts';
import type { CheckedExport } from './checked-export.ts';
import { exportFigures } from './export-figures.ts';
import { exportRecord } from './export-record.ts';
import { exportReport } from './export-report.ts';
import { exportStructures } from './export-structures.ts';
import { exportTrajectory } from './export-trajectory.ts';
import type { Exporting } from './exporting.ts';
import { fileStem } from './free-names.ts';

export interface ExportedFrom {
  /** Of the run. */
  readonly folder: string;
}

/** Returns the paths of the files that were written. */
export async function exportRun(
  what: CheckedExport,
  { folder }: ExportedFrom,
  into: string,
  follower: Follower,
): Promise<string[]> {
  await using caches = new ReaderCaches();
  const run = await caches.runs.open(folder);
  const stem = fileStem(run.record.specification.name);
  const written: string[] = [];
  try {
    await exported(what, { run, into, follower, caches, stem, wrote: (path) => written.push(path) });
  } catch (error) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    throw error;
  }
  return written;
}

function exported(what: CheckedExport, exporting: Exporting): Promise<void> {
  switch (what.what) {
    case 'trajectory':
      return exportTrajectory(what, exporting);
    case 'structures':
      return exportStructures(what, exporting);
    case 'figures':
      return exportFigures(exporting);
    case 'report':
      return exportReport(exporting);
    case 'record':
      return exportRecord(exporting);
  }
}
