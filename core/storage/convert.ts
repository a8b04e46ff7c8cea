/**
 * Structures and trajectories from one format to another: frame by frame, so memory holds one frame whatever the size
 * of the files. Velocities, forces, cells, times and energies are kept where both formats have them.
 * A file that is damaged or cut off gives its complete frames, and what is wrong with it is said; a frame within it
 * that cannot be read ends everything, and nothing is written: a gap in a trajectory is for a person to decide on.
 */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { type MoleculeFormat, moleculeFormat, writableFormat } from '../formats/molecule-formats.ts';
import type { Coordinates, Frame } from '../formats/trajectory.ts';
import { select } from '../systems/selection.ts';
import { subset } from '../systems/subset.ts';
import type { Topology } from '../systems/topology.ts';
import type { Reporter, Task } from '../task.ts';
import { errorCode, fileError } from './file-errors.ts';
import {
  checkPair,
  conformationsOf,
  isStructure,
  type OpenMolecule,
  type OpenStructure,
  type OpenTrajectory,
  openMolecule,
  openStructure,
} from './molecule-files.ts';
import { writeFrames } from './write-frames.ts';

export interface ConvertOptions {
  readonly from: readonly string[];
  readonly to: string;
  readonly topology?: string | undefined;
  readonly select?: string | undefined;
  readonly stride: number;
  /** Frames over all files, counted from 1. */
  readonly start: number;
  readonly end?: number | undefined;
  /** 1/nm. */
  readonly precision?: number | undefined;
}

export interface Converted {
  readonly atoms: number;
  readonly frames: number;
  readonly problems: readonly string[];
}

/** 1/nm: what XTC files have, of data that are not rounded. */
const USUAL_PRECISION = 1000;

export async function convert(options: ConvertOptions, reporter: Reporter): Promise<Converted> {
  const { from, to, start, stride } = options;
  if (options.end !== undefined && options.end < start) {
    throw new ErgodicError(`\`--end ${options.end}\` comes before \`--start ${start}\`.`, { usage: true });
  }
  const format = writableFormat(to);
  await checkTarget(to, options.topology === undefined ? from : [...from, options.topology]);
  await using files = new AsyncDisposableStack();
  const task = reporter.task('converting');
  const opened: OpenMolecule[] = [];
  for (const path of from) opened.push(files.use(await openMolecule(path, task)));
  const named = options.topology === undefined ? undefined : files.use(await openStructure(options.topology, task));
  const { structure, trajectories, notes } = rolesOf(opened, named);
  checkAtoms(structure, trajectories);
  const available = trajectories.reduce((sum, { reader }) => sum + reader.frames, 0);
  const end = Math.min(available, options.end ?? available);
  const frames = Math.max(0, Math.ceil((end - start + 1) / stride));
  if (frames === 0) {
    const files = trajectories.length > 1 ? 'The files have' : `\`${trajectories[0]!.path}\` has`;
    throw new ErgodicError(`${files} ${available} frames, and none of them is wanted from ${start} on.`);
  }
  const topology = structure?.topology ?? (await nameless(options, trajectories));
  const chosen = options.select === undefined ? undefined : select(topology, options.select);
  if (chosen?.length === 0) {
    throw new ErgodicError(`\`--select "${options.select}"\` picks no atom of \`${structure!.path}\`.`);
  }
  const written = chosen ? subset(topology, chosen) : topology;
  const writer = await format.writer({
    topology: written,
    cell: trajectories.some(({ reader }) => reader.holds.cell),
    frames,
    precision: options.precision ?? precisionOf(format, trajectories),
  });
  const taken = framesIn(trajectories, { start, stride, end, frames }, task);
  await writeFrames(to, writer, chosen ? partsOf(taken, chosen) : taken);
  const problems = [...opened, ...(named ? [named] : [])].flatMap((file) =>
    file.problems.map(({ message }) => message),
  );
  return { atoms: written.atoms.length, frames, problems: [...new Set([...problems, ...notes])] };
}

/** Refuses what cannot become the result, before there is any work to lose. */
async function checkTarget(to: string, from: readonly string[]): Promise<void> {
  const found = async (path: string) =>
    stat(path, { bigint: true }).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw fileError(error, path);
    });
  const folder = dirname(to);
  if (!(await found(folder))) throw new ErgodicError(`\`${to}\` cannot be written: there is no folder \`${folder}\`.`);
  const target = await found(to);
  if (!target) return;
  if (!target.isFile()) throw new ErgodicError(`\`${to}\` exists and is no file: choose another name.`);
  for (const path of from) {
    const source = await found(path);
    if (source?.ino !== target.ino || source.dev !== target.dev) continue;
    throw new ErgodicError(`\`${to}\` is read from and would be replaced: choose another name for the result.`, {
      usage: true,
    });
  }
}

interface Roles {
  readonly structure: OpenStructure | undefined;
  readonly trajectories: readonly OpenTrajectory[];
  /** What may not be what was meant. */
  readonly notes: readonly string[];
}

/**
 * Beside files of mere numbers the first structure says what the atoms are, and is not converted itself. Where every
 * file is a structure, all are converted, one after the other; so they are where `--topology` says what the atoms are.
 */
function rolesOf(opened: readonly OpenMolecule[], named: OpenStructure | undefined): Roles {
  const isOfNames = ({ path }: OpenMolecule) => moleculeFormat(path).openStructure !== undefined;
  const structures = opened.filter(isStructure);
  const structure = named ?? structures.find(isOfNames) ?? structures[0];
  const beside = !named && structure && isOfNames(structure) && !opened.every(isOfNames);
  const sources = opened.filter((file) => (beside ? file !== structure : file.trajectory || opened.length === 1));
  const notes =
    beside && (structure.trajectory?.frames ?? 0) > 1
      ? [`The conformations in \`${structure.path}\` are not converted: it says what the atoms are.`]
      : !beside && !named && new Set(sources.map(({ format }) => format)).size > 1
        ? [`All files are converted: with \`--topology ${opened[0]!.path}\` that one only says what the atoms are.`]
        : [];
  return { structure, trajectories: sources.map(conformationsOf), notes };
}

function checkAtoms(structure: OpenStructure | undefined, trajectories: readonly OpenTrajectory[]): void {
  const [first, ...others] = trajectories;
  if (!first) throw new ErgodicError('None of these files holds positions: name a trajectory.', { usage: true });
  for (const trajectory of trajectories) if (structure) checkPair(structure, trajectory);
  const other = others.find(({ reader }) => reader.atoms !== first.reader.atoms);
  if (!other) return;
  throw new ErgodicError(
    `\`${other.path}\` has ${other.reader.atoms} atoms per frame, \`${first.path}\` has ${first.reader.atoms}: ` +
      'they cannot follow one another.',
  );
}

/** As fine as the finest of what is converted. */
function precisionOf({ anyPrecision }: MoleculeFormat, trajectories: readonly OpenTrajectory[]): number | undefined {
  if (!anyPrecision) return undefined;
  const known = trajectories.flatMap(({ reader }) => reader.precision ?? []);
  return known.length === trajectories.length ? Math.max(...known) : USUAL_PRECISION;
}

/** Formats that hold numbers only need no names; the others cannot be written without. */
async function nameless(
  { to, start, select: words }: ConvertOptions,
  trajectories: readonly OpenTrajectory[],
): Promise<Topology> {
  if (words !== undefined || moleculeFormat(to).openStructure) {
    const { path } = trajectories[0]!;
    throw new ErgodicError(`\`${path}\` does not say what its atoms are: name a structure with \`--topology FILE\`.`, {
      usage: true,
    });
  }
  // Only as many as there are positions of: the number in a header may be anything.
  const atoms = (await frameIn(trajectories, start - 1)).positions.length / 3;
  return {
    atoms: new Array(atoms).fill({ name: 'X', element: '', serial: 1, residue: 0 }),
    residues: [{ name: 'UNK', number: 1, insertion: '', chain: 0, hetero: false }],
    chains: [{ id: '', segment: '' }],
    bonds: [],
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly stride: number;
  /** How many that makes. */
  readonly frames: number;
}

async function* framesIn(
  trajectories: readonly OpenTrajectory[],
  { start, end, stride, frames }: Range,
  task: Task,
): AsyncGenerator<Frame> {
  const seldom = Math.max(1, Math.floor(10_000 / trajectories[0]!.reader.atoms));
  for (let number = start - 1, done = 0; number < end; number += stride, done++) {
    task.signal.throwIfAborted();
    if (done % seldom === 0) task.report({ done, total: frames, unit: 'frames' });
    yield await frameIn(trajectories, number);
  }
  task.report({ done: frames, total: frames, unit: 'frames' });
}

/** `number`: from 0, over all of them. */
async function frameIn(trajectories: readonly OpenTrajectory[], number: number): Promise<Frame> {
  let index = 0;
  let before = 0;
  while (number >= before + trajectories[index]!.reader.frames) before += trajectories[index++]!.reader.frames;
  try {
    return await trajectories[index]!.reader.frame(number - before);
  } catch (error) {
    throw unreadable(error, number + 1);
  }
}

/** `number`: counted from 1, as `--start` and `--end` do. */
function unreadable(error: unknown, number: number): unknown {
  if (!(error instanceof ErgodicError)) return error;
  const around = number > 1 ? `\`--end ${number - 1}\` takes what comes before it, ` : '';
  return new ErgodicError(`${error.message} ${around}\`--start ${number + 1}\` what follows.`, { cause: error });
}

async function* partsOf(frames: AsyncIterable<Frame>, chosen: Uint32Array): AsyncGenerator<Frame> {
  const pick = (values: Coordinates): Coordinates => {
    const picked =
      values instanceof Float64Array ? new Float64Array(3 * chosen.length) : new Float32Array(3 * chosen.length);
    for (let i = 0; i < chosen.length; i++) {
      const from = 3 * chosen[i]!;
      picked[3 * i] = values[from]!;
      picked[3 * i + 1] = values[from + 1]!;
      picked[3 * i + 2] = values[from + 2]!;
    }
    return picked;
  };
  // The energy is that of all atoms.
  for await (const { positions, velocities, forces, energy: _, ...rest } of frames) {
    yield {
      ...rest,
      positions: pick(positions),
      ...(velocities ? { velocities: pick(velocities) } : {}),
      ...(forces ? { forces: pick(forces) } : {}),
    };
  }
}
