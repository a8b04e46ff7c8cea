/**
 * Rows as trajectories of a molecule, in any format that can be written. Frames of all replicas wait together while a
 * trajectory is one replica after the other; a replica that stopped ends where it stopped.
 */
import { open, rm } from 'node:fs/promises';
import { writableFormat } from '../formats/molecule-formats.ts';
import type { TrajectoryWriter } from '../formats/trajectory.ts';
import type { Topology } from '../systems/topology.ts';
import { replace, temporaryName, writeAtomically } from './atomic-write.ts';
import { fileError } from './file-errors.ts';
import type { WaitingRows } from './waiting-rows.ts';

export interface TrajectoryShape {
  /** Of the beads. */
  readonly topology: Topology;
  readonly frames: number;
  readonly replicas: number;
  /** ps, of the first frame and between frames; absent where frames have no order. */
  readonly times?: { readonly first: number; readonly step: number };
}

/** Bytes of frames that are sorted by replica at once. */
const SORTED_AT_ONCE = 2 ** 27;
const READ_AT_ONCE = 2 ** 22;

/** `paths`: one file for all replicas, or one for each. Those that are finished have their names, in order. */
export async function writeTrajectoryFiles(
  paths: readonly string[],
  shape: TrajectoryShape,
  rows: WaitingRows,
): Promise<void> {
  if (paths.length === 1) return writeTrajectory(paths[0]!, shape, replicasOf(shape, rows));
  let replica = 0;
  for await (const frames of replicasOf(shape, rows)) await writeTrajectory(paths[replica++]!, shape, [frames]);
}

/** The frames of each replica, one replica after the other. */
async function* replicasOf({ topology, frames, replicas }: TrajectoryShape, rows: WaitingRows) {
  const width = 3 * topology.atoms.length;
  const together = Math.max(1, Math.min(replicas, Math.floor(SORTED_AT_ONCE / (4 * frames * width))));
  const block = Math.max(1, Math.floor(READ_AT_ONCE / (4 * replicas * width)));
  const buffer = new Float32Array(block * replicas * width);
  for (let first = 0; first < replicas; first += together) {
    const count = Math.min(together, replicas - first);
    const sorted = Array.from({ length: count }, () => new Float32Array(frames * width));
    for (let frame = 0; frame < frames; frame += block) {
      const some = buffer.subarray(0, Math.min(block, frames - frame) * replicas * width);
      await rows.read(frame * replicas * width, some);
      for (let start = 0; start < some.length; start += replicas * width) {
        for (const [i, own] of sorted.entries()) {
          const at = start + (first + i) * width;
          own.set(some.subarray(at, at + width), (frame + start / (replicas * width)) * width);
        }
      }
    }
    yield* sorted;
  }
}

async function writeTrajectory(
  path: string,
  shape: TrajectoryShape,
  replicas: Iterable<Float32Array> | AsyncIterable<Float32Array>,
): Promise<void> {
  const { topology, times } = shape;
  const writer = await writableFormat(path).writer({ topology, cell: false, timeStep: times?.step });
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx+');
    try {
      await file.appendFile(writer.head());
      for await (const frames of replicas) {
        for (const bytes of encoded(frames, shape, writer)) await file.appendFile(bytes);
      }
      const { tail, patches } = writer.end();
      await file.appendFile(tail);
      for (const { offset, bytes } of patches) await file.write(bytes, 0, bytes.length, offset);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, path);
  }
  await replace(temporary, path);
}

/** The frames of one replica up to the first that is not there, in blocks. */
function* encoded(frames: Float32Array, { topology, times }: TrajectoryShape, writer: TrajectoryWriter) {
  const width = 3 * topology.atoms.length;
  let pieces: Uint8Array[] = [];
  let size = 0;
  for (let start = 0; start < frames.length && !Number.isNaN(frames[start]); start += width) {
    const step = start / width;
    const time = times ? { time: times.first + step * times.step } : {};
    const bytes = writer.frame({ positions: frames.subarray(start, start + width), step, ...time });
    pieces.push(bytes);
    size += bytes.length;
    if (size < READ_AT_ONCE) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pieces);
}

/** The first of the rows as a structure that says what the beads are. */
export async function writeBeads(path: string, topology: Topology, rows: WaitingRows): Promise<void> {
  const { pdbWriter } = await import('../formats/pdb.ts');
  const positions = new Float32Array(3 * topology.atoms.length);
  await rows.read(0, positions);
  const writer = pdbWriter(topology);
  const frame = { positions: positions.every(Number.isFinite) ? positions : new Float32Array(positions.length) };
  await writeAtomically(path, Buffer.concat([writer.head(), writer.frame(frame), writer.end().tail]));
}
