/**
 * Files of molecules on disk: opens what the name says, keeps the indexes of long trajectories, refuses what does not
 * belong together. The opener disposes of them.
 */
import { ErgodicError } from '../errors.ts';
import { type MoleculeFormat, moleculeFormat } from '../formats/molecule-formats.ts';
import type { Frame, OpenOptions, Problem, StructureFile, TrajectoryReader } from '../formats/trajectory.ts';
import type { Topology } from '../systems/topology.ts';
import type { Task } from '../task.ts';
import { FileSource } from './file-source.ts';
import { readFrameIndex, WORTH_KEEPING, writeFrameIndex } from './frame-index.ts';

/** A file of either kind. */
export interface OpenMolecule extends AsyncDisposable {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  /** Where the file says what the atoms are. */
  readonly topology: Topology | undefined;
  /** The conformations in it, if there are any. */
  readonly trajectory: TrajectoryReader | undefined;
  readonly problems: readonly Problem[];
}

export interface OpenStructure extends OpenMolecule {
  readonly topology: Topology;
}

export interface OpenTrajectory extends AsyncDisposable {
  readonly path: string;
  readonly reader: TrajectoryReader;
}

/** `task` follows the scan of a long file; `worthKeeping`: bytes from which on its index is kept. */
export async function openMolecule(path: string, task?: Task, worthKeeping = WORTH_KEEPING): Promise<OpenMolecule> {
  const format = moleculeFormat(path);
  const source = await FileSource.open(path);
  try {
    const index = await readFrameIndex(source, worthKeeping);
    const options = { ...scanOptions(source, task), ...(index ? { index } : {}) };
    const { topology, trajectory, problems } = await opened(format, source, options);
    if (trajectory?.index && !index) await writeFrameIndex(source, trajectory.index, worthKeeping);
    return {
      path,
      format: trajectory?.format ?? format.name,
      bytes: source.size,
      topology,
      trajectory,
      problems,
      [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
    };
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}

async function opened(
  format: MoleculeFormat,
  source: FileSource,
  options: OpenOptions,
): Promise<Omit<StructureFile, 'topology'> & { readonly topology: Topology | undefined }> {
  if (format.openStructure) return format.openStructure(source, options);
  const trajectory = await format.openTrajectory!(source, options);
  return { topology: trajectory.topology, trajectory, problems: trajectory.problems };
}

/** Not the last report, which would be that of a finished task: reading only begins with it. */
function scanOptions(source: FileSource, task: Task | undefined): OpenOptions {
  if (!task) return {};
  const total = source.size / 1e6;
  return {
    signal: task.signal,
    progress: (bytes) => bytes < source.size && task.report({ done: bytes / 1e6, total, unit: 'MB' }),
  };
}

export async function openStructure(path: string, task?: Task): Promise<OpenStructure> {
  const file = await openMolecule(path, task);
  if (isStructure(file)) return file;
  await file[Symbol.asyncDispose]();
  throw new ErgodicError(
    `\`${path}\` is ${file.format}, which does not say what the atoms are: name a structure file (PDB, mmCIF, GRO, …).`,
  );
}

export const isStructure = (file: OpenMolecule): file is OpenStructure => file.topology !== undefined;

/** Conformations from any file that has some, a structure file included. */
export async function openTrajectory(path: string, task?: Task): Promise<OpenTrajectory> {
  const file = await openMolecule(path, task);
  try {
    return conformationsOf(file);
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

export function conformationsOf(file: OpenMolecule): OpenTrajectory {
  const { path, format, trajectory } = file;
  if (!trajectory) throw new ErgodicError(`\`${path}\` (${format}) holds no positions: name a trajectory.`);
  return { path, reader: trajectory, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
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
export async function* framesOf(
  { reader }: Pick<OpenTrajectory, 'reader'>,
  stride: number,
  task?: Task,
): AsyncGenerator<Frame> {
  for (let i = 0; i < reader.frames; i += stride) {
    task?.signal.throwIfAborted();
    yield await reader.frame(i);
  }
}
