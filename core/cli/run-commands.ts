/**
 * What the commands that work on runs share: reading a specification, making run folders, where results go.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { newRecord as beginning, runFolderName } from '../runs/new-run.ts';
import { generateResult } from '../runs/pipeline.ts';
import { RunFolder, type RunRecord } from '../runs/run-folder.ts';
import { checkResultName, type RunResult, writeResultFile } from '../runs/run-results.ts';
import type { MoleculeSpecification, Specification } from '../specification/settings.ts';
import { parseSpecification, withResolvedFiles } from '../specification/specification.ts';
import { errorCode, fileError } from '../storage/file-errors.ts';
import type { Continuation, TakeRows } from '../storage/row-sink.ts';
import type { CommandContext } from './context.ts';
import { version } from './version.ts';

interface OwnData {
  readonly structure?: string | undefined;
  readonly trajectory?: readonly string[] | undefined;
}

/**
 * A data file is looked for beside the specification, so that a run can be resumed from anywhere; one that the command
 * line names instead, where a person is.
 */
export async function readSpecification(path: string, own: OwnData = {}): Promise<Specification> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(error, path);
  });
  const specification = parseSpecification(text, path, ownSources(own));
  return withResolvedFiles(specification, (file) => resolve(dirname(path), file));
}

/** What the sources of a molecular specification are instead, where the command line names some. */
function ownSources({ structure, trajectory = [] }: OwnData): Partial<MoleculeSpecification> | undefined {
  if (structure !== undefined) {
    const trajectories = trajectory.map((file) => resolve(file));
    return { sources: [{ structure: resolve(structure), trajectories, use: 'train', weights: null }] };
  }
  if (trajectory.length === 0) return undefined;
  throw new ErgodicError('`--trajectory` needs `--structure FILE`, which says what its atoms are.', { usage: true });
}

export const isMissingFile = (error: unknown): error is ErgodicError =>
  error instanceof ErgodicError && errorCode(error.cause) === 'ENOENT';

/** Where a file is gone, the sentence also says what can be done without it. */
export async function orElse<R>(work: Promise<R>, advice: string): Promise<R> {
  return work.catch((error: unknown) => {
    if (!isMissingFile(error)) throw error;
    throw new ErgodicError(`${error.message} ${advice}`, { cause: error.cause });
  });
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

export const newRecord = (specification: Specification, command: string): RunRecord =>
  beginning(specification, command, version);

/** `runs/<time>-<name>`, where no folder is given. */
export const defaultFolder = (specification: Specification): string => join('runs', runFolderName(specification));

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

export interface ArrayResult<R> {
  readonly run: string;
  /** What the command line says, or undefined for the run's own file. */
  readonly out: string | undefined;
  readonly result: RunResult;
  /** The settings are those of the run. */
  readonly own: boolean;
  /** What the run's record keeps of the outcome. */
  readonly recorded?: (outcome: R) => Partial<RunRecord>;
}

/** Writes the array that `work` makes: to a file of its own, or into the run's folder as a result of the run. */
export async function writeResult<R>(
  { run, out, result, own, recorded }: ArrayResult<R>,
  { say }: Pick<CommandContext, 'say'>,
  work: (take: TakeRows, continuation?: Continuation) => Promise<R>,
): Promise<{ outcome: R; file: string }> {
  if (out === undefined) {
    if (!own) {
      throw new ErgodicError(
        `\`${result.file}\` of a run always uses the run's own settings: write the result of other settings to a file with \`--out FILE\`.`,
        { usage: true },
      );
    }
    await using folder = await RunFolder.open(run);
    const { outcome } = await generateResult(folder, await folder.readRecord(), result, work, recorded);
    return { outcome, file: join(run, result.file) };
  }
  await checkResultName(out, result.system);
  // Nobody else writes into the folder meanwhile.
  await using _ = resolve(dirname(out)) === resolve(run) ? await RunFolder.open(run) : undefined;
  const { outcome, lost } = await writeResultFile(out, result, work);
  if (lost > 0) say(`${lost} frames have non-finite coordinates and are not in \`${out}\`.`);
  return { outcome, file: out };
}
