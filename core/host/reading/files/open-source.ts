/**
 * A molecule and its conformations as a person looks at them before anything is loaded: what its atoms are, how many
 * frames all its trajectories have, and any one of them. nm, ps.
 */
import { ErgodicError } from '../../../errors.ts';
import type { Frame } from '../../../formats/trajectory.ts';
import { notFinite } from '../../../runs/data/frame-faults.ts';
import { makeWhole } from '../../../runs/data/molecule-data.ts';
import { timeOf, timesOf } from '../../../storage/inspect.ts';
import { checkPair, conformationsOf, isStructure, type OpenStructure } from '../../../storage/molecule-files.ts';
import { withBonds } from '../../../systems/bonds.ts';
import { type Molecules, moleculesOf } from '../../../systems/molecules.ts';
import type { Topology } from '../../../systems/topology.ts';
import type { Task } from '../../../task.ts';
import type { SourcePaths } from '../queries.ts';
import { RecentlyUsed } from '../recently-used.ts';
import { type OpenFiles, stampedKey } from './open-files.ts';

export interface OpenSource {
  /** Says which files it is of, as they are now. */
  readonly key: string;
  /** Its structure, for sentences. */
  readonly path: string;
  /** With bonds as those of the first frame. */
  readonly topology: Topology;
  readonly molecules: Molecules;
  readonly pieces: readonly { readonly path: string; readonly frames: number }[];
  readonly frames: number;
  /** As it is in the file. */
  readonly first: Frame;
  readonly times: { readonly first: number; readonly step: number } | null;
}

/** Topologies are large, and a person looks at one molecule at a time. */
const MOST_SOURCES = 2;

export class OpenSources {
  readonly #files: OpenFiles;
  readonly #recent = new RecentlyUsed<OpenSource>(MOST_SOURCES);

  constructor(files: OpenFiles) {
    this.#files = files;
  }

  async open(source: SourcePaths, task: Task): Promise<OpenSource> {
    const { structure, trajectories } = source;
    if (structure === null) {
      throw new ErgodicError('Choose the structure first (PDB, mmCIF, GRO, …): it says what the atoms are.');
    }
    const key = await stampedKey([structure, ...trajectories]);
    return this.#recent.get(key, () => openSource(key, structure, trajectories, this.#files, task));
  }

  /** As it is in its file; of every trajectory each `stride`-th frame counts, and they count on through all of them. */
  async frame({ pieces }: OpenSource, number: number, stride: number, task: Task): Promise<Placed> {
    const counted = pieces.map(({ frames }) => Math.ceil(frames / stride));
    let trajectory = 0;
    let before = 0;
    while (trajectory < pieces.length && number >= before + counted[trajectory]!) before += counted[trajectory++]!;
    if (trajectory === pieces.length) {
      throw new ErgodicError(`There are ${before} frames, and no frame ${number + 1}: choose an earlier one.`);
    }
    const { path } = pieces[trajectory]!;
    const within = (number - before) * stride;
    const { reader } = conformationsOf(await this.#files.molecule(path, task));
    const frame = await reader.frame(within);
    return { frame, time: timeOf(frame), trajectory, path, within };
  }
}

export interface Placed {
  readonly frame: Frame;
  readonly time: number | null;
  /** Index of the trajectory, and the frame in it. */
  readonly trajectory: number;
  readonly within: number;
  readonly path: string;
}

/** Every molecule in one piece, nm. */
export function wholePositions({ molecules }: OpenSource, { frame, path, within }: Placed): Float32Array<ArrayBuffer> {
  const positions = Float64Array.from(frame.positions);
  if (frame.cell) makeWhole(molecules, positions, frame.cell);
  if (!positions.every(Number.isFinite)) throw notFinite(path, within);
  return Float32Array.from(positions);
}

async function openSource(
  key: string,
  path: string,
  trajectories: readonly string[],
  files: OpenFiles,
  task: Task,
): Promise<OpenSource> {
  const structure = await structureAt(path, files, task);
  const { topology: stated } = structure;
  const pieces: { path: string; frames: number }[] = [];
  let first: Frame | undefined;
  let times: OpenSource['times'] = null;
  for (const trajectory of trajectories.length > 0 ? trajectories : [path]) {
    task.signal.throwIfAborted();
    const opened = conformationsOf(await files.molecule(trajectory, task));
    checkPair({ path, topology: stated }, opened);
    const { reader } = opened;
    pieces.push({ path: trajectory, frames: reader.frames });
    if (first || reader.frames === 0) continue;
    first = await reader.frame(0);
    times = timesOf(first, reader.frames > 1 ? await reader.frame(1) : undefined);
  }
  if (!first) throw new ErgodicError(`\`${pieces.at(-1)!.path}\` holds no frame: choose another trajectory.`);
  const topology = withBonds(stated, first.positions, first.cell);
  const frames = pieces.reduce((sum, piece) => sum + piece.frames, 0);
  return { key, path, topology, molecules: moleculesOf(topology), pieces, frames, first, times };
}

async function structureAt(path: string, files: OpenFiles, task: Task): Promise<OpenStructure> {
  const file = await files.molecule(path, task);
  if (isStructure(file)) return file;
  throw new ErgodicError(
    `\`${path}\` is ${file.format}, which does not say what the atoms are: choose a structure (PDB, mmCIF, GRO, …).`,
  );
}
