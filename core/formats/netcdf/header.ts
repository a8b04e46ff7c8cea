/**
 * The header of a NetCDF file of the classic kind: version 1, 2 (64-bit offsets) and 5 (64-bit data), big-endian.
 * It lists dimensions, attributes and variables, and where the numbers of each variable begin; no number is read here.
 * Variables over the one unlimited dimension are interleaved: a record holds one piece of each, padded to 4 bytes,
 * unless there is only one such variable, which is then not padded. Sizes are worked out from the dimensions, as the
 * ones in the file overflow in large files (Unidata, "NetCDF Classic Format Specification").
 * Not here: NetCDF-4, which is HDF5, and what the variables mean.
 */
import { ErgodicError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { shortestOfSingle } from '../fewest-digits.ts';

export interface NetcdfDimension {
  readonly name: string;
  /** 0 for the unlimited one. */
  readonly length: number;
}

export type NetcdfType =
  | 'byte'
  | 'char'
  | 'short'
  | 'int'
  | 'float'
  | 'double'
  | 'ubyte'
  | 'ushort'
  | 'uint'
  | 'int64'
  | 'uint64';

/** The text, or the first number. */
export type NetcdfAttributes = ReadonlyMap<string, string | number>;

export interface NetcdfVariable {
  readonly name: string;
  readonly dimensions: readonly NetcdfDimension[];
  readonly attributes: NetcdfAttributes;
  readonly type: NetcdfType;
  /** Where its numbers begin; of the first record, if it has records. */
  readonly begin: number;
  readonly isRecord: boolean;
  /** Without padding, of one record or of all. */
  readonly bytes: number;
}

export interface NetcdfHeader {
  /** 1, 2 or 5. */
  readonly version: number;
  /** Undefined where the file was written as a stream, which leaves it open. */
  readonly records: number | undefined;
  readonly attributes: NetcdfAttributes;
  readonly variables: ReadonlyMap<string, NetcdfVariable>;
  /** From the beginning of one record to the next; 0 without records. */
  readonly recordBytes: number;
  /** Where the first record begins. */
  readonly recordsBegin: number;
}

const TYPES: readonly [NetcdfType, number][] = [
  ['byte', 1],
  ['char', 1],
  ['short', 2],
  ['int', 4],
  ['float', 4],
  ['double', 8],
  ['ubyte', 1],
  ['ushort', 2],
  ['uint', 4],
  ['int64', 8],
  ['uint64', 8],
];
export const sizeOfType = (type: NetcdfType): number => TYPES.find(([name]) => name === type)![1];

const DIMENSIONS = 10;
const VARIABLES = 11;
const ATTRIBUTES = 12;
const FIRST_READ = 1 << 16;
const LONGEST_HEADER = 1 << 24;
const HDF5 = [0x89, 0x48, 0x44, 0x46];

export async function readNetcdfHeader(source: ByteSource): Promise<NetcdfHeader> {
  for (let length = FIRST_READ; ; length *= 16) {
    const bytes = await source.read(0, Math.min(length, source.size));
    const cursor = new Cursor(source.name, bytes);
    try {
      return parse(cursor);
    } catch (error) {
      if (error !== cursor.ends) throw error;
      if (length >= source.size) {
        throw new ErgodicError(`\`${source.name}\` ends inside the header of a NetCDF file (byte ${bytes.length}).`);
      }
      if (length >= LONGEST_HEADER) throw cursor.damaged(0, 'its header is longer than any trajectory needs');
    }
  }
}

function parse(cursor: Cursor): NetcdfHeader {
  const version = cursor.magic();
  const records = cursor.count();
  const dimensions = cursor.list(DIMENSIONS, 'dimensions', (): NetcdfDimension => {
    return { name: cursor.text(cursor.length()), length: cursor.length() };
  });
  const attributes = cursor.attributes();
  const variables = cursor.list(VARIABLES, 'variables', (): NetcdfVariable => {
    const at = cursor.offset;
    const name = cursor.text(cursor.length());
    const order = cursor.length();
    const own: NetcdfDimension[] = [];
    for (let i = 0; i < order; i++) {
      const dimension = dimensions[cursor.length()];
      if (!dimension) throw cursor.damaged(at, `the variable \`${name}\` has a dimension that is not there`);
      own.push(dimension);
    }
    const attributes = cursor.attributes();
    const [type, size] = cursor.type();
    cursor.skipSize();
    const begin = cursor.position();
    const isRecord = own[0]?.length === 0;
    const sides = own.slice(isRecord ? 1 : 0).map(({ length }) => length);
    if (sides.includes(0)) throw cursor.damaged(at, `the variable \`${name}\` has an unlimited dimension inside`);
    const bytes = sides.reduce((product, side) => product * side, size);
    return { name, dimensions: own, attributes, type, begin, isRecord, bytes };
  });
  const interleaved = variables.filter(({ isRecord }) => isRecord);
  const padded = (bytes: number) => (interleaved.length === 1 ? bytes : Math.ceil(bytes / 4) * 4);
  return {
    version,
    records,
    attributes,
    variables: new Map(variables.map((variable) => [variable.name, variable])),
    recordBytes: interleaved.reduce((sum, { bytes }) => sum + padded(bytes), 0),
    recordsBegin: interleaved.reduce((least, { begin }) => Math.min(least, begin), Number.POSITIVE_INFINITY),
  };
}

class Cursor {
  /** Thrown where the bytes end. */
  readonly ends = Symbol('ends');
  offset = 0;
  readonly #name: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #version = 1;

  constructor(name: string, bytes: Uint8Array) {
    this.#name = name;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  damaged(byte: number, what: string): ErgodicError {
    return new ErgodicError(`\`${this.#name}\` is a damaged NetCDF file: ${what} (byte ${byte}).`);
  }

  magic(): number {
    const start = this.#bytes.subarray(0, 4);
    if (HDF5.every((byte, i) => start[i] === byte)) {
      throw new ErgodicError(
        `\`${this.#name}\` is NetCDF-4, which is another format (HDF5): turn it into a classic one ` +
          'with `nccopy -k 64-bit-offset`.',
      );
    }
    this.#version = start[3] ?? 0;
    if (String.fromCharCode(...start.subarray(0, 3)) !== 'CDF' || ![1, 2, 5].includes(this.#version)) {
      throw new ErgodicError(
        `\`${this.#name}\` is not a NetCDF file: it does not begin with CDF and 1, 2 or 5 (byte 0).`,
      );
    }
    this.offset = 4;
    return this.#version;
  }

  /** Undefined for the mark of a stream, all bits set. */
  count(): number | undefined {
    const wide = this.#version === 5;
    const at = this.#take(wide ? 8 : 4);
    const value = wide ? this.#view.getBigUint64(at) : this.#view.getUint32(at);
    return value === 2n ** 64n - 1n || value === 2 ** 32 - 1 ? undefined : this.#safe(value, at);
  }

  /** A count or length. */
  length(): number {
    const wide = this.#version === 5;
    const at = this.#take(wide ? 8 : 4);
    return this.#safe(wide ? this.#view.getBigUint64(at) : this.#view.getUint32(at), at);
  }

  /** An offset in the file. */
  position(): number {
    const wide = this.#version !== 1;
    const at = this.#take(wide ? 8 : 4);
    return this.#safe(wide ? this.#view.getBigUint64(at) : this.#view.getUint32(at), at);
  }

  skipSize(): void {
    this.#take(this.#version === 5 ? 8 : 4);
  }

  text(length: number): string {
    const at = this.#take(length);
    const text = new TextDecoder().decode(this.#bytes.subarray(at, at + length));
    this.#take((4 - (length % 4)) % 4);
    return text;
  }

  type(): [NetcdfType, number] {
    const at = this.#take(4);
    const type = TYPES[this.#view.getUint32(at) - 1];
    if (!type) throw this.damaged(at, `there is no number type ${this.#view.getUint32(at)}`);
    return type;
  }

  attributes(): NetcdfAttributes {
    const entries = this.list(ATTRIBUTES, 'attributes', (): [string, string | number] => {
      const name = this.text(this.length());
      const [type, size] = this.type();
      const count = this.length();
      if (type === 'char') return [name, this.text(count).replace(/\0+$/, '')];
      const at = this.#take(count * size);
      this.#take((4 - ((count * size) % 4)) % 4);
      return [name, count > 0 ? readNumber(this.#view, at, type) : Number.NaN];
    });
    return new Map(entries);
  }

  /** Every element takes bytes of the header, so that no count makes this longer than what is there. */
  list<T>(tag: number, what: string, element: () => T): T[] {
    const at = this.#take(4);
    const found = this.#view.getUint32(at);
    const count = this.length();
    if (found !== tag && (found !== 0 || count !== 0)) throw this.damaged(at, `there should be the list of ${what}`);
    const elements: T[] = [];
    for (let i = 0; i < count; i++) elements.push(element());
    return elements;
  }

  #take(length: number): number {
    const at = this.offset;
    if (at + length > this.#bytes.length) throw this.ends;
    this.offset = at + length;
    return at;
  }

  #safe(value: number | bigint, at: number): number {
    if (value > Number.MAX_SAFE_INTEGER) throw this.damaged(at, `the number ${value} is too large to be true`);
    return Number(value);
  }
}

/** Single precision with the fewest digits it stands for: 20.455 and not 20.4549999. */
export function readNumber(view: DataView, at: number, type: NetcdfType): number {
  switch (type) {
    case 'byte':
      return view.getInt8(at);
    case 'char':
    case 'ubyte':
      return view.getUint8(at);
    case 'short':
      return view.getInt16(at);
    case 'ushort':
      return view.getUint16(at);
    case 'int':
      return view.getInt32(at);
    case 'uint':
      return view.getUint32(at);
    case 'int64':
      return Number(view.getBigInt64(at));
    case 'uint64':
      return Number(view.getBigUint64(at));
    case 'double':
      return view.getFloat64(at);
    case 'float':
      return shortestOfSingle(view.getFloat32(at));
  }
}
