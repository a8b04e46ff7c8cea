/**
 * The two parts of a run that are made of configurations, its samples and its simulation: what they are called, how
 * they are written in the format of their file, and how they are read back. Toys have arrays (.npy, .csv), molecules
 * trajectories with a PDB beside them.
 */
import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { extensionOf, writableFormat } from '../formats/molecule-formats.ts';
import type { NumberArray } from '../formats/npy.ts';
import { decodeSamples, formatOf } from '../formats/samples.ts';
import { writeArrayFile } from './array-file.ts';
import { errorCode, fileError } from './file-errors.ts';
import { stemOf } from './molecule-data.ts';
import { openTrajectory } from './molecule-files.ts';
import type { Specification } from './parameters.ts';
import type { Continuation, TakeRows } from './result-file.ts';
import type { RunSystem } from './run-system.ts';
import { dimensionOf } from './run-system.ts';
import { frameCount } from './simulate.ts';
import { type TrajectoryShape, writeBeads, writeTrajectoryFiles } from './trajectory-file.ts';
import { WaitingRows } from './waiting-rows.ts';

export interface Part {
  /** In the record's seconds. */
  readonly key: 'sample' | 'simulate';
  readonly system: RunSystem;
  /** In a run's folder; of a molecule's simulation every replica has a file of its own, `simulation-000.xtc`, …. */
  readonly file: string;
  /** [count, coordinates] or [frames, replicas, coordinates]. */
  readonly shape: readonly number[];
  /** ps: of a molecule's frames. */
  readonly times?: { readonly first: number; readonly step: number };
}

export const samplesPart = ({ sample }: Specification, system: RunSystem): Part => ({
  key: 'sample',
  system,
  file: system.topology ? 'samples.xtc' : 'samples.npy',
  shape: [sample.count, dimensionOf(system)],
});

export function simulationPart({ simulate }: Specification, system: RunSystem): Part {
  const { equilibration, stride, timeStep } = simulate;
  return {
    key: 'simulate',
    system,
    file: system.topology ? 'simulation.xtc' : 'simulation.npy',
    shape: [frameCount(simulate), simulate.replicas, dimensionOf(system)],
    times: { first: (equilibration + stride) * timeStep, step: stride * timeStep },
  };
}

/** Refuses the name of a result's file unless it says a format that the system can be written in. */
export function checkResultName(file: string, { topology }: RunSystem): void {
  if (topology) writableFormat(file);
  else formatOf(file);
}

/**
 * Makes a part in a run's folder; what an interrupted maker left there is used if it is of the same kind, which `key`
 * says. `named` is called when everything is made and before it gets its name.
 */
export async function makeInFolder<R>(
  folder: string,
  part: Part,
  key: string,
  work: (take: TakeRows, continuation: Continuation) => Promise<R>,
  named: () => Promise<void>,
): Promise<R> {
  const path = join(folder, part.file);
  await using rows = await WaitingRows.resume(path, `${key} ${part.shape}`);
  const result = await work((some) => rows.append(some), { mark: rows.mark, keep: (mark) => rows.keep(mark) });
  await named();
  const replicas = part.shape.length === 3 ? part.shape[1]! : 1;
  const paths =
    part.system.topology && part.shape.length === 3
      ? Array.from({ length: replicas }, (_, i) => replicaPath(path, i))
      : [path];
  await written(paths, join(folder, BEADS), part, rows);
  rows.finish();
  return result;
}

/** Makes a part as a file of one's own: all replicas, one after the other. */
export async function makeAsFile<R>(path: string, part: Part, work: (take: TakeRows) => Promise<R>): Promise<R> {
  await using rows = await WaitingRows.begin(path);
  const result = await work((some) => rows.append(some));
  await written([path], topologyBeside(path), part, rows);
  return result;
}

async function written(paths: readonly string[], beads: string, part: Part, rows: WaitingRows): Promise<void> {
  const { shape, times } = part;
  const { topology } = part.system;
  const numbers = shape.reduce((product, length) => product * length, 1);
  if (rows.numbers !== numbers) throw new Error(`${paths[0]}: ${rows.numbers} numbers were made of ${numbers}.`);
  if (!topology) return writeArrayFile(paths[0]!, shape, rows);
  if (extensionOf(paths[0]!) === 'npy') {
    return writeArrayFile(paths[0]!, [...shape.slice(0, -1), topology.atoms.length, 3], rows);
  }
  await writeBeads(beads, topology, rows);
  const ordered = shape.length === 3;
  const trajectory: TrajectoryShape = {
    topology,
    frames: shape[0]!,
    replicas: ordered ? shape[1]! : 1,
    ...(ordered && times ? { times } : {}),
  };
  await writeTrajectoryFiles(paths, trajectory, rows);
}

/** What the beads are, in a run's folder. */
export const BEADS = 'beads.pdb';

function topologyBeside(path: string): string {
  const own = extensionOf(path) === 'pdb' ? `${stemOf(path)}-beads.pdb` : `${stemOf(path)}.pdb`;
  return join(dirname(path), own);
}

const replicaPath = (path: string, replica: number): string =>
  path.replace(/(\.[^.]+)$/, `-${String(replica).padStart(3, '0')}$1`);

/** A finished part, or undefined where it is not done yet; NaN stands for what a stopped replica lacks. */
export async function storedPart(folder: string, part: Part): Promise<NumberArray | undefined> {
  const found = part.system.topology ? await storedTrajectories(folder, part) : await storedArray(folder, part);
  if (!found) return undefined;
  if (found.shape.length === part.shape.length && found.shape.at(-1) === part.shape.at(-1)) return found;
  throw new ErgodicError(
    `\`${join(folder, part.file)}\` holds an array of shape (${found.shape.join(', ')}), ` +
      `where ${part.shape.length} axes were expected, the last of ${part.shape.at(-1)}.`,
  );
}

async function storedArray(folder: string, { file }: Part): Promise<NumberArray | undefined> {
  const path = join(folder, file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, path);
  }
  return decodeSamples(path, bytes);
}

async function storedTrajectories(folder: string, part: Part): Promise<NumberArray | undefined> {
  const path = join(folder, part.file);
  const dimension = part.shape.at(-1)!;
  if (part.shape.length === 2) {
    if (!(await exists(path))) return undefined;
    const positions = await positionsIn(path, dimension);
    return { shape: [positions.length / dimension, dimension], data: positions };
  }
  // A simulation is whole when its last replica has its name: they get them in order.
  const [wantedFrames, wantedReplicas] = part.shape as [number, number];
  const pattern = new RegExp(`^${basename(replicaPath(path, 0)).replace('000', '(\\d{3,})').replaceAll('.', '\\.')}$`);
  const numbers = (await readdir(folder)).flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number);
  if (numbers.length === 0) return undefined;
  const replicas = Math.max(...numbers) + 1;
  if (replicas !== wantedReplicas || numbers.length !== replicas) return undefined;
  const data = new Float32Array(wantedFrames * replicas * dimension).fill(Number.NaN);
  for (let replica = 0; replica < replicas; replica++) {
    const own = await positionsIn(replicaPath(path, replica), dimension);
    const frames = Math.min(wantedFrames, own.length / dimension);
    for (let frame = 0; frame < frames; frame++) {
      data.set(own.subarray(frame * dimension, (frame + 1) * dimension), (frame * replicas + replica) * dimension);
    }
  }
  return { shape: [wantedFrames, replicas, dimension], data };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function positionsIn(path: string, dimension: number): Promise<Float32Array> {
  await using trajectory = await openTrajectory(path);
  const { reader } = trajectory;
  if (reader.problems.length > 0) throw new ErgodicError(`\`${path}\` is damaged: ${reader.problems[0]!.message}`);
  if (3 * reader.atoms !== dimension) {
    throw new ErgodicError(`\`${path}\` has ${reader.atoms} beads per frame, the run has ${dimension / 3}.`);
  }
  const positions = new Float32Array(reader.frames * dimension);
  for (let i = 0; i < reader.frames; i++) positions.set((await reader.frame(i)).positions, i * dimension);
  return positions;
}
