/**
 * The samples of a toy system: generated from its closed-form potential, or read from a file.
 * Checked here, once: right dimension, enough samples, every number finite.
 */
import { readFile } from 'node:fs/promises';
import { ErgodicError } from '../../errors.ts';
import { decodeSamples } from '../../formats/samples.ts';
import type { ColumnName } from '../../models/columns.ts';
import { keyOf, philox4x32 } from '../../program/philox.ts';
import type { ToySpecification } from '../../specification/settings.ts';
import { fileError } from '../../storage/file-errors.ts';
import { trajectoryFrames } from '../../systems/toys/generate-trajectory.ts';
import type { ToySystem } from '../../systems/toys/toy-system.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import type { Task } from '../../task.ts';
import { pacedCalls } from '../paced-calls.ts';
import { allocated, type DataSet, type Measured } from './data-set.ts';

/** `task` follows a generation, which takes a while. */
export async function toyData(own: ToySpecification, task: Task): Promise<DataSet> {
  const { kind, data, samples, seed, dataTemperature, kept } = own;
  const system = toySystem(kind);
  if (data !== null) return readDataSet(data, system.dimension);
  return generated({ ...system, kT: dataTemperature * system.kT }, samples, seed, task, kept);
}

/** Whether the training data are not distributed as the system is. */
export const isBiased = ({ dataTemperature, kept, weights }: ToySpecification): boolean =>
  dataTemperature !== 1 || kept.some((fraction) => fraction < 1) || weights !== 'none';

/** Generated without bias and independent of the training data, to compare with where these are biased. */
export const trueData = ({ kind, seed }: ToySpecification, count: number, task: Task): Promise<DataSet> =>
  generated(toySystem(kind), count, seed + 500_000_003, task);

/** Generated without bias, but independent of the training data: for the noise floor. */
export const secondDataSet = ({ kind, seed }: ToySpecification, count: number, task: Task): Promise<DataSet> =>
  generated(toySystem(kind), count, seed + 1_000_000_007, task);

async function generated(
  system: ToySystem,
  count: number,
  seed: number,
  task: Task,
  kept: readonly number[] = [1],
): Promise<DataSet> {
  const { dimension } = system;
  const values = allocated(count * dimension, 'The training data', 'use fewer `system.samples`');
  const next = keptFrames(system, trajectoryFrames(system, { seed }), kept, seed);
  const report = (done: number) => task.report({ done, total: count, unit: 'samples' });
  report(0);
  await pacedCalls({ total: count }, task, async (from, some) => {
    for (let i = from; i < from + some; i++) values.set(next(), i * dimension);
    report(from + some);
  });
  return { dimension, count, values };
}

/** Frames next to a minimum of which only a fraction is kept are left out by chance; `kept` is above 0 for one at least. */
function keptFrames(system: ToySystem, next: () => Float64Array, kept: readonly number[], seed: number) {
  if (kept.every((fraction) => fraction === 1)) return next;
  const key = keyOf(seed);
  let looked = 0;
  return (): Float64Array => {
    for (;;) {
      const x = next();
      const fraction = kept[Math.min(nearestMinimum(system, x), kept.length - 1)]!;
      const chance = philox4x32([looked++, 0, 0, KEPT_STREAM], key)[0]! / 2 ** 32;
      if (chance < fraction) return x;
    }
  };
}

/** Apart from the streams of training and of shuffling. */
const KEPT_STREAM = 0xfffd0000;

function nearestMinimum({ startPoints }: ToySystem, x: ArrayLike<number>): number {
  const squares = startPoints.map((point) => point.reduce((sum, value, axis) => sum + (value - x[axis]!) ** 2, 0));
  return squares.indexOf(Math.min(...squares));
}

/** Exact forces and energies of a toy at its samples, wherever these come from: those of `columns` that are wanted. */
export function closedForm(
  { kind }: ToySpecification,
  { dimension, count, values }: DataSet,
  columns: readonly ColumnName[],
): Pick<Measured, 'forces' | 'energies'> {
  const system = toySystem(kind);
  const remedy = 'use fewer samples';
  const forces = columns.includes('forces') ? allocated(count * dimension, 'The forces', remedy) : undefined;
  const energies = columns.includes('energies') ? allocated(count, 'The energies', remedy) : undefined;
  const force = new Float64Array(dimension);
  for (let i = 0; (forces || energies) && i < count; i++) {
    const x = values.subarray(i * dimension, (i + 1) * dimension);
    if (energies) energies[i] = system.energy(x);
    if (!forces) continue;
    system.force(x, force);
    forces.set(force, i * dimension);
  }
  return { forces, energies };
}

export async function readDataSet(path: string, dimension: number): Promise<DataSet> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  const { shape, data } = decodeSamples(path, bytes);
  if (shape.at(-1) !== dimension) {
    throw new ErgodicError(
      `\`${path}\` holds points of ${shape.at(-1)} coordinates, but the system has ${dimension}: ` +
        'choose the file or the `system.kind` that belongs to it.',
    );
  }
  const count = data.length / dimension;
  if (count < 2) throw new ErgodicError(`\`${path}\` holds ${count} samples, and at least 2 are needed.`);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ErgodicError(
      `\`${path}\`: sample ${Math.floor(bad / dimension) + 1}, coordinate ${(bad % dimension) + 1} is ${data[bad]}, ` +
        'not a finite number: remove or repair that sample.',
    );
  }
  return { dimension, count, values: data };
}
