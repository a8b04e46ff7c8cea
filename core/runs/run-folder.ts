/**
 * A run on disk: run.json, log.jsonl, model.safetensors, checkpoint.safetensors (each with the version before it),
 * metrics.json, figures/, samples and trajectories.
 * `RunFolder` is the one writer and holds the folder's lock; the `read…` functions need no lock.
 * Files are written completely or not at all. Not here: what the numbers mean, or how a run proceeds.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { ErgodicError } from '../errors.ts';
import type { Safetensors } from '../formats/safetensors.ts';
import type { Specification } from '../specification/settings.ts';
import { validateSpecification, withResolvedFiles } from '../specification/specification.ts';
import { removeLeftovers, writeAtomically } from '../storage/atomic-write.ts';
import { errorCode, fileError } from '../storage/file-errors.ts';
import { type FolderLock, lockFolder } from '../storage/folder-lock.ts';
import { makeFolder } from '../storage/make-folder.ts';
import { type LogRecord, RunLog, readLog } from '../storage/run-log.ts';
import { readTensorFile, type StoredTensors, writeTensorFile } from '../storage/tensor-file.ts';
import { type RecordedChoice, recordedChoiceSchema } from './auto/recorded-choice.ts';
import { type MoleculeRecord, moleculeRecordSchema } from './data/molecule-record.ts';
import { type FittedWeight, fittedWeightSchema } from './data/weighted-data.ts';

/** run.json: everything needed to repeat the run, and how far it came. */
export interface RunRecord {
  readonly format: 'ergodic-run-1';
  readonly specification: Specification;
  /** The command that `ergodic resume` continues. */
  readonly command: string;
  readonly finished: boolean;
  /** ISO 8601. */
  readonly created: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Name and device of the engine, once known. */
  readonly engine?: string;
  /** Wall time of training, sampling and simulation, in seconds. */
  readonly seconds: Readonly<Record<string, number>>;
  /** SHA-256 of the configurations, where they come from files. */
  readonly dataFingerprint?: string;
  /** What was found in the files of a molecular run. */
  readonly molecule?: MoleculeRecord;
  /** Of each molecule, or of the toy, where the weights of its frames were fitted. */
  readonly fittedWeights?: readonly (FittedWeight | null)[];
  /** The run whose model this one starts from. */
  readonly startedFrom?: string;
  /** Fraction of the torsion moves of the simulation that were accepted. */
  readonly torsionAcceptance?: number | undefined;
  /** What the automatic method chose, and how its rounds went. */
  readonly choice?: RecordedChoice;
}

const recordSchema = z.looseObject({
  format: z.literal('ergodic-run-1'),
  specification: z.unknown(),
  command: z.string(),
  finished: z.boolean(),
  created: z.string(),
  versions: z.record(z.string(), z.string()),
  engine: z.string().optional(),
  seconds: z.record(z.string(), z.number()),
  dataFingerprint: z.string().optional(),
  molecule: moleculeRecordSchema.optional(),
  fittedWeights: z.array(fittedWeightSchema.nullable()).optional(),
  startedFrom: z.string().optional(),
  torsionAcceptance: z.number().optional(),
  choice: recordedChoiceSchema.optional(),
});

export interface FolderOptions {
  /** A folder that is moved as a whole, the run with its data: files in it are recorded relative to the run. */
  readonly within?: string | undefined;
}

const RECORD = 'run.json';
const LOG = 'log.jsonl';
const MODEL = 'model.safetensors';
const CHECKPOINT = 'checkpoint.safetensors';
const METRICS = 'metrics.json';
const FIGURES = 'figures';

export class RunFolder implements AsyncDisposable {
  readonly path: string;
  readonly log: RunLog;
  readonly #lock: FolderLock;
  readonly #within: string | undefined;

  private constructor(path: string, lock: FolderLock, log: RunLog, within: string | undefined) {
    this.path = path;
    this.log = log;
    this.#lock = lock;
    this.#within = within;
  }

  /** A new run in a folder that is missing or empty. */
  static create(path: string, record: RunRecord, { within }: FolderOptions = {}): Promise<RunFolder> {
    return locked(path, async (lock) => {
      const names = (await readdir(path)).filter((name) => !name.startsWith('.'));
      if (names.includes(RECORD)) {
        throw new ErgodicError(
          `\`${path}\` already holds a run: continue it with \`ergodic resume ${path}\` or choose another folder.`,
        );
      }
      if (names.length > 0) {
        throw new ErgodicError(`\`${path}\` is neither empty nor a run: choose a new or an empty folder.`);
      }
      await removeLeftovers(path);
      await writeAtomically(join(path, RECORD), recordText(record, path, within));
      return new RunFolder(path, lock, await RunLog.open(join(path, LOG)), within);
    });
  }

  /** An existing run, to go on writing to it. */
  static async open(path: string, { within }: FolderOptions = {}): Promise<RunFolder> {
    await readRunRecord(path);
    return locked(path, async (lock) => {
      await removeLeftovers(path);
      return new RunFolder(path, lock, await RunLog.open(join(path, LOG)), within);
    });
  }

  writeRecord(record: RunRecord): Promise<void> {
    return this.write(RECORD, recordText(record, this.path, this.#within));
  }

  readRecord(): Promise<RunRecord> {
    return readRunRecord(this.path);
  }

  writeModel(model: Safetensors): Promise<void> {
    return writeTensorFile(join(this.path, MODEL), model);
  }

  /** The log is flushed first: a checkpoint never knows of steps that the log has lost. */
  async writeCheckpoint(checkpoint: Safetensors): Promise<void> {
    await this.log.sync();
    await writeTensorFile(join(this.path, CHECKPOINT), checkpoint);
  }

  /** Undefined before the first checkpoint. Show its `notice`, if there is one. */
  readCheckpoint(): Promise<StoredTensors | undefined> {
    return readRunCheckpoint(this.path);
  }

  /** Any other file of the run, `metrics.json` or `figures/free-energy.svg`, say. */
  async write(name: string, content: Uint8Array | string): Promise<void> {
    const path = join(this.path, name);
    await makeFolder(dirname(path));
    await writeAtomically(path, content);
  }

  writeMetrics(metrics: unknown): Promise<void> {
    return this.write(METRICS, `${JSON.stringify(metrics, null, 2)}\n`);
  }

  async removeMetrics(): Promise<void> {
    const path = join(this.path, METRICS);
    await rm(path, { force: true }).catch((error: unknown) => {
      throw fileError(error, path);
    });
  }

  writeFigure(name: string, content: Uint8Array | string): Promise<void> {
    return this.write(join(FIGURES, name), content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.log.close();
    } finally {
      this.#lock.release();
    }
  }
}

export async function readRunRecord(path: string): Promise<RunRecord> {
  const file = join(path, RECORD);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw fileError(error, file);
    throw new ErgodicError(`\`${path}\` is not a run (it has no \`${RECORD}\`): check the folder's name.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ErgodicError(`\`${file}\` is damaged (not JSON): restore it from a copy, or start a new run.`);
  }
  const result = recordSchema.safeParse(value);
  if (!result.success) {
    const key = result.error.issues[0]!.path.join('.');
    throw new ErgodicError(
      `\`${file}\` is not a run record that this version can read: \`${key}\` is wrong or missing.`,
    );
  }
  // Written with whole paths; a run that is handed on with its data names them from its own folder.
  const specification = withResolvedFiles(validateSpecification(result.data.specification, file, 'recorded'), (name) =>
    resolve(path, name),
  );
  if (specification.system.kind === 'molecule' && !result.data.molecule) {
    throw new ErgodicError(`\`${file}\` lacks its molecule (\`molecule\`): restore it from a copy.`);
  }
  return { ...result.data, specification } as RunRecord;
}

/** The complete lines of a run's log. */
export const readRunLog = async (path: string): Promise<LogRecord[]> => (await readLog(join(path, LOG))).records;

/** What the last evaluation stored; undefined where there was none, or nothing that can be read. */
export async function readRunMetrics(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(path, METRICS), 'utf8'));
  } catch {
    return undefined;
  }
}

/** The checkpoint of another run, undefined where there is none. */
export const readRunCheckpoint = (path: string): Promise<StoredTensors | undefined> =>
  readTensorFile(join(path, CHECKPOINT));

/** The trained model of a run, from any process. */
export async function readRunModel(path: string): Promise<StoredTensors> {
  await readRunRecord(path);
  const model = await readTensorFile(join(path, MODEL));
  if (model) return model;
  throw new ErgodicError(`\`${path}\` has no trained model yet: continue it with \`ergodic resume ${path}\`.`);
}

async function locked(path: string, use: (lock: FolderLock) => Promise<RunFolder>): Promise<RunFolder> {
  await makeFolder(path);
  const lock = await lockFolder(path);
  try {
    return await use(lock);
  } catch (error) {
    lock.release();
    throw fileError(error, path);
  }
}

function recordText(record: RunRecord, path: string, within: string | undefined): string {
  const specification =
    within === undefined
      ? record.specification
      : withResolvedFiles(record.specification, (file) => portableName(file, resolve(path), resolve(within)));
  return `${JSON.stringify({ ...record, specification }, null, 2)}\n`;
}

/** With slashes, on every system. */
const portableName = (file: string, path: string, within: string): string =>
  file.startsWith(within + sep) ? relative(path, file).split(sep).join('/') : file;
