/**
 * The samples of a toy system: generated from its closed-form potential, or read from a file.
 * Checked here, once: right dimension, enough samples, every number finite.
 */
import { readFile } from 'node:fs/promises';
import { ErgodicError } from '../../errors.ts';
import { decodeSamples } from '../../formats/samples.ts';
import type { ColumnName } from '../../models/columns.ts';
import type { ToySpecification } from '../../specification/settings.ts';
import { fileError } from '../../storage/file-errors.ts';
import { trajectoryFrames } from '../../systems/toys/generate-trajectory.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import type { Task } from '../../task.ts';
import { pacedCalls } from '../paced-calls.ts';
import { allocated, type DataSet, type Measured } from './data-set.ts';

/** `task` follows a generation, which takes a while. */
export async function toyData(system: ToySpecification, task: Task): Promise<DataSet> {
  if (system.data === null) return generated(system, system.samples, system.seed, task);
  return readDataSet(system.data, toySystem(system.kind).dimension);
}

/** Generated like the training data, but independent of it: for the noise floor. */
export const secondDataSet = (system: ToySpecification, count: number, task: Task): Promise<DataSet> =>
  generated(system, count, system.seed + 1_000_000_007, task);

async function generated({ kind }: ToySpecification, count: number, seed: number, task: Task): Promise<DataSet> {
  const system = toySystem(kind);
  const { dimension } = system;
  const values = allocated(count * dimension, 'The training data', 'use fewer `system.samples`');
  const next = trajectoryFrames(system, { seed });
  const report = (done: number) => task.report({ done, total: count, unit: 'samples' });
  report(0);
  await pacedCalls({ total: count }, task, async (from, some) => {
    for (let i = from; i < from + some; i++) values.set(next(), i * dimension);
    report(from + some);
  });
  return { dimension, count, values };
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
