/**
 * DCD, the trajectory of CHARMM, NAMD, X-PLOR, OpenMM, LAMMPS: positions in single precision Å, read where they lie.
 * Frames are of one size, so a frame is found by a product; where atoms are fixed, the first frame has all of them and
 * later ones only the free, which are put into the first. Step and time of a frame follow from the header.
 * The number of frames in the header is 0 or wrong in many files: the bytes decide. Writing: dcd/writer.ts.
 */
import { ErgodicError } from '../errors.ts';
import type { Cell } from '../systems/periodic/cell.ts';
import { ANGSTROM } from '../units.ts';
import type { ByteSource } from './byte-source.ts';
import { cellOfRecord } from './dcd/cell.ts';
import { type DcdHeader, markerAt, readDcdHeader } from './dcd/header.ts';
import type { Frame, OpenOptions, Problem, TrajectoryReader } from './trajectory.ts';

export { type DcdWriterOptions, dcdWriter } from './dcd/writer.ts';

const CELL_BYTES = 48;
const PER_NANOMETRE = 1 / ANGSTROM;

export async function openDcd(source: ByteSource, options: OpenOptions = {}): Promise<TrajectoryReader> {
  options.signal?.throwIfAborted();
  const header = await withRealCellFlag(source, await readDcdHeader(source));
  const { atoms, freeAtoms } = header;
  const firstSize = frameSize(header, atoms);
  const laterSize = frameSize(header, freeAtoms?.length ?? atoms);
  const room = source.size - header.end;
  const frames = room < firstSize ? 0 : 1 + Math.floor((room - firstSize) / laterSize);
  const end = frames === 0 ? header.end : header.end + firstSize + (frames - 1) * laterSize;
  options.progress?.(source.size);

  const beginOf = (index: number) => (index === 0 ? header.end : header.end + firstSize + (index - 1) * laterSize);
  const readFrame = async (index: number): Promise<{ coordinates: DataView[]; cell: Cell | undefined }> => {
    const at = beginOf(index);
    const size = index === 0 ? firstSize : laterSize;
    const bytes = await source.read(at, size);
    if (bytes.length < size) {
      throw new ErgodicError(
        `\`${source.name}\` has become shorter: frame ${index} ends at byte ${at + bytes.length}.`,
      );
    }
    return splitFrame(source.name, header, index, at, bytes);
  };

  let first: Promise<Float32Array> | undefined;
  const firstPositions = (): Promise<Float32Array> => {
    first ??= readFrame(0).then(({ coordinates }) => {
      const positions = new Float32Array(3 * atoms);
      scatter(coordinates, positions, undefined, header.littleEndian);
      return positions;
    });
    return first;
  };

  const firstCell = frames > 0 && header.hasCell ? await cellRecord(source, header) : undefined;
  const problems = problemsOf(source, header, frames, end);
  if (firstCell && !firstCell.cell && firstCell.numbers.some((value) => value !== 0)) {
    const message = `The periodic cell of \`${source.name}\` makes no sense and is left out (byte ${header.end}).`;
    problems.push({ message, byte: header.end });
  }

  return {
    format: 'DCD',
    atoms,
    frames,
    problems,
    holds: { velocities: false, forces: false, cell: firstCell?.cell !== undefined },
    frame: async (index): Promise<Frame> => {
      if (!(Number.isInteger(index) && index >= 0 && index < frames)) {
        throw new ErgodicError(`\`${source.name}\` has ${frames} frames; there is no frame ${index}.`);
      }
      const { coordinates, cell } = await readFrame(index);
      const positions = freeAtoms && index > 0 ? new Float32Array(await firstPositions()) : new Float32Array(3 * atoms);
      scatter(coordinates, positions, index > 0 ? freeAtoms : undefined, header.littleEndian);
      return { positions, ...(cell && { cell }), ...clockOf(header, index) };
    },
  };
}

function problemsOf(source: ByteSource, header: DcdHeader, frames: number, end: number): Problem[] {
  const { name, size } = source;
  if (end < size) {
    return [
      { message: `\`${name}\` ends inside frame ${frames} (byte ${size}): it has ${frames} whole ones.`, byte: size },
    ];
  }
  if (header.declaredFrames <= frames) return [];
  const message = `\`${name}\` should have ${header.declaredFrames} frames and ends after ${frames} (byte ${size}).`;
  return [{ message, byte: size }];
}

/** Step and time, where the header has what they are made of. */
function clockOf({ firstStep, stepsPerFrame, timeStep }: DcdHeader, index: number): Pick<Frame, 'step' | 'time'> {
  if (stepsPerFrame === 0) return {};
  const step = firstStep + index * stepsPerFrame;
  return timeStep === undefined ? { step } : { step, time: exactProduct(step, timeStep) };
}

/** 3 · 0.002 is 0.006 and not 0.006000000000000001: a time step of few digits gives times of few digits. */
const exactProduct = (steps: number, timeStep: number): number => Number((steps * timeStep).toPrecision(14));

const recordSize = (header: DcdHeader, bytes: number): number => bytes + 2 * header.markerBytes;

const frameSize = (header: DcdHeader, atoms: number): number =>
  (header.hasCell ? recordSize(header, CELL_BYTES) : 0) + (3 + header.extraRecords) * recordSize(header, 4 * atoms);

/** Some programs set the flag and write no cell, or the other way round: the first record tells by its length. */
async function withRealCellFlag(source: ByteSource, header: DcdHeader): Promise<DcdHeader> {
  const { markerBytes, littleEndian, atoms, end } = header;
  const bytes = await source.read(end, markerBytes);
  if (bytes.length < markerBytes) return header;
  const length = markerAt(new DataView(bytes.buffer, bytes.byteOffset, markerBytes), 0, markerBytes, littleEndian);
  const isCell = length === CELL_BYTES;
  const isCoordinates = length === 4 * atoms;
  if (isCell === isCoordinates && isCell) return header;
  if (isCell || isCoordinates) return { ...header, hasCell: isCell };
  throw new ErgodicError(
    `\`${source.name}\` is a damaged DCD file: its first frame begins with a record of ${length} bytes, ` +
      `but ${atoms} atoms need ${4 * atoms} (byte ${end}).`,
  );
}

async function cellRecord(source: ByteSource, header: DcdHeader) {
  const bytes = await source.read(header.end + header.markerBytes, CELL_BYTES);
  const numbers = cellNumbers(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, header.littleEndian);
  return { numbers, cell: cellOfRecord(numbers, header.version) };
}

const cellNumbers = (view: DataView, offset: number, littleEndian: boolean): number[] =>
  Array.from({ length: 6 }, (_, i) => view.getFloat64(offset + 8 * i, littleEndian));

/** The records of one frame, their markers checked. */
function splitFrame(name: string, header: DcdHeader, index: number, begin: number, bytes: Uint8Array) {
  const { markerBytes, littleEndian, hasCell, extraRecords, atoms, freeAtoms } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 0;
  const record = (length: number): DataView => {
    for (const at of [offset, offset + markerBytes + length]) {
      const found = markerAt(view, at, markerBytes, littleEndian);
      if (found === length) continue;
      throw new ErgodicError(
        `Frame ${index} of \`${name}\` is damaged: there should be a record of ${length} bytes, ` +
          `and there is one of ${found} (byte ${begin + at}).`,
      );
    }
    const data = new DataView(bytes.buffer, bytes.byteOffset + offset + markerBytes, length);
    offset += recordSize(header, length);
    return data;
  };
  const cell = hasCell ? cellOfRecord(cellNumbers(record(CELL_BYTES), 0, littleEndian), header.version) : undefined;
  const length = 4 * (index === 0 ? atoms : (freeAtoms?.length ?? atoms));
  const coordinates = [record(length), record(length), record(length)];
  for (let extra = 0; extra < extraRecords; extra++) record(length);
  return { coordinates, cell };
}

/** One view per axis, Å, into x y z of one atom after the other, nm; `places` says where each atom belongs. */
function scatter(
  coordinates: readonly DataView[],
  positions: Float32Array,
  indices: Int32Array | undefined,
  littleEndian: boolean,
): void {
  for (let axis = 0; axis < 3; axis++) {
    const values = coordinates[axis]!;
    const count = values.byteLength / 4;
    for (let i = 0; i < count; i++) {
      const atomIndex = indices === undefined ? i : indices[i]!;
      positions[3 * atomIndex + axis] = values.getFloat32(4 * i, littleEndian) / PER_NANOMETRE;
    }
  }
}
