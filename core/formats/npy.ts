/**
 * NPY (NumPy's array file, versions 1–3), in bytes: one array of numbers with a shape.
 * Written as little-endian float32 in C order; read from any little-endian integer or float type in C order.
 * A file may be hostile: the shape is compared with the bytes that are there before memory is taken.
 * Not here: NPZ archives and trajectories larger than memory (npz.ts), Fortran order of two and more axes, big-endian
 * files, structured types.
 */
import { ErgodicError } from '../errors.ts';

/** Numbers with a shape, in C order (last axis fastest). */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const ALIGNMENT = 64;

export interface NpyElement {
  /** Bytes. */
  readonly size: number;
  readonly isFloat?: boolean;
  readonly read: (view: DataView, offset: number) => number;
}
const elementTypes: Readonly<Record<string, NpyElement>> = {
  '<f4': { size: 4, isFloat: true, read: (view, offset) => view.getFloat32(offset, true) },
  '<f8': { size: 8, isFloat: true, read: (view, offset) => view.getFloat64(offset, true) },
  '<i2': { size: 2, read: (view, offset) => view.getInt16(offset, true) },
  '<i4': { size: 4, read: (view, offset) => view.getInt32(offset, true) },
  '<i8': { size: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
  '|i1': { size: 1, read: (view, offset) => view.getInt8(offset) },
  '<u2': { size: 2, read: (view, offset) => view.getUint16(offset, true) },
  '<u4': { size: 4, read: (view, offset) => view.getUint32(offset, true) },
  '<u8': { size: 8, read: (view, offset) => Number(view.getBigUint64(offset, true)) },
  '|u1': { size: 1, read: (view, offset) => view.getUint8(offset) },
};

/** What stands before the numbers. */
export interface NpyHeader {
  readonly shape: readonly number[];
  readonly element: NpyElement;
  /** In bytes. */
  readonly dataStart: number;
}

export function encodeNpy({ shape, data }: NumberArray): Uint8Array {
  const head = npyHead(shape);
  const bytes = new Uint8Array(head.length + data.byteLength);
  bytes.set(head);
  bytes.set(npyBody(data), head.length);
  return bytes;
}

/** What comes before the numbers of an array of this shape. */
export function npyHead(shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefix = MAGIC.length + 4;
  const headerLength = Math.ceil((prefix + text.length + 1) / ALIGNMENT) * ALIGNMENT - prefix;
  const bytes = new Uint8Array(prefix + headerLength);
  bytes.set([...MAGIC, 1, 0, headerLength & 255, headerLength >> 8]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(headerLength - 1)}\n`), prefix);
  return bytes;
}

/** The numbers themselves; any array may follow its head in pieces. */
export const npyBody = (data: Float32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Bytes of a header, as far as the first twelve bytes tell; undefined where they are not those of an NPY file. */
export function npyHeaderBytes(start: Uint8Array): number | undefined {
  if (start.length < 12 || MAGIC.some((value, index) => start[index] !== value)) return undefined;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  return start[6] === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
}

/** `fileName` is for the error sentences, here and below. */
export function decodeNpyHeader(bytes: Uint8Array, fileName: string): NpyHeader {
  const fail = npyFailure(fileName);
  const dataStart = npyHeaderBytes(bytes) ?? fail(0, 'it does not begin like an NPY file');
  const version = bytes[6]!;
  if (version < 1 || version > 3) fail(6, `its version ${version} is not known`);
  const prefix = version === 1 ? 10 : 12;
  if (dataStart > bytes.length) fail(8, `its header of ${dataStart - prefix} bytes goes beyond its end`);

  const header = new TextDecoder().decode(bytes.subarray(prefix, dataStart));
  const typeName = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? fail(prefix, 'its header names no number type');
  const element = Object.hasOwn(elementTypes, typeName) ? elementTypes[typeName] : undefined;
  if (!element) {
    return fail(prefix, `its number type ${typeName} is not read here: save it with \`array.astype("<f4")\``);
  }
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1] ?? fail(prefix, 'its header names no shape');
  const shape = shapeText
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (/'fortran_order':\s*True/.test(header) && shape.length > 1) {
    fail(prefix, 'it is in Fortran order: save it with `numpy.ascontiguousarray(array)`');
  }
  return { shape, element, dataStart };
}

export function decodeNpy(bytes: Uint8Array, fileName: string): NumberArray {
  const { shape, element, dataStart } = decodeNpyHeader(bytes, fileName);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const present = (bytes.length - dataStart) / element.size;
  const count = shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1);
  if (count !== present) {
    const found = `${bytes.length - dataStart} bytes of data`;
    npyFailure(fileName)(dataStart, `its shape (${shape.join(', ')}) does not fill its ${found}`);
  }
  const data = new Float32Array(count);
  for (let index = 0; index < count; index++) data[index] = element.read(view, dataStart + index * element.size);
  return { shape, data };
}

const npyFailure =
  (fileName: string) =>
  (offset: number, what: string): never => {
    throw new ErgodicError(`\`${fileName}\` cannot be read as NPY: ${what} (byte ${offset}).`);
  };
