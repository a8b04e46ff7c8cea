/**
 * TRR, the full-precision trajectory of GROMACS: the cell, positions, velocities and forces in nm, ps and kJ/mol, in
 * single or double precision. Each frame says what it holds, and frames of one file may differ: forces may be written
 * more often than positions. Frames without positions are left out, as GROMACS' own tools do, with a word about it.
 * Not kept: virial, pressure and the coupling parameter λ. Steps have 32 bits and turn negative after 2³¹.
 */
import { ErgodicError } from '../errors.ts';
import type { Cell } from '../systems/periodic/cell.ts';
import type { ByteSource } from './byte-source.ts';
import { type FrameHead, scanFrames, viewOf } from './frame-scan.ts';
import type { Coordinates, Frame, OpenOptions, TrajectoryReader, TrajectoryWriter } from './trajectory.ts';
import { type FloatBytes, isZero, readFloats, writeFloats } from './xdr.ts';

interface TrrHead extends FrameHead {
  readonly floatBytes: FloatBytes;
  /** Where the frame has its blocks, in bytes from its beginning; 0 for one that it lacks. */
  readonly cell: number;
  readonly positions: number;
  readonly velocities: number;
  readonly forces: number;
}

const MAGIC = 1993;
const VERSION = 'GMX_trn_file';
/** The magic number, the length of the version with a final zero and without, and the version: how frames begin. */
const VERSION_AT = 12;
const START = Uint8Array.of(0, 0, 7, 201, 0, 0, 0, 13, 0, 0, 0, 12, ...new TextEncoder().encode(VERSION));
const SIZES_AT = VERSION_AT + VERSION.length;
const ATOMS_AT = SIZES_AT + 40;
const STEP_AT = SIZES_AT + 44;
/** Time and λ, as floats; the blocks follow. */
const TIME_AT = SIZES_AT + 52;
const MATRIX = 9;
const NO_CELL: readonly number[] = new Array(MATRIX).fill(0);
/** With the cell, which is looked at to see whether there is one. */
const LONGEST_HEAD = TIME_AT + (2 + MATRIX) * 8;

/** Indices in the list of ten sizes, and how many numbers those blocks have: none for those that are never written. */
const CELL = 2;
const POSITIONS = 7;
const VELOCITIES = 8;
const FORCES = 9;
const PER_FRAME = [0, 0, MATRIX, MATRIX, MATRIX, 0, 0, 0, 0, 0] as const;
const PER_ATOM = [0, 0, 0, 0, 0, 0, 0, 3, 3, 3] as const;
const BLOCKS = 10;

export async function openTrr(source: ByteSource, options: OpenOptions = {}): Promise<TrajectoryReader> {
  const holds = { velocities: false, forces: false, cell: false };
  let longest = 0;
  const keep = (head: TrrHead): boolean => {
    if (head.positions === 0) return false;
    holds.velocities ||= head.velocities > 0;
    holds.forces ||= head.forces > 0;
    holds.cell ||= head.cell > 0;
    longest = Math.max(longest, head.bytes);
    return true;
  };
  // An index does not tell which frames were left out, nor what the others hold.
  const layout = { format: 'TRR', headBytes: LONGEST_HEAD, readHead, keep, indexOfAlike: true };
  const { first, frames, index, rangeOf, left, problems } = await scanFrames(source, layout, options);
  if (frames === 0) {
    throw new ErgodicError(
      `\`${source.name}\` has frames (${left.count}), but none with positions: choose another one.`,
    );
  }
  const missing = `Frames of \`${source.name}\` that have no positions are left out: ${left.count}, the first at byte ${left.byte}.`;
  return {
    format: 'TRR',
    atoms: first.atoms,
    frames,
    problems: left.count > 0 ? [{ message: missing, byte: left.byte }, ...problems] : problems,
    index,
    holds,
    frame: async (number) => {
      if (!(Number.isInteger(number) && number >= 0 && number < frames)) {
        throw new ErgodicError(`\`${source.name}\` has ${frames} frames; there is no frame ${number}.`);
      }
      const { start, end } = await rangeOf(number);
      const view = viewOf(await source.read(start, Math.min(longest, end - start)));
      const head = readHead(view, 0);
      const same = typeof head === 'object' && head.atoms === first.atoms && head.bytes <= view.byteLength;
      if (same && head.positions > 0) return frameOf(view, head);
      throw new ErgodicError(
        `Frame ${number} of \`${source.name}\` (byte ${start}) cannot be read: the file has changed since it was opened.`,
      );
    },
  };
}

function readHead(view: DataView, offset: number): TrrHead | string | undefined {
  const length = view.byteLength - offset;
  if (length < 4) return undefined;
  const magic = view.getInt32(offset);
  if (magic !== MAGIC) return `its magic number is ${magic}`;
  if (length < TIME_AT) return undefined;
  const letters = view.getInt32(offset + 8);
  if (letters !== VERSION.length || view.getInt32(offset + 4) !== letters + 1)
    return `its version has ${letters} letters`;
  const atoms = view.getInt32(offset + ATOMS_AT);
  if (atoms < 1) return `it has ${atoms} atoms`;
  // In plain loops: frames of a few atoms are scanned by the million.
  const sizes = offset + SIZES_AT;
  let floatBytes = 0;
  for (let block = 0; block < BLOCKS && floatBytes === 0; block++) {
    const size = view.getInt32(sizes + 4 * block);
    if (size !== 0) floatBytes = size / numbersIn(block, atoms);
  }
  if (floatBytes !== 4 && floatBytes !== 8) return `its numbers take ${floatBytes} bytes`;
  const at = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  let bytes = TIME_AT + 2 * floatBytes;
  for (let block = 0; block < BLOCKS; block++) {
    const size = view.getInt32(sizes + 4 * block);
    if (size === 0) continue;
    if (size !== floatBytes * numbersIn(block, atoms)) {
      return `its block ${block} takes ${size} bytes, which is not that of ${atoms} atoms`;
    }
    at[block] = bytes;
    bytes += size;
  }
  let cell = at[CELL]!;
  if (cell > 0 && length < cell + MATRIX * floatBytes) return undefined;
  if (cell > 0 && isZero(view, offset + cell, MATRIX, floatBytes)) cell = 0;
  const [positions, velocities, forces] = [at[POSITIONS]!, at[VELOCITIES]!, at[FORCES]!];
  return { atoms, bytes, floatBytes, cell, positions, velocities, forces };
}

const numbersIn = (block: number, atoms: number): number => PER_FRAME[block]! + PER_ATOM[block]! * atoms;

function frameOf(view: DataView, { atoms, floatBytes, cell, positions, velocities, forces }: TrrHead): Frame {
  const vectors = (at: number) => readFloats(view, at, 3 * atoms, floatBytes);
  return {
    positions: vectors(positions),
    ...(velocities > 0 && { velocities: vectors(velocities) }),
    ...(forces > 0 && { forces: vectors(forces) }),
    ...(cell > 0 && { cell: Array.from(readFloats(view, cell, MATRIX, floatBytes)) }),
    time: floatBytes === 4 ? view.getFloat32(TIME_AT) : view.getFloat64(TIME_AT),
    step: view.getInt32(STEP_AT),
  };
}

export interface TrrWriterOptions {
  readonly atoms: number;
  /** Whether numbers take eight bytes instead of four. */
  readonly double?: boolean;
}

/**
 * Each frame is written with what it holds; one that has no step or time gets its index in the file. A frame without a
 * cell gets nine zeros, as from GROMACS: mdtraj and MDAnalysis report uninitialised memory where the block is missing.
 */
export function trrWriter({ atoms, double = false }: TrrWriterOptions): TrajectoryWriter {
  const floatBytes = double ? 8 : 4;
  // The sizes of blocks have 32 bits.
  const most = Math.floor((2 ** 31 - 1) / (3 * floatBytes));
  if (!(Number.isInteger(atoms) && atoms > 0 && atoms <= most)) {
    throw new ErgodicError(
      `A TRR file of ${double ? 'double' : 'single'} precision holds 1 to ${most} atoms, not ${atoms}.`,
    );
  }
  let frames = 0;
  return {
    head: () => new Uint8Array(),
    frame: ({ positions, velocities, forces, cell, time = frames, step = frames }) => {
      for (const vectors of [positions, velocities, forces]) {
        if (!vectors || vectors.length === 3 * atoms) continue;
        throw new ErgodicError(`A frame of ${vectors.length / 3} atoms cannot go into a TRR file of ${atoms}.`);
      }
      const blocks: [number, Coordinates | Cell | undefined][] = [
        [CELL, cell ?? NO_CELL],
        [POSITIONS, positions],
        [VELOCITIES, velocities],
        [FORCES, forces],
      ];
      let at = TIME_AT + 2 * floatBytes;
      const bytes = new Uint8Array(blocks.reduce((sum, [, values]) => sum + (values?.length ?? 0) * floatBytes, at));
      const view = viewOf(bytes);
      bytes.set(START);
      view.setInt32(ATOMS_AT, atoms);
      view.setInt32(STEP_AT, step);
      writeFloats(view, TIME_AT, [time, 0], floatBytes);
      for (const [block, values] of blocks) {
        if (!values) continue;
        view.setInt32(SIZES_AT + 4 * block, values.length * floatBytes);
        writeFloats(view, at, values, floatBytes);
        at += values.length * floatBytes;
      }
      frames++;
      return bytes;
    },
    end: () => ({ tail: new Uint8Array(), patches: [] }),
  };
}
