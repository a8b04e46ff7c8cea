/** The figures of a run as SVG, each with the numbers behind it as CSV. */
import { join } from 'node:path';
import { ErgodicError } from '../../errors.ts';
import { writeAtomically } from '../../storage/atomic-write.ts';
import type { Exporting } from './exporting.ts';
import { freeStem } from './free-names.ts';
import { picturesOf } from './run-pictures.ts';

export async function exportFigures(exporting: Exporting): Promise<void> {
  const { into, follower } = exporting;
  const task = follower.task('exporting figures');
  const figures = await picturesOf(exporting);
  if (figures.size === 0) throw new ErgodicError('This run has no figures yet: train it first.');
  const namesFor = (stem: string) =>
    [...figures.keys()].flatMap((name) => [`${stem}-${name}.svg`, `${stem}-${name}.csv`]);
  const stem = await freeStem(into, exporting.stem, namesFor);
  let done = 0;
  for (const [name, { svg, csv }] of figures) {
    task.signal.throwIfAborted();
    task.report({ done, total: figures.size, unit: 'figures' });
    for (const [ending, content] of [['svg', svg] as const, ['csv', csv] as const]) {
      const path = join(into, `${stem}-${name}.${ending}`);
      await writeAtomically(path, content);
      exporting.wrote(path);
    }
    done++;
  }
  task.report({ done, total: figures.size, unit: 'figures' });
}
