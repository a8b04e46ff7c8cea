/**
 * The variables of an AMBER file that a frame has a piece of: where the piece is, and what turns its numbers into ours.
 * A frame is one read, unless its pieces are far apart.
 */
import { ErgodicError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Problem } from '../trajectory.ts';
import { type NetcdfHeader, type NetcdfVariable, sizeOfType } from './header.ts';
import { factorOfUnit } from './unit.ts';

/** Units where a file does not say. */
const DEFAULT_UNITS = {
  coordinates: 'angstrom',
  velocities: 'angstrom/picosecond',
  forces: 'kilocalorie/mole/angstrom',
  cell_lengths: 'angstrom',
  cell_angles: 'degree',
  time: 'picosecond',
  id: '',
} as const;
export type PieceName = keyof typeof DEFAULT_UNITS;

/** A variable that frames have a piece of. */
export interface Piece {
  readonly name: PieceName;
  readonly variable: NetcdfVariable;
  /** Bytes of one frame. */
  readonly bytes: number;
  /** From one frame to the next; 0 for what is the same in all. */
  readonly stride: number;
  /** To nm, ps, kJ/mol, degrees. */
  readonly factor: number;
}
export type Pieces = ReadonlyMap<PieceName, Piece>;

/** `declared`: frames as the header counts them, undefined where it leaves that open. */
export function piecesOf(source: ByteSource, header: NetcdfHeader, problems: Problem[]) {
  const { variables } = header;
  const coordinates = variables.get('coordinates');
  const [spatial, atom, frame] = [...(coordinates?.dimensions ?? [])].reverse();
  if (!coordinates || !atom?.length || spatial?.length !== 3 || coordinates.dimensions.length > 3) {
    throw new ErgodicError(
      `\`${source.name}\` is a NetCDF file without \`coordinates\` of (frame, atom, 3): it is no trajectory of AMBER's kind.`,
    );
  }
  const atoms = atom.length;
  const pieces = new Map<PieceName, Piece>();
  const add = (name: PieceName, ...sides: number[]) => {
    const variable = variables.get(name);
    if (!variable || variable.type === 'char') return;
    const own = variable.dimensions.slice(frame && variable.dimensions[0] === frame ? 1 : 0);
    // mdtraj gives the time of a restart a dimension of its own, of length 1.
    const shape = own.map(({ length }) => length).filter((length) => length !== 1);
    if (shape.join() !== sides.filter((side) => side !== 1).join()) {
      const message = `\`${name}\` in \`${source.name}\` has other dimensions than it should and is left out.`;
      problems.push({ message });
      return;
    }
    const bytes = sides.reduce((product, side) => product * side, sizeOfType(variable.type));
    const perFrame = own.length < variable.dimensions.length;
    const stride = variable.isRecord ? header.recordBytes : perFrame ? bytes : 0;
    pieces.set(name, { name, variable, bytes, stride, factor: factorOf(source, name, variable, problems) });
  };
  add('coordinates', atoms, 3);
  if (!pieces.has('coordinates')) {
    throw new ErgodicError(`\`coordinates\` in \`${source.name}\` are no numbers (byte ${coordinates.begin}).`);
  }
  add('velocities', atoms, 3);
  add('forces', atoms, 3);
  add('id', atoms);
  add('time');
  add('cell_lengths', 3);
  add('cell_angles', 3);
  return { pieces, atoms, declared: frame === undefined ? 1 : coordinates.isRecord ? header.records : frame.length };
}

function factorOf(source: ByteSource, name: PieceName, { attributes }: NetcdfVariable, problems: Problem[]): number {
  const scale = attributes.get('scale_factor');
  const units = attributes.get('units');
  const stated = typeof units === 'string' ? factorOfUnit(units) : undefined;
  if (typeof units === 'string' && stated === undefined && name !== 'id') {
    const message = `\`${name}\` in \`${source.name}\` is in "${units}", which is not known here: ${DEFAULT_UNITS[name]} is assumed.`;
    problems.push({ message });
  }
  return (
    (typeof scale === 'number' && Number.isFinite(scale) ? scale : 1) * (stated ?? factorOfUnit(DEFAULT_UNITS[name])!)
  );
}

/** Pieces further apart than this multiple of what is wanted are read one by one. */
const GAP = 2;
const SMALL = 1 << 16;

/** The bytes of each piece. */
export type Values = ReadonlyMap<PieceName, DataView>;

export async function readPieces(source: ByteSource, pieces: readonly Piece[], index: number): Promise<Values> {
  const spans = pieces.map(({ variable, stride, bytes }) => {
    const begin = variable.begin + index * stride;
    return { begin, end: begin + bytes };
  });
  const begin = Math.min(...spans.map((span) => span.begin));
  const end = Math.max(...spans.map((span) => span.end));
  const wanted = spans.reduce((sum, span) => sum + span.end - span.begin, 0);
  const together = end - begin <= GAP * wanted + SMALL ? await exactly(source, begin, end - begin) : undefined;
  const values = new Map<PieceName, DataView>();
  for (const [i, span] of spans.entries()) {
    const length = span.end - span.begin;
    const bytes = together
      ? together.subarray(span.begin - begin, span.end - begin)
      : await exactly(source, span.begin, length);
    values.set(pieces[i]!.name, new DataView(bytes.buffer, bytes.byteOffset, length));
  }
  return values;
}

async function exactly(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length === length) return bytes;
  throw new ErgodicError(`\`${source.name}\` has become shorter: it ends at byte ${offset + bytes.length}.`);
}
