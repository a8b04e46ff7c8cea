/**
 * AMBER's NetCDF: trajectories (frame, atom, spatial) and restarts (atom, spatial), by convention version 1.0 and as
 * LAMMPS writes it, read where they lie: a frame is one read, or one for each variable where they are far apart.
 * The attributes `units` and `scale_factor` are honoured; without them numbers are Å, ps, Å/ps, kcal/(mol·Å), degrees.
 * LAMMPS writes atoms in any order and says who is who in `id`: they are sorted by it, the same in every frame.
 * Records that the header counts but the file lacks are no frames; a header that counts none, or was written as a
 * stream, is not believed. Not here: NetCDF-4 (HDF5), replica exchange, writing.
 */
import { ErgodicError } from '../errors.ts';
import { type Cell, cellFromShape } from '../systems/periodic/cell.ts';
import type { ByteSource } from './byte-source.ts';
import { type NetcdfHeader, readNetcdfHeader, readNumber, sizeOfType } from './netcdf/header.ts';
import { type Piece, type PieceName, type Pieces, piecesOf, readPieces, type Values } from './netcdf/pieces.ts';
import type { Coordinates, Frame, OpenOptions, Problem, TrajectoryReader } from './trajectory.ts';

export async function openNetcdf(source: ByteSource, options: OpenOptions = {}): Promise<TrajectoryReader> {
  options.signal?.throwIfAborted();
  const header = await readNetcdfHeader(source);
  const problems: Problem[] = [];
  const { pieces, atoms, declared } = piecesOf(source, header, problems);
  const frames = countFrames(source, header, pieces, declared, problems);
  options.progress?.(source.size);

  const first =
    frames > 0 && pieces.has('cell_lengths') && pieces.has('cell_angles')
      ? await cellOfFrame(source, pieces, 0)
      : undefined;
  if (first && !first.cell && first.numbers.some((value) => value !== 0)) {
    const byte = pieces.get('cell_lengths')!.variable.begin;
    const message = `The periodic cell of \`${source.name}\` has no volume and is left out (byte ${byte}).`;
    problems.push({ message, byte });
  }
  return {
    format: 'NetCDF',
    atoms,
    frames,
    problems,
    holds: { velocities: pieces.has('velocities'), forces: pieces.has('forces'), cell: first?.cell !== undefined },
    frame: async (index) => {
      if (!(Number.isInteger(index) && index >= 0 && index < frames)) {
        throw new ErgodicError(`\`${source.name}\` has ${frames} frames; there is no frame ${index}.`);
      }
      return frameOf(await readPieces(source, [...pieces.values()], index), pieces);
    },
  };
}

/** As many as the header counts, but only those of which every piece is there. */
function countFrames(
  source: ByteSource,
  header: NetcdfHeader,
  pieces: Pieces,
  declared: number | undefined,
  problems: Problem[],
): number {
  const { name, size } = source;
  let present = Number.POSITIVE_INFINITY;
  for (const { variable, bytes, stride } of pieces.values()) {
    const room = size - variable.begin - bytes;
    present = Math.min(present, room < 0 ? 0 : stride > 0 ? Math.floor(room / stride) + 1 : Number.POSITIVE_INFINITY);
  }
  // Without a stride there is one frame, and it is declared.
  if (declared !== undefined && declared > 0) {
    if (present >= declared) return declared;
    const message = `\`${name}\` should have ${declared} frames and ends inside frame ${present} (byte ${size}).`;
    problems.push({ message, byte: size });
    return present;
  }
  if (present === 0) {
    if (header.recordsBegin < size) {
      problems.push({ message: `\`${name}\` ends inside its first frame (byte ${size}).`, byte: size });
    }
    return 0;
  }
  const end = header.recordsBegin + present * header.recordBytes;
  if (declared === 0) {
    problems.push({ message: `The header of \`${name}\` counts no frames, but it has ${present}.`, byte: 4 });
  } else if (end < size) {
    const message = `\`${name}\` ends inside frame ${present} (byte ${size}): it has ${present} whole ones.`;
    problems.push({ message, byte: size });
  }
  return present;
}

function frameOf(values: Values, pieces: Pieces): Frame {
  const order = orderOf(values.get('id'), pieces.get('id'));
  const vectors = (name: PieceName): Coordinates | undefined => {
    const view = values.get(name);
    return view && vectorsOf(view, pieces.get(name)!, order);
  };
  const velocities = vectors('velocities');
  const forces = vectors('forces');
  const cell = cellOf(values, pieces);
  const time = values.get('time') && numbersOf(values.get('time')!, pieces.get('time')!)[0]!;
  return {
    positions: vectors('coordinates')!,
    ...(velocities && { velocities }),
    ...(forces && { forces }),
    ...(cell && { cell }),
    ...(time !== undefined && Number.isFinite(time) && { time }),
  };
}

/** Numbers times `factor`; by a division where that is exact, so that 1.2 Å are 0.12 nm. */
function convert(factor: number): (value: number) => number {
  const inverse = 1 / factor;
  return Number.isInteger(inverse) ? (value) => value / inverse : (value) => value * factor;
}

function vectorsOf(view: DataView, { variable, factor }: Piece, order: Uint32Array | undefined): Coordinates {
  const { type } = variable;
  const size = sizeOfType(type);
  const count = view.byteLength / size;
  const vectors = type === 'float' ? new Float32Array(count) : new Float64Array(count);
  const inside = convert(factor);
  const slot = (i: number) => (order ? 3 * order[Math.floor(i / 3)]! + (i % 3) : i);
  if (type === 'float') {
    for (let i = 0; i < count; i++) vectors[slot(i)] = inside(view.getFloat32(4 * i));
  } else {
    for (let i = 0; i < count; i++) vectors[slot(i)] = inside(readNumber(view, size * i, type));
  }
  return vectors;
}

function numbersOf(view: DataView, { variable, factor }: Piece): number[] {
  const size = sizeOfType(variable.type);
  const numbers = Array.from({ length: view.byteLength / size }, (_, i) => readNumber(view, size * i, variable.type));
  return numbers.map(convert(factor));
}

/** Where each atom of the file belongs when atoms are sorted by `id`; undefined where they are sorted already. */
function orderOf(view: DataView | undefined, piece: Piece | undefined): Uint32Array | undefined {
  if (!view || !piece) return undefined;
  const ids = numbersOf(view, piece);
  if (ids.every((id, i) => i === 0 || ids[i - 1]! <= id)) return undefined;
  const sorted = Uint32Array.from(ids, (_, i) => i).sort((i, j) => ids[i]! - ids[j]! || i - j);
  const indices = new Uint32Array(ids.length);
  sorted.forEach((atom, rank) => {
    indices[atom] = rank;
  });
  return indices;
}

async function cellOfFrame(source: ByteSource, pieces: Pieces, index: number) {
  const names = ['cell_lengths', 'cell_angles'] as const;
  const values = await readPieces(
    source,
    names.map((name) => pieces.get(name)!),
    index,
  );
  return { numbers: numbersOf(values.get('cell_lengths')!, pieces.get('cell_lengths')!), cell: cellOf(values, pieces) };
}

function cellOf(values: Values, pieces: Pieces): Cell | undefined {
  const [lengths, angles] = (['cell_lengths', 'cell_angles'] as const).map((name) => {
    const view = values.get(name);
    return view && (numbersOf(view, pieces.get(name)!) as unknown as [number, number, number]);
  });
  return lengths && angles && cellFromShape({ lengths, angles });
}
