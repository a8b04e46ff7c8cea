/**
 * `npx node build/training-cost.ts FIGURE.svg TITLE KIND=RUN[:SECONDS],RUN… KIND=…`: the picture of free-energy errors
 * against seconds of training, from run folders with `metrics.json`. All of them must have been compared with the same
 * reference. Without SECONDS the wall time in `run.json` counts, which other work on the machine lengthens.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TrainedRun, trainingCost } from '../core/analysis/figures/training-cost.ts';

const [figure, title, ...kinds] = process.argv.slice(2);
if (!figure || !title || kinds.length === 0) {
  console.error('Usage: npx node build/training-cost.ts FIGURE.svg TITLE KIND=RUN[:SECONDS],RUN… KIND=…');
  process.exit(2);
}

const read = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** Errors at equal count, and their floors. */
function measured(kind: string, folder: string, seconds: number) {
  const { iid, sim } = read(folder, 'metrics.json').quality;
  const of = (row: typeof iid, side: 'value' | 'floor'): number | undefined => row?.equalCount.pmf[side].mean;
  const run: TrainedRun = { kind, seconds, samples: of(iid, 'value'), simulation: of(sim, 'value') };
  return { run, floor: { samples: of(iid, 'floor'), simulation: of(sim, 'floor') } };
}

const found = kinds.flatMap((given) => {
  const [kind = '', runs = ''] = given.split('=');
  return runs.split(',').map((one) => {
    const [folder = '', seconds] = one.split(':');
    return measured(kind, folder, seconds === undefined ? read(folder, 'run.json').seconds.train : Number(seconds));
  });
});
const floors = (result: 'samples' | 'simulation') => [
  ...new Set(found.flatMap(({ floor }) => (floor[result] === undefined ? [] : [floor[result].toPrecision(6)]))),
];
const [samples, simulation] = [floors('samples'), floors('simulation')];
if (samples.length > 1 || simulation.length > 1) {
  console.error(
    `These runs have different noise floors: ${[...samples, ...simulation].join(', ')}. Evaluate them alike.`,
  );
  process.exit(1);
}
const floor = { samples: Number(samples[0]), simulation: Number(simulation[0]) };
writeFileSync(figure, trainingCost({ title, runs: found.map(({ run }) => run), floor }).svg);
