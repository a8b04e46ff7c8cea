/**
 * The samples and the simulation of a run, read from its folder as far as they are wanted: trajectories of a molecule,
 * arrays of a toy. A file that is damaged gives its complete frames, and what is wrong with it is said.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ErgodicError } from '../../../errors.ts';
import { openArray, type StoredArray } from '../../../formats/npz/number-array.ts';
import type { TrajectoryReader } from '../../../formats/trajectory.ts';
import { type RunResult, resultFiles } from '../../../runs/run-results.ts';
import { errorCode, fileError } from '../../../storage/file-errors.ts';
import { FileSource } from '../../../storage/file-source.ts';
import { conformationsOf } from '../../../storage/molecule-files.ts';
import type { Task } from '../../../task.ts';
import type { SetName } from '../../contract.ts';
import { type OpenFiles, stampedKey } from '../files/open-files.ts';
import { RecentlyUsed } from '../recently-used.ts';
import type { ConformationSet, Place, Rows } from './conformation-set.ts';

/** Numbers that are read at once, about. */
const AT_ONCE = 2 ** 20;

/** A few runs beside one another. */
const MOST_SETS = 16;

export class StoredSets {
  readonly #files: OpenFiles;
  readonly #recent = new RecentlyUsed<ConformationSet>(MOST_SETS);

  constructor(files: OpenFiles) {
    this.#files = files;
  }

  /** Undefined where it is not made yet: it is there when the last of its files has its name. */
  async of(name: SetName, folder: string, result: RunResult, task: Task): Promise<ConformationSet | undefined> {
    const paths = resultFiles(result).map((file) => join(folder, file));
    if (!(await areThere(paths))) return undefined;
    const key = `${await stampedKey(paths)}\n${JSON.stringify([result.shape, result.clock])}`;
    return this.#recent.get(`${name} ${key}`, () =>
      result.system.topology
        ? trajectorySet(name, key, paths, result, this.#files, task)
        : arraySet(name, key, paths[0]!, result),
    );
  }
}

async function areThere(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    paths.map((path) =>
      stat(path).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw fileError(error, path);
      }),
    ),
  );
  return found.every((one) => one !== undefined);
}

async function trajectorySet(
  name: SetName,
  key: string,
  paths: readonly string[],
  { shape, clock }: RunResult,
  files: OpenFiles,
  task: Task,
): Promise<ConformationSet> {
  const dimension = shape.at(-1)!;
  const replicas = paths.length;
  const problems: string[] = [];
  const lengths: number[] = [];
  const readerOf = async (replica: number, task?: Task): Promise<TrajectoryReader | undefined> => {
    const path = paths[replica]!;
    // A replica may have stopped before its first frame.
    const { size } = await stat(path).catch((error: unknown) => {
      throw fileError(error, path);
    });
    if (size === 0) return undefined;
    const { reader } = conformationsOf(await files.molecule(path, task));
    if (3 * reader.atoms === dimension) return reader;
    throw new ErgodicError(`\`${path}\` has ${reader.atoms} beads per frame, the run has ${dimension / 3}.`);
  };
  for (let replica = 0; replica < replicas; replica++) {
    task.signal.throwIfAborted();
    const reader = await readerOf(replica, task);
    lengths.push(reader?.frames ?? 0);
    for (const { message } of reader?.problems ?? []) problems.push(message);
  }
  const frames = shape.length === 2 ? lengths[0]! : Math.min(shape[0]!, Math.max(...lengths));
  return {
    name,
    key,
    frames,
    replicas,
    length: (replica) => Math.min(frames, lengths[replica] ?? 0),
    timeStep: clock ? rounded(clock.stride * clock.timeStep) : null,
    problems: [...new Set(problems)],
    async *rows(signal) {
      const block = Math.max(1, Math.floor(AT_ONCE / dimension));
      for (let replica = 0; replica < replicas; replica++) {
        const reader = await readerOf(replica);
        const own = Math.min(frames, reader?.frames ?? 0);
        for (let from = 0; from < own; from += block) {
          const positions = new Float32Array(Math.min(block, own - from) * dimension);
          for (let at = 0; at < positions.length; at += dimension) {
            signal.throwIfAborted();
            positions.set((await reader!.frame(from + at / dimension)).positions, at);
          }
          yield { first: from * replicas + replica, stride: replicas, positions };
        }
      }
    },
    async row({ frame, replica }) {
      if (replica >= replicas) throw noReplica(replicas, replica);
      const reader = await readerOf(replica);
      if (!reader || frame >= Math.min(frames, reader.frames)) throw absent(name, { frame, replica });
      return { positions: Float32Array.from((await reader.frame(frame)).positions), time: timeOf(clock, frame) };
    },
  };
}

async function arraySet(
  name: SetName,
  key: string,
  path: string,
  { shape, clock }: RunResult,
): Promise<ConformationSet> {
  const dimension = shape.at(-1)!;
  const opened = async <R>(use: (array: StoredArray) => Promise<R>): Promise<R> => {
    await using source = await FileSource.open(path);
    return await use(await openArray(source));
  };
  const { frames, replicas, problem } = await opened(async ({ shape: found, rows, problem }) => {
    if (found.length === shape.length && found.at(-1) === dimension && found.slice(1).every((side) => side > 0)) {
      return { frames: rows, replicas: found.length === 3 ? found[1]! : 1, problem };
    }
    throw new ErgodicError(
      `\`${path}\` holds an array of shape (${found.join(', ')}); expected are ${shape.length} axes, the last of length ${dimension}.`,
    );
  });
  const width = replicas * dimension;
  async function* rows(signal: AbortSignal): AsyncGenerator<Rows> {
    await using source = await FileSource.open(path);
    const array = await openArray(source);
    const block = Math.max(1, Math.floor(AT_ONCE / width));
    for (let from = 0; from < Math.min(frames, array.rows); from += block) {
      signal.throwIfAborted();
      const numbers = await array.read(from, Math.min(block, array.rows - from));
      yield { first: from * replicas, stride: 1, positions: Float32Array.from(numbers) };
    }
  }
  return {
    name,
    key,
    frames,
    replicas,
    length: () => frames,
    timeStep: clock ? rounded(clock.stride * clock.timeStep) : null,
    problems: problem ? [problem.message] : [],
    rows,
    row: ({ frame, replica }) =>
      opened(async (array) => {
        if (replica >= replicas) throw noReplica(replicas, replica);
        if (frame >= Math.min(frames, array.rows)) throw absent(name, { frame, replica });
        const start = replica * dimension;
        const positions = Float32Array.from((await array.read(frame)).subarray(start, start + dimension));
        return { positions, time: timeOf(clock, frame) };
      }),
  };
}

const timeOf = (clock: RunResult['clock'], frame: number): number | null =>
  clock ? rounded((clock.firstStep + frame * clock.stride) * clock.timeStep) : null;

/** Without the dust of a product of decimals. */
const rounded = (time: number): number => Number(time.toPrecision(12));

/** What a person calls it: frames and replicas are counted from 1. */
function absent(name: SetName, { frame, replica }: Place): ErgodicError {
  const which = name === 'simulation' ? `replica ${replica + 1} of the simulation` : `the ${name}`;
  return new ErgodicError(`There is no frame ${frame + 1} in ${which}: choose an earlier one.`);
}

const noReplica = (replicas: number, replica: number): ErgodicError =>
  new ErgodicError(`There are ${replicas} replicas, and no replica ${replica + 1}.`);
