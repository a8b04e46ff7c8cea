/**
 * The figures of a run: those of its last evaluation where they show what is there now, else drawn again from what is
 * stored. Nothing is trained, sampled or measured for them, and nothing is written.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from '../../analysis/figures/svg.ts';
import { ErgodicError } from '../../errors.ts';
import { evaluate } from '../../runs/evaluation/evaluate.ts';
import { runFigures } from '../../runs/evaluation/run-figures.ts';
import { readRunLog } from '../../runs/run-folder.ts';
import { readResult, resultFiles, samplesResult, simulationResult } from '../../runs/run-results.ts';
import { trainingLines, validationLines } from '../../runs/training/training-log.ts';
import { errorCode, fileError } from '../../storage/file-errors.ts';
import type { OpenRun } from '../reading/results/open-run.ts';
import { residualIn } from '../reading/results/run-results.ts';
import { loadedData } from '../reading/results/run-sets.ts';
import type { Exporting } from './exporting.ts';

/** By name, in the order in which they are shown. */
export async function picturesOf(exporting: Exporting): Promise<Map<string, Figure>> {
  const { run } = exporting;
  const found = (await isEvaluated(run)) ? await storedFigures(run.folder) : undefined;
  const figures = found ?? (await drawnFigures(exporting));
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return new Map([...figures].sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1)));
}

const ORDER = ['free-energy', 'profiles', 'bonds', 'contacts', 'trajectory', 'residual', 'training'];

/** Whether nothing has been made since the last evaluation. */
export async function isEvaluated({ folder, record, system }: OpenRun): Promise<boolean> {
  const { specification } = record;
  const made = [
    'model.safetensors',
    ...resultFiles(samplesResult(specification, system)),
    ...resultFiles(simulationResult(specification, system)),
  ];
  const evaluated = await timeOf(join(folder, 'metrics.json'));
  if (evaluated === undefined) return false;
  const times = await Promise.all(made.map((file) => timeOf(join(folder, file))));
  return times.every((time) => time === undefined || time <= evaluated + SAME);
}

/** Milliseconds: copies of a folder are not made in the order in which its files were. */
const SAME = 2_000;

const timeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw fileError(error, path);
    },
  );

/** Undefined where there are none. */
async function storedFigures(folder: string): Promise<Map<string, Figure> | undefined> {
  const figures = join(folder, 'figures');
  const names = await readdir(figures).catch(() => [] as string[]);
  const found = new Map<string, Figure>();
  for (const name of names) {
    const stem = /^([\w-]+)\.svg$/.exec(name)?.[1];
    if (stem === undefined || !names.includes(`${stem}.csv`)) continue;
    const [svg, csv] = await Promise.all([`${stem}.svg`, `${stem}.csv`].map((file) => textOf(join(figures, file))));
    found.set(stem, { svg: svg!, csv: csv! });
  }
  return found.size > 0 ? found : undefined;
}

const textOf = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(error, path);
  });

async function drawnFigures(exporting: Exporting): Promise<ReadonlyMap<string, Figure>> {
  const { run, follower } = exporting;
  const { folder, record, system } = run;
  const { specification } = record;
  const log = await readRunLog(folder);
  const drawn = {
    specification,
    system,
    residual: (await isEvaluated(run)) ? await residualIn(folder) : undefined,
    training: trainingLines(log),
    validation: validationLines(log),
  };
  const samples = await readResult(folder, samplesResult(specification, system));
  const simulation = await readResult(folder, simulationResult(specification, system));
  try {
    const { data: reference } = await loadedData(run, exporting);
    return evaluate({ ...drawn, reference, second: undefined, samples, simulation }).figures;
  } catch (error) {
    if (!(error instanceof ErgodicError)) throw error;
    // Without a reference there is nothing to compare with, and training can be shown all the same.
    follower.say(error.message);
    return runFigures({ ...drawn, sets: [], simulation: undefined });
  }
}
