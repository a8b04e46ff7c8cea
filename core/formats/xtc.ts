/**
 * XTC, the compressed trajectory of GROMACS: positions rounded to 1/precision nm, the cell, time (ps) and step.
 * Frames of nine atoms and fewer are plain floats. Two magic numbers: 1995, and 2023, whose size of the compressed
 * bytes has 64 bits, for frames that could exceed 32. Steps have 32 bits and turn negative after 2³¹, as everywhere.
 * Not here: the compressed bits (xtc/coder.ts).
 */
import { ErgodicError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { type FrameHead, scanFrames, viewOf } from './frame-scan.ts';
import type { Coordinates, Frame, OpenOptions, TrajectoryReader, TrajectoryWriter } from './trajectory.ts';
import { isZero, readFloats, writeFloats } from './xdr.ts';
import { type PackedCoordinates, pack, unpack } from './xtc/coder.ts';

interface XtcHead extends FrameHead {
  readonly hasCell: boolean;
  /** 1/nm; 0 where coordinates are plain floats. */
  readonly precision: number;
  /** Where the coordinates begin in the frame, plain or compressed, and how long they are without what fills up. */
  readonly data: number;
  readonly dataBytes: number;
}

const MAGIC = 1995;
const MAGIC_64_BIT = 2023;
/** More atoms might not fit into a size of 32 bits: from here on GROMACS writes 64. */
const MOST_ATOMS_32_BIT = 298_261_617;
const MOST_ATOMS_PLAIN = 9;
const BYTES_PER_ATOM = 12;
const DEFAULT_PRECISION = 1000;

const ATOMS_AT = 4;
const STEP_AT = 8;
const TIME_AT = 12;
const CELL_AT = 16;
const ATOMS_AGAIN_AT = 52;
const DATA_AT = 56;
const PRECISION_AT = 56;
const LEAST_AT = 60;
const MOST_AT = 72;
const TABLE_INDEX_AT = 84;
const SIZE_AT = 88;
const LONGEST_HEAD = 96;

const filledUp = (bytes: number): number => Math.ceil(bytes / 4) * 4;

export async function openXtc(source: ByteSource, options: OpenOptions = {}): Promise<TrajectoryReader> {
  const holds = { velocities: false, forces: false, cell: false };
  const keep = ({ hasCell }: XtcHead): boolean => {
    holds.cell ||= hasCell;
    return true;
  };
  const layout = { format: 'XTC', headBytes: LONGEST_HEAD, readHead, keep };
  const { first, frames, index, rangeOf, problems } = await scanFrames(source, layout, options);
  return {
    format: 'XTC',
    atoms: first.atoms,
    frames,
    problems,
    index,
    holds,
    ...(first.precision > 0 && { precision: first.precision }),
    frame: async (number) => {
      if (!(Number.isInteger(number) && number >= 0 && number < frames)) {
        throw new ErgodicError(`\`${source.name}\` has ${frames} frames; there is no frame ${number}.`);
      }
      const { start, end } = await rangeOf(number);
      const read = readFrame(await source.read(start, end - start), first.atoms);
      if (typeof read !== 'string') return read;
      throw new ErgodicError(`Frame ${number} of \`${source.name}\` (byte ${start}) cannot be read: ${read}.`);
    },
  };
}

function readHead(view: DataView, offset: number): XtcHead | string | undefined {
  const length = view.byteLength - offset;
  if (length < 4) return undefined;
  const magic = view.getInt32(offset);
  if (magic !== MAGIC && magic !== MAGIC_64_BIT) return `its magic number is ${magic}`;
  if (length < DATA_AT) return undefined;
  const atoms = view.getInt32(offset + ATOMS_AT);
  if (atoms < 1) return `it has ${atoms} atoms`;
  const again = view.getInt32(offset + ATOMS_AGAIN_AT);
  if (atoms !== again) return `it has ${atoms} atoms, and ${again} according to the next number`;
  const hasCell = !isZero(view, offset + CELL_AT, 9, 4);
  if (atoms <= MOST_ATOMS_PLAIN) {
    const dataBytes = atoms * BYTES_PER_ATOM;
    return { atoms, hasCell, precision: 0, data: DATA_AT, dataBytes, bytes: DATA_AT + dataBytes };
  }
  const data = SIZE_AT + (magic === MAGIC ? 4 : 8);
  if (length < data) return undefined;
  const upper = magic === MAGIC ? 0 : view.getInt32(offset + SIZE_AT);
  const lower = view.getInt32(offset + data - 4);
  const dataBytes = magic === MAGIC ? lower : upper * 2 ** 32 + (lower >>> 0);
  if (dataBytes < 0 || !Number.isSafeInteger(dataBytes)) return `its coordinates take ${dataBytes} bytes`;
  const precision = view.getFloat32(offset + PRECISION_AT);
  return { atoms, hasCell, precision, data, dataBytes, bytes: data + filledUp(dataBytes) };
}

/** A frame, or what is wrong with it. */
function readFrame(bytes: Uint8Array, atoms: number): Frame | string {
  const view = viewOf(bytes);
  const head = readHead(view, 0);
  if (typeof head !== 'object' || head.atoms !== atoms || head.bytes !== bytes.length) {
    return 'the file has changed since it was opened';
  }
  const positions =
    atoms <= MOST_ATOMS_PLAIN
      ? readFloats(view, DATA_AT, 3 * atoms, 4)
      : unpack(packedCoordinates(view, atoms, bytes.subarray(head.data, head.data + head.dataBytes)));
  if (typeof positions === 'string') return positions;
  const cell = head.hasCell && Array.from(readFloats(view, CELL_AT, 9, 4));
  return { positions, time: view.getFloat32(TIME_AT), step: view.getInt32(STEP_AT), ...(cell && { cell }) };
}

function packedCoordinates(view: DataView, atoms: number, bytes: Uint8Array): PackedCoordinates {
  const axes = (offset: number) =>
    [view.getInt32(offset), view.getInt32(offset + 4), view.getInt32(offset + 8)] as const;
  return {
    atoms,
    precision: view.getFloat32(PRECISION_AT),
    least: axes(LEAST_AT),
    most: axes(MOST_AT),
    tableIndex: view.getInt32(TABLE_INDEX_AT),
    bytes,
  };
}

export interface XtcWriterOptions {
  readonly atoms: number;
  /** 1/nm: positions are rounded to multiples of its inverse. */
  readonly precision?: number;
}

/** A frame that has no step or time gets its index in the file. */
export function xtcWriter({ atoms, precision = DEFAULT_PRECISION }: XtcWriterOptions): TrajectoryWriter {
  if (!(Number.isInteger(atoms) && atoms > 0 && atoms < 2 ** 31)) {
    throw new ErgodicError(`An XTC file holds 1 to 2^31 − 1 atoms, not ${atoms}.`);
  }
  const inverseNanometre = Math.fround(precision);
  if (!(inverseNanometre > 0 && Number.isFinite(inverseNanometre))) {
    throw new ErgodicError(`The precision of an XTC file is a positive number (1/nm), not ${precision}.`);
  }
  let frames = 0;
  return {
    head: () => new Uint8Array(),
    frame: ({ positions, cell, time = frames, step = frames }) => {
      if (positions.length !== 3 * atoms) {
        throw new ErgodicError(`A frame of ${positions.length / 3} atoms cannot go into an XTC file of ${atoms}.`);
      }
      const bytes =
        atoms <= MOST_ATOMS_PLAIN ? plainFrame(positions) : packedFrame(positions, inverseNanometre, frames);
      const view = viewOf(bytes);
      view.setInt32(0, atoms > MOST_ATOMS_32_BIT ? MAGIC_64_BIT : MAGIC);
      view.setInt32(ATOMS_AT, atoms);
      view.setInt32(STEP_AT, step);
      view.setFloat32(TIME_AT, time);
      if (cell) writeFloats(view, CELL_AT, cell, 4);
      view.setInt32(ATOMS_AGAIN_AT, atoms);
      frames++;
      return bytes;
    },
    end: () => ({ tail: new Uint8Array(), patches: [] }),
  };
}

function plainFrame(positions: Coordinates): Uint8Array {
  const bytes = new Uint8Array(DATA_AT + 4 * positions.length);
  writeFloats(viewOf(bytes), DATA_AT, positions, 4);
  return bytes;
}

function packedFrame(positions: Coordinates, precision: number, frame: number): Uint8Array {
  const packed = pack(positions, precision);
  if (!packed) throw new ErgodicError(tooLarge(positions, precision, frame));
  const { atoms, least, most, tableIndex, bytes: compressed } = packed;
  const wide = atoms > MOST_ATOMS_32_BIT;
  const data = SIZE_AT + (wide ? 8 : 4);
  const bytes = new Uint8Array(data + filledUp(compressed.length));
  const view = viewOf(bytes);
  view.setFloat32(PRECISION_AT, precision);
  for (let axis = 0; axis < 3; axis++) {
    view.setInt32(LEAST_AT + 4 * axis, least[axis]!);
    view.setInt32(MOST_AT + 4 * axis, most[axis]!);
  }
  view.setInt32(TABLE_INDEX_AT, tableIndex);
  if (wide) view.setInt32(SIZE_AT, Math.floor(compressed.length / 2 ** 32));
  view.setInt32(data - 4, compressed.length);
  bytes.set(compressed, data);
  return bytes;
}

function tooLarge(positions: Coordinates, precision: number, frame: number): string {
  let farthest = 0;
  for (let i = 0; i < positions.length && Number.isFinite(positions[farthest]); i++) {
    if (!(Math.abs(positions[i]!) <= Math.abs(positions[farthest]!))) farthest = i;
  }
  const value = positions[farthest]!;
  const atom = Math.floor(farthest / 3);
  return Number.isFinite(value)
    ? `Frame ${frame} cannot be written as XTC of precision ${precision}: atom ${atom} lies at ${value} nm, and coordinates and the distances between them must stay below ${Math.floor(2 ** 31 / precision)} nm; take a lower precision.`
    : `Frame ${frame} cannot be written as XTC: a coordinate of atom ${atom} is ${value}.`;
}
