/**
 * The two results of a run that consist of configurations, its samples and its simulation: their names, how they are
 * written in the format of their file, and how they are read back. Toys have arrays (.npy, .csv), molecules
 * trajectories with a PDB beside them.
 */
import { access, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { extensionOf, writableFormat } from '../formats/molecule-formats.ts';
import type { NumberArray } from '../formats/npy.ts';
import { decodeSamples, formatOf } from '../formats/samples.ts';
import type { Specification } from '../specification/settings.ts';
import { writeArrayFile } from '../storage/array-file.ts';
import { errorCode, fileError } from '../storage/file-errors.ts';
import { openTrajectory } from '../storage/molecule-files.ts';
import { PartialRows } from '../storage/partial-rows.ts';
import type { Continuation, TakeRows } from '../storage/row-sink.ts';
import { checkTrajectoryName, type FrameClock, writeBeads, writeTrajectoryFiles } from '../storage/trajectory-file.ts';
import { allocated } from './data/data-set.ts';
import { stemOf } from './data/molecule-data.ts';
import type { RunSystem } from './data/run-system.ts';
import { dimensionOf } from './data/run-system.ts';
import { frameCount } from './sampling/simulation.ts';

export interface RunResult {
  /** In the record's seconds. */
  readonly key: 'sample' | 'simulate';
  readonly system: RunSystem;
  /** In a run's folder; of a molecule's simulation every replica has a file of its own, `simulation-000.xtc`, …. */
  readonly file: string;
  /** [count, coordinates] or [frames, replicas, coordinates]. */
  readonly shape: readonly number[];
  /** Of a simulation's frames. */
  readonly clock?: FrameClock;
}

export const samplesResult = ({ sample }: Specification, system: RunSystem): RunResult => ({
  key: 'sample',
  system,
  file: system.topology ? 'samples.xtc' : 'samples.npy',
  shape: [sample.count, dimensionOf(system)],
});

export function simulationResult({ simulate }: Specification, system: RunSystem): RunResult {
  const { equilibration, stride, timeStep } = simulate;
  return {
    key: 'simulate',
    system,
    file: system.topology ? 'simulation.xtc' : 'simulation.npy',
    shape: [frameCount(simulate), simulate.replicas, dimensionOf(system)],
    clock: { firstStep: equilibration + stride, stride, timeStep },
  };
}

/** The files of a result in a run's folder: it is complete when the last of them exists. */
export function resultFiles({ file, shape, system }: RunResult): string[] {
  if (!system.topology || shape.length === 2) return [file];
  return Array.from({ length: shape[1]! }, (_, replica) => replicaPath(file, replica));
}

/** Refuses the name of a result's file unless it says a format that the system can be written in. */
export async function checkResultName(file: string, { topology }: RunSystem): Promise<void> {
  if (topology) await checkTrajectoryName(file, topology);
  else formatOf(file);
}

/** How a result is made. */
export interface Making {
  /** Identifies the settings: a partial result is continued only with the same ones. */
  readonly key: string;
  /** Called when everything is made and before it gets its name, with the seconds that it took, all sessions together. */
  named(seconds: number): Promise<void>;
  /** Seconds between two checkpoints. */
  readonly patience?: number;
}

/** Makes a result in a run's folder, or the rest of an interrupted one. */
export async function writeResultInFolder<R>(
  folder: string,
  result: RunResult,
  { key, named, patience }: Making,
  work: (take: TakeRows, continuation: Continuation) => Promise<R>,
): Promise<R> {
  const path = join(folder, result.file);
  await using rows = await PartialRows.resume(path, key, patience);
  const outcome = await work((some) => rows.append(some), {
    checkpoint: rows.checkpoint,
    made: rows,
    keep: (checkpoint) => rows.keep(checkpoint),
  });
  await named(rows.seconds);
  await forgetReplicas(folder, result);
  const paths = resultFiles(result).map((file) => join(folder, file));
  const beads = join(folder, BEADS);
  // Samples are superposed on the first of them, so the beads are drawn there.
  await written(paths, result.key === 'sample' || !(await exists(beads)) ? beads : undefined, result, rows);
  rows.finish();
  return outcome;
}

/** Makes a result as a single file: all replicas, one after the other. `lost`: frames that are not in it. */
export async function writeResultFile<R>(
  path: string,
  result: RunResult,
  work: (take: TakeRows) => Promise<R>,
): Promise<{ outcome: R; lost: number }> {
  await using rows = await PartialRows.begin(path);
  const outcome = await work((some) => rows.append(some));
  return { outcome, lost: await written([path], result.system.topology && beadsBeside(path), result, rows) };
}

/** `beads`: where to write the structure of the beads. Returns how many frames are left out: non-finite coordinates. */
async function written(
  paths: readonly string[],
  beads: string | undefined,
  result: RunResult,
  rows: PartialRows,
): Promise<number> {
  const { shape, clock } = result;
  const { topology } = result.system;
  const numbers = shape.reduce((product, length) => product * length, 1);
  if (rows.numbers !== numbers) throw new Error(`${paths[0]}: ${rows.numbers} of ${numbers} numbers were made.`);
  if (!topology || extensionOf(paths[0]!) === 'npy') {
    await writeArrayFile(paths[0]!, topology ? [...shape.slice(0, -1), topology.atoms.length, 3] : shape, rows);
    return 0;
  }
  if (beads !== undefined) await writeBeads(beads, topology, rows);
  const [frames, replicas] = [shape[0]!, shape.length === 3 ? shape[1]! : 1];
  return frames * replicas - (await writeTrajectoryFiles(paths, { topology, frames, replicas, clock }, rows));
}

/** What the beads are, in a run's folder. */
export const BEADS = 'beads.pdb';

/** For a format that does not say what its atoms are; a name that a structure of one's own will not have. */
const beadsBeside = (path: string): string | undefined =>
  writableFormat(path).openStructure ? undefined : join(dirname(path), `${stemOf(path)}-beads.pdb`);

/**
 * Replicas of an earlier simulation must not be mistaken for those of this one. The last one is removed first: without
 * it the others no longer count as a simulation.
 */
async function forgetReplicas(folder: string, { file, shape, system }: RunResult): Promise<void> {
  if (!system.topology || shape.length === 2) return;
  const pattern = replicaPattern(file);
  const found = (await readdir(folder)).flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number);
  for (const path of found.sort((a, b) => b - a).map((replica) => join(folder, replicaPath(file, replica)))) {
    await rm(path, { force: true }).catch((error: unknown) => {
      throw fileError(error, path);
    });
  }
}

const replicaPattern = (file: string): RegExp =>
  new RegExp(`^${basename(replicaPath(file, 0)).replace('000', '(\\d{3,})').replaceAll('.', '\\.')}$`);

const replicaPath = (path: string, replica: number): string =>
  path.replace(/(\.[^.]+)$/, `-${String(replica).padStart(3, '0')}$1`);

/** Removes the partial file of a result that is complete. */
export const forgetLeftovers = (folder: string, { file }: RunResult): Promise<void> =>
  PartialRows.forget(join(folder, file));

/** A complete result, or undefined where there is none yet; NaN where a replica had stopped. */
export async function readResult(folder: string, result: RunResult): Promise<NumberArray | undefined> {
  const found = result.system.topology ? await storedTrajectories(folder, result) : await storedArray(folder, result);
  if (!found) return undefined;
  if (found.shape.length === result.shape.length && found.shape.at(-1) === result.shape.at(-1)) return found;
  throw new ErgodicError(
    `\`${join(folder, result.file)}\` holds an array of shape (${found.shape.join(', ')}); ` +
      `expected are ${result.shape.length} axes, the last of length ${result.shape.at(-1)}.`,
  );
}

async function storedArray(folder: string, { file }: RunResult): Promise<NumberArray | undefined> {
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

async function storedTrajectories(folder: string, result: RunResult): Promise<NumberArray | undefined> {
  const path = join(folder, result.file);
  const [frames, ...others] = result.shape as [number, ...number[]];
  const dimension = result.shape.at(-1)!;
  if (result.shape.length === 2) {
    if (!(await exists(path))) return undefined;
    const positions = await positionsIn(path, dimension);
    const data = roomFor(Math.max(frames, positions.length / dimension), dimension);
    data.set(positions);
    return { shape: [data.length / dimension, dimension], data };
  }
  // A simulation is complete when its last replica has its file: they are written in order.
  const replicas = others[0]!;
  const pattern = replicaPattern(result.file);
  const found = new Set((await readdir(folder)).flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number));
  for (let replica = 0; replica < replicas; replica++) if (!found.has(replica)) return undefined;
  if (found.size !== replicas) return undefined;
  const data = roomFor(frames, replicas * dimension);
  for (let replica = 0; replica < replicas; replica++) {
    const own = await positionsIn(replicaPath(path, replica), dimension);
    for (let frame = 0; frame < Math.min(frames, own.length / dimension); frame++) {
      data.set(own.subarray(frame * dimension, (frame + 1) * dimension), (frame * replicas + replica) * dimension);
    }
  }
  return { shape: [frames, replicas, dimension], data };
}

/** NaN until it is filled. */
const roomFor = (frames: number, width: number): Float32Array =>
  allocated(frames * width, 'All frames together', 'evaluate a run of fewer').fill(Number.NaN);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function positionsIn(path: string, dimension: number): Promise<Float32Array> {
  // A replica may have stopped before its first frame.
  const { size } = await stat(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  if (size === 0) return new Float32Array(0);
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
