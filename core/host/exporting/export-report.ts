/** A run as one page that can be handed on: what was done, how good it is, what it looks like. */
import { join } from 'node:path';
import { writeAtomically } from '../../storage/atomic-write.ts';
import { effectiveSampleSizeIn } from '../reading/results/run-results.ts';
import { metricsIn } from '../run-summaries.ts';
import type { Exporting } from './exporting.ts';
import { freeStem } from './free-names.ts';
import { reportPage } from './report-page.ts';
import { isEvaluated, picturesOf } from './run-pictures.ts';

export async function exportReport(exporting: Exporting): Promise<void> {
  const { run, into, follower } = exporting;
  const task = follower.task('writing the report');
  task.report({ done: 0, total: 1, unit: 'pages' });
  const figures = await picturesOf(exporting);
  const evaluated = await isEvaluated(run);
  const metrics = evaluated ? await metricsIn(run.folder) : undefined;
  const draws = evaluated ? await effectiveSampleSizeIn(run.folder) : undefined;
  const stem = await freeStem(into, `${exporting.stem}-report`, (one) => [`${one}.html`]);
  const path = join(into, `${stem}.html`);
  await writeAtomically(path, reportPage({ record: run.record, metrics, draws, figures }));
  exporting.wrote(path);
  task.report({ done: 1, total: 1, unit: 'pages' });
}
