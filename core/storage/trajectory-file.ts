/**
 * Rows as trajectories of a molecule, in any format that can be written. Frames of all replicas wait together while a
 * trajectory is one replica after the other; a replica that stopped ends where it stopped. Samples have no order and no
 * orientation of their own: each is superposed on the first (method §2), and one with non-finite coordinates is left out.
 */
import { moleculeFormat, writableFormat } from '../formats/molecule-formats.ts';
import type { Frame } from '../formats/trajectory.ts';
import { move, superpose } from '../systems/superpose.ts';
import type { Topology } from '../systems/topology.ts';
import { writeAtomically } from './atomic-write.ts';
import type { PartialRows } from './partial-rows.ts';
import { writeFrames } from './write-frames.ts';

export interface TrajectoryShape {
  /** Of the beads. */
  readonly topology: Topology;
  readonly frames: number;
  readonly replicas: number;
  /** When each frame was; absent where frames have no order. */
  readonly clock?: FrameClock | undefined;
}

export interface FrameClock {
  /** Steps until the first frame, and from one to the next. */
  readonly firstStep: number;
  readonly stride: number;
  /** ps. */
  readonly timeStep: number;
}

/** Bytes of frames that are sorted by replica at once. */
const SORTED_AT_ONCE = 2 ** 27;
const READ_AT_ONCE = 2 ** 22;

/** nm from the centre: beyond this nothing is a molecule, and some formats have no room for it. */
const FARTHEST = 1e3;

/**
 * `paths`: one file for all replicas, or one for each. Those that are finished have their names, in order. Returns how
 * many frames there are in them.
 */
export async function writeTrajectoryFiles(
  paths: readonly string[],
  shape: TrajectoryShape,
  rows: PartialRows,
): Promise<number> {
  if (paths.length === 1) return writeTrajectory(paths[0]!, shape, piecesOf(shape, rows));
  let written = 0;
  for await (const piece of piecesOf(shape, rows)) {
    written += await writeTrajectory(paths[piece.replica]!, { ...shape, replicas: 1 }, [piece]);
  }
  return written;
}

/** Throws what a writer has against a molecule; call it before the work whose result goes there. */
export async function checkTrajectoryName(path: string, topology: Topology): Promise<void> {
  await writableFormat(path).writer({ topology, cell: false });
}

/** Some frames of one replica. */
interface Piece {
  readonly replica: number;
  /** Index of the first of them. */
  readonly first: number;
  readonly frames: Float32Array;
}

/** One replica after the other: each in one piece, or the only one in as many as one likes. */
async function* piecesOf({ topology, frames, replicas }: TrajectoryShape, rows: PartialRows): AsyncGenerator<Piece> {
  const width = 3 * topology.atoms.length;
  const block = Math.max(1, Math.floor(READ_AT_ONCE / (4 * replicas * width)));
  const buffer = new Float32Array(Math.min(block, frames) * replicas * width);
  const readFrom = async (first: number): Promise<Float32Array> => {
    const some = buffer.subarray(0, Math.min(block, frames - first) * replicas * width);
    await rows.read(first * replicas * width, some);
    return some;
  };
  if (replicas === 1) {
    for (let first = 0; first < frames; first += block) yield { replica: 0, first, frames: await readFrom(first) };
    return;
  }
  const together = Math.max(1, Math.min(replicas, Math.floor(SORTED_AT_ONCE / (4 * frames * width))));
  for (let replica = 0; replica < replicas; replica += together) {
    const count = Math.min(together, replicas - replica);
    const sorted = Array.from({ length: count }, () => new Float32Array(frames * width));
    for (let first = 0; first < frames; first += block) {
      const some = await readFrom(first);
      for (let start = 0, frame = first; start < some.length; start += replicas * width, frame++) {
        for (const [i, own] of sorted.entries()) {
          const at = start + (replica + i) * width;
          own.set(some.subarray(at, at + width), frame * width);
        }
      }
    }
    for (const [i, own] of sorted.entries()) yield { replica: replica + i, first: 0, frames: own };
  }
}

async function writeTrajectory(
  path: string,
  shape: TrajectoryShape,
  pieces: Iterable<Piece> | AsyncIterable<Piece>,
): Promise<number> {
  const { topology, clock, frames } = shape;
  const { writer: writerOf, farthest = FARTHEST, oneClock } = writableFormat(path);
  const timeStep = clock && clock.stride * clock.timeStep;
  const writer = await writerOf({ topology, cell: false, timeStep, frames: frames * shape.replicas });
  const timed = { ...shape, clock: oneClock && shape.replicas > 1 ? undefined : clock };
  const framesOf = clock ? inOrder(timed, farthest) : superposed(topology, farthest);
  const all = async function* () {
    for await (const piece of pieces) yield* framesOf(piece);
  };
  return writeFrames(path, writer, all());
}

type FramesOf = (piece: Piece) => Iterable<Frame>;

const isConformation = (positions: Float32Array, farthest: number): boolean =>
  positions.every((value) => Math.abs(value) < farthest);

/** The frames of each replica up to the first that is not there. */
function inOrder({ topology, clock }: TrajectoryShape, farthest: number): FramesOf {
  const width = 3 * topology.atoms.length;
  let stopped = -1;
  return function* framesOf({ replica, first, frames }) {
    for (let start = 0; start < frames.length && replica !== stopped; start += width) {
      const positions = frames.subarray(start, start + width);
      if (!isConformation(positions, farthest)) stopped = replica;
      else yield { positions, ...(clock ? momentOf(clock, first + start / width) : {}) };
    }
  };
}

function momentOf({ firstStep, stride, timeStep }: FrameClock, frame: number) {
  const step = firstStep + frame * stride;
  return { step, time: step * timeStep };
}

function superposed({ atoms }: Topology, farthest: number): FramesOf {
  const width = 3 * atoms.length;
  const moved = new Float32Array(width);
  let target: Float32Array | undefined;
  return function* framesOf({ first, frames }) {
    for (let start = 0; start < frames.length; start += width) {
      const positions = frames.subarray(start, start + width);
      if (!isConformation(positions, farthest)) continue;
      target ??= positions.slice();
      move(superpose(positions, target), positions, moved);
      yield { positions: moved, step: first + start / width };
    }
  };
}

/** What the beads are, at the positions of the first row that is finite. */
export async function writeBeads(path: string, topology: Topology, rows: PartialRows): Promise<void> {
  const { pdbWriter } = await import('../formats/pdb.ts');
  const { farthest = FARTHEST } = moleculeFormat('.pdb');
  const positions = new Float32Array(3 * topology.atoms.length);
  for (let first = 0; ; first += positions.length) {
    if (first === rows.numbers) {
      positions.fill(0);
      break;
    }
    await rows.read(first, positions);
    if (isConformation(positions, farthest)) break;
  }
  const writer = pdbWriter(inColumns(topology), { frames: 1 });
  await writeAtomically(path, Buffer.concat([writer.head(), writer.frame({ positions }), writer.end().tail]));
}

/** Names as long as PDB has columns for them: for files that only show what there is, and shall not fail for a name. */
export const inColumns = ({ atoms, residues, chains, bonds }: Topology): Topology => ({
  atoms: atoms.map((atom) => ({ ...atom, name: atom.name.slice(0, 4) })),
  residues: residues.map((residue) => ({ ...residue, name: residue.name.slice(0, 4) })),
  chains: chains.map((chain) => ({ ...chain, id: chain.id.slice(0, 1) })),
  bonds,
});
