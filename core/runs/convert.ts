/**
 * Structures and trajectories from one format to another: frame by frame, so memory holds one frame whatever the size
 * of the files. Velocities, forces, cells and times are kept where both formats have them.
 */
import { open, rm } from 'node:fs/promises';
import { ErgodicError } from '../errors.ts';
import { moleculeFormat, writableFormat } from '../formats/molecule-formats.ts';
import type { Coordinates, Frame } from '../formats/trajectory.ts';
import { select } from '../systems/selection.ts';
import { subset } from '../systems/subset.ts';
import type { Topology } from '../systems/topology.ts';
import { replace, temporaryName } from './atomic-write.ts';
import { fileError } from './file-errors.ts';
import { checkPair, type OpenTrajectory, openStructure, openTrajectory } from './molecule-files.ts';
import type { Task } from './task.ts';

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
  readonly precision: number;
}

export interface Converted {
  readonly atoms: number;
  readonly frames: number;
  readonly problems: readonly string[];
}

export async function convert(options: ConvertOptions, task: Task): Promise<Converted> {
  const format = writableFormat(options.to);
  await using files = new AsyncDisposableStack();
  const structurePath = options.topology ?? options.from.find((path) => moleculeFormat(path).openStructure);
  const structure = structurePath === undefined ? undefined : files.use(await openStructure(structurePath, task));
  const trajectories: OpenTrajectory[] = [];
  for (const path of options.from) {
    // A structure beside trajectories says what the atoms are; alone, it is what is converted.
    if (path === structurePath && options.from.length > 1) continue;
    const trajectory = files.use(await openTrajectory(path, task));
    if (structure) checkPair(structure, trajectory);
    trajectories.push(trajectory);
  }
  const [first] = trajectories;
  if (!first) throw new ErgodicError('There is nothing to convert: name a file with positions.', { usage: true });
  const other = trajectories.find(({ reader }) => reader.atoms !== first.reader.atoms);
  if (other) {
    throw new ErgodicError(
      `\`${other.path}\` has ${other.reader.atoms} atoms per frame, \`${first.path}\` has ${first.reader.atoms}: they cannot follow one another.`,
    );
  }
  const topology = structure?.topology ?? nameless(options, first.reader.atoms);
  const chosen = options.select === undefined ? undefined : select(topology, options.select);
  if (chosen?.length === 0) {
    throw new ErgodicError(`\`--select ${options.select}\` picks no atom of \`${structurePath ?? first.path}\`.`);
  }
  const written = chosen ? subset(topology, chosen) : topology;
  const opening = first.reader.frames > 0 ? await first.reader.frame(0) : undefined;
  const following = first.reader.frames > 1 ? await first.reader.frame(1) : undefined;
  const timeStep =
    opening?.time === undefined || following?.time === undefined
      ? undefined
      : (following.time - opening.time) * options.stride;
  const writer = await format.writer({
    topology: written,
    cell: opening?.cell !== undefined,
    timeStep,
    precision: options.precision,
  });
  const temporary = temporaryName(options.to);
  let frames = 0;
  try {
    const file = await open(temporary, 'wx+');
    try {
      await file.appendFile(writer.head());
      for await (const frame of wanted(trajectories, options, task)) {
        await file.appendFile(writer.frame(chosen ? partOf(frame, chosen) : frame));
        frames++;
      }
      if (frames === 0) throw new ErgodicError(`\`${first.path}\` has no frame in the range that is wanted.`);
      const { tail, patches } = writer.end();
      await file.appendFile(tail);
      for (const { offset, bytes } of patches) await file.write(bytes, 0, bytes.length, offset);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, options.to);
  }
  await replace(temporary, options.to);
  const problems = [...(structure?.problems ?? []), ...trajectories.flatMap(({ reader }) => reader.problems)];
  return { atoms: written.atoms.length, frames, problems: [...new Set(problems.map(({ message }) => message))] };
}

async function* wanted(
  trajectories: readonly OpenTrajectory[],
  { start, stride, end = Number.POSITIVE_INFINITY }: ConvertOptions,
  task: Task,
): AsyncGenerator<Frame> {
  const all = trajectories.reduce((sum, { reader }) => sum + reader.frames, 0);
  const last = Math.min(all, end);
  const total = Math.max(0, Math.ceil((last - start + 1) / stride));
  let before = 0;
  let place = 0;
  for (let number = start - 1, done = 0; number < last; number += stride, done++) {
    while (number >= before + trajectories[place]!.reader.frames) before += trajectories[place++]!.reader.frames;
    if (done % 100 === 0) {
      task.signal.throwIfAborted();
      task.report({ done, total, unit: 'frames' });
    }
    yield await trajectories[place]!.reader.frame(number - before);
  }
  task.report({ done: total, total, unit: 'frames' });
}

function partOf(frame: Frame, chosen: Uint32Array): Frame {
  const { positions, velocities, forces } = frame;
  const pick = (values: Coordinates): Coordinates => {
    const picked =
      values instanceof Float64Array ? new Float64Array(3 * chosen.length) : new Float32Array(3 * chosen.length);
    chosen.forEach((atom, i) => {
      picked.set(values.subarray(3 * atom, 3 * atom + 3), 3 * i);
    });
    return picked;
  };
  return {
    ...frame,
    positions: pick(positions),
    ...(velocities ? { velocities: pick(velocities) } : {}),
    ...(forces ? { forces: pick(forces) } : {}),
  };
}

/** Formats that hold numbers only need no names; the others cannot be written without. */
function nameless({ to, from, select: words }: ConvertOptions, atoms: number): Topology {
  if (words !== undefined || moleculeFormat(to).openStructure) {
    throw new ErgodicError(
      `\`${from[0]}\` does not say what its atoms are: name a structure with \`--topology FILE\`.`,
      { usage: true },
    );
  }
  return {
    atoms: Array.from({ length: atoms }, (_, i) => ({ name: 'X', element: '', serial: i + 1, residue: 0 })),
    residues: [{ name: 'UNK', number: 1, insertion: '', chain: 0, hetero: false }],
    chains: [{ id: '', segment: '' }],
    bonds: [],
  };
}
