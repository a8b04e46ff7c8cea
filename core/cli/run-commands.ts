/**
 * What the commands that work on runs share: reading a specification, making and opening run folders, where results go.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NumberArray } from '../formats/npy.ts';
import { encodeSamples, formatOf } from '../formats/samples.ts';
import { writeAtomically } from '../runs/atomic-write.ts';
import { fileError } from '../runs/file-errors.ts';
import type { Specification } from '../runs/parameters.ts';
import type { RunRecord } from '../runs/run-folder.ts';
import { parseSpecification } from '../runs/specification.ts';
import { version } from './version.ts';

export async function readSpecification(path: string): Promise<Specification> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(error, path);
  });
  return parseSpecification(text, path);
}

interface Overrides {
  readonly engine?: Specification['engine'] | undefined;
  readonly threads?: number | undefined;
  readonly seed?: number | undefined;
}

/** The specification with what the command line says instead. */
export const overridden = (specification: Specification, { engine, threads, seed }: Overrides): Specification => ({
  ...specification,
  engine: engine ?? specification.engine,
  threads: threads ?? specification.threads,
  seed: seed ?? specification.seed,
});

export const newRecord = (specification: Specification, command: string): RunRecord => ({
  format: 'ergodic-run-1',
  specification,
  command,
  finished: false,
  created: new Date().toISOString(),
  versions: { ergodic: version, node: process.versions.node },
  seconds: {},
});

/** `runs/<time>-<name>`, where no folder is given. */
export function defaultFolder({ name }: Specification): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return join('runs', `${time}-${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}`);
}

/** Checks a result file's name before the work whose result it takes; returns its writer. */
export function resultFile(path: string): (result: NumberArray) => Promise<void> {
  formatOf(path);
  return (result) => writeAtomically(path, encodeSamples(path, result));
}
