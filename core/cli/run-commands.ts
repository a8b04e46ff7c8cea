/**
 * What the commands that work on runs share: reading a specification, making run folders, where results go.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { formatOf } from '../formats/samples.ts';
import { ArrayFile, type TakeRows } from '../runs/array-file.ts';
import { fileError } from '../runs/file-errors.ts';
import type { Specification } from '../runs/parameters.ts';
import { makePart, type Part } from '../runs/pipeline.ts';
import { RunFolder, type RunRecord } from '../runs/run-folder.ts';
import { parseSpecification } from '../runs/specification.ts';
import type { CommandContext } from './context.ts';
import { version } from './version.ts';

/** A data file is looked for beside the specification, so that a run can be resumed from anywhere. */
export async function readSpecification(path: string): Promise<Specification> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(error, path);
  });
  const specification = parseSpecification(text, path);
  const { system } = specification;
  if (system.data === null) return specification;
  return { ...specification, system: { ...system, data: resolve(dirname(path), system.data) } };
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

/** Work on a run's folder; when it is stopped from outside, the sentence says how it goes on. */
export async function resumable<R>(path: string, { signal }: CommandContext, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    const sentence = `Stopped before the end, as asked: go on with \`ergodic resume ${path}\`.`;
    throw new ErgodicError(sentence, { cause: error });
  }
}

export interface ArrayResult {
  readonly run: string;
  /** What the command line says, or undefined for the run's own file. */
  readonly out: string | undefined;
  readonly part: Part;
  /** The settings are those of the run. */
  readonly own: boolean;
}

/** Writes the array that `work` makes: to a file of its own, or into the run's folder, where it is one of the run's parts. */
export async function writeResult<R>(
  { run, out, part, own }: ArrayResult,
  work: (take: TakeRows) => Promise<R>,
): Promise<{ result: R; file: string }> {
  if (out === undefined && !own) {
    throw new ErgodicError(
      `\`${part.file}\` of a run is always made with the run's own settings: say with \`--out FILE\` where the result of other ones goes.`,
      { usage: true },
    );
  }
  if (out !== undefined) formatOf(out);
  if (out !== undefined && resolve(dirname(out)) !== resolve(run)) {
    return { result: await writeArray(out, part.shape, work), file: out };
  }
  // Nobody else writes into the folder meanwhile.
  await using folder = await RunFolder.open(run);
  if (out !== undefined) return { result: await writeArray(out, part.shape, work), file: out };
  const { result } = await makePart(folder, await folder.readRecord(), part, work);
  return { result, file: join(run, part.file) };
}

async function writeArray<R>(file: string, shape: readonly number[], work: (take: TakeRows) => Promise<R>): Promise<R> {
  await using array = await ArrayFile.create(file, shape);
  const result = await work((rows) => array.append(rows));
  await array.finish();
  return result;
}
