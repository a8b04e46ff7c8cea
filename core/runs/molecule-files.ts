/**
 * Files of molecules on disk: opens what the name says, keeps the indexes of long trajectories, refuses what does not
 * belong together. Whoever opens disposes.
 */

import { ErgodicError } from '../errors.ts';
import { moleculeFormat } from '../formats/molecule-formats.ts';
import type { Frame, OpenOptions, Problem, TrajectoryReader } from '../formats/trajectory.ts';
import type { Topology } from '../systems/topology.ts';
import { FileSource } from './file-source.ts';
import { readFrameIndex, writeFrameIndex } from './frame-index.ts';
import type { Task } from './task.ts';

export interface OpenStructure extends AsyncDisposable {
  readonly path: string;
  readonly format: string;
  readonly topology: Topology;
  /** The conformations in the structure file itself. */
  readonly trajectory: TrajectoryReader | undefined;
  readonly problems: readonly Problem[];
}

export interface OpenTrajectory extends AsyncDisposable {
  readonly path: string;
  readonly reader: TrajectoryReader;
}

/** `task` follows the scan of a long file. */
export async function openStructure(path: string, task?: Task): Promise<OpenStructure> {
  const format = moleculeFormat(path);
  const { openStructure } = format;
  if (!openStructure) {
    throw new ErgodicError(
      `\`${path}\` is ${format.name}, which does not say what the atoms are: name a structure file (PDB, mmCIF, GRO, …).`,
    );
  }
  return opened(path, async (source) => {
    const { topology, trajectory, problems } = await openStructure(source, scanOptions(source, task));
    return { path, format: format.name, topology, trajectory, problems };
  });
}

/** Conformations from any file that has some, a structure file included. */
export async function openTrajectory(path: string, task?: Task): Promise<OpenTrajectory> {
  const format = moleculeFormat(path);
  return opened(path, async (source) => {
    const index = await readFrameIndex(source);
    const options = { ...scanOptions(source, task), ...(index ? { index } : {}) };
    const reader = format.openTrajectory
      ? await format.openTrajectory(source, options)
      : (await format.openStructure!(source, options)).trajectory;
    if (!reader) throw new ErgodicError(`\`${path}\` (${format.name}) holds no positions: name a trajectory.`);
    if (reader.index && reader.index !== index) await writeFrameIndex(source, reader.index);
    return { path, reader };
  });
}

function scanOptions(source: FileSource, task: Task | undefined): OpenOptions {
  if (!task) return {};
  return {
    signal: task.signal,
    progress: (bytes) => task.report({ done: bytes / 1e6, total: source.size / 1e6, unit: 'MB' }),
  };
}

async function opened<T extends object>(
  path: string,
  use: (source: FileSource) => Promise<T>,
): Promise<T & AsyncDisposable> {
  const source = await FileSource.open(path);
  try {
    return { ...(await use(source)), [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() };
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}

/** Throws unless a trajectory has the atoms of its structure. */
export function checkPair(structure: Pick<OpenStructure, 'path' | 'topology'>, trajectory: OpenTrajectory): void {
  const atoms = structure.topology.atoms.length;
  if (trajectory.reader.atoms === atoms) return;
  throw new ErgodicError(
    `\`${trajectory.path}\` has ${trajectory.reader.atoms} atoms per frame, \`${structure.path}\` has ${atoms}: ` +
      'choose the structure that belongs to it.',
  );
}

/** Every `stride`-th frame; what lies between is not read. */
export async function* framesOf({ reader }: OpenTrajectory, stride: number, task?: Task): AsyncGenerator<Frame> {
  for (let i = 0; i < reader.frames; i += stride) {
    task?.signal.throwIfAborted();
    yield await reader.frame(i);
  }
}
