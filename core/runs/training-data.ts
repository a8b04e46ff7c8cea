/**
 * The samples a run learns from: generated from the system's closed-form potential, or read from a file.
 * Checked here, once: right dimension, enough samples, every number finite.
 */
import { readFile } from 'node:fs/promises';
import { ErgodicError } from '../errors.ts';
import { decodeSamples } from '../formats/samples.ts';
import { generateTrajectory } from '../systems/generate-trajectory.ts';
import { toySystem } from '../systems/toy-systems.ts';
import { fileError } from './file-errors.ts';
import type { Specification } from './parameters.ts';

export interface DataSet {
  readonly dimension: number;
  readonly count: number;
  /** Sample after sample. */
  readonly values: Float32Array;
}

export async function trainingData({ system }: Specification): Promise<DataSet> {
  const { dimension } = toySystem(system.kind);
  return system.data === null ? generated(system, system.seed) : readDataSet(system.data, dimension);
}

/** Generated like the training data, but independent of it: what two perfect data sets differ by. */
export const secondDataSet = ({ system }: Specification, count: number): DataSet =>
  generated({ ...system, samples: count }, system.seed + 1_000_000_007);

function generated({ kind, samples }: Specification['system'], seed: number): DataSet {
  const { positions, dimension } = generateTrajectory(toySystem(kind), { seed, samples });
  return { dimension, count: samples, values: Float32Array.from(positions) };
}

export async function readDataSet(path: string, dimension: number): Promise<DataSet> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  const { shape, data } = decodeSamples(path, bytes);
  if (shape.at(-1) !== dimension) {
    throw new ErgodicError(`\`${path}\` holds points of ${shape.at(-1)} coordinates, but the system has ${dimension}.`);
  }
  const count = data.length / dimension;
  if (count < 2) throw new ErgodicError(`\`${path}\` holds ${count} samples; training needs at least 2.`);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ErgodicError(
      `\`${path}\`: sample ${Math.floor(bad / dimension) + 1}, coordinate ${(bad % dimension) + 1} is ${data[bad]}, ` +
        'not a finite number: remove or repair that sample.',
    );
  }
  return { dimension, count, values: data };
}
