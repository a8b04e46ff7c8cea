/**
 * Safetensors: named arrays with text metadata, in bytes. Models and checkpoints are kept this way.
 * Layout: header length (8 bytes, little endian), JSON header, array data. Data is data, never code.
 * A file may be hostile: every length is compared with the bytes that are there before memory is taken, and every
 * error names the byte. Not here: reading or writing the file, or what the arrays mean.
 */
import { ErgodicError } from '../errors.ts';

const arrayTypes = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const;

type TypeName = keyof typeof arrayTypes;
export type TensorData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
const LARGEST_HEADER = 100_000_000;
const METADATA_KEY = '__metadata__';

export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const ordered = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header: [string, unknown][] = [];
  if (metadata.size > 0) header.push([METADATA_KEY, Object.fromEntries(metadata)]);
  let end = 0;
  for (const [name, tensor] of ordered) {
    if (name === METADATA_KEY) throw new ErgodicError(`A tensor cannot be called \`${METADATA_KEY}\`.`);
    if (elementCount(tensor.shape, tensor.data.length) !== tensor.data.length) {
      throw new ErgodicError(
        `Tensor \`${name}\` has ${tensor.data.length} elements, but its shape is [${tensor.shape.join(', ')}].`,
      );
    }
    const begin = end;
    end += tensor.data.byteLength;
    header.push([name, { dtype: typeNameOf(tensor.data), shape: tensor.shape, data_offsets: [begin, end] }]);
  }
  const members = header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const headerBytes = new TextEncoder().encode(`{${members.join(',')}}`);
  const headerLength = Math.ceil(headerBytes.length / ALIGNMENT) * ALIGNMENT;

  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(headerBytes, LENGTH_BYTES);
  bytes.fill(0x20, LENGTH_BYTES + headerBytes.length, LENGTH_BYTES + headerLength);
  let position = LENGTH_BYTES + headerLength;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/** The arrays are copies: they share no memory with `bytes`. `fileName` is for the error sentences. */
export function decodeSafetensors(bytes: Uint8Array, fileName: string): Safetensors {
  const fail = (offset: number, what: string): never => {
    throw new ErgodicError(`\`${fileName}\` is not a whole safetensors file: ${what} (byte ${offset}).`);
  };
  if (bytes.length < LENGTH_BYTES) fail(bytes.length, `it ends inside its first ${LENGTH_BYTES} bytes`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (declared > BigInt(bytes.length - LENGTH_BYTES)) fail(0, `its header of ${declared} bytes goes beyond its end`);
  if (declared > BigInt(LARGEST_HEADER)) fail(0, `its header of ${declared} bytes is longer than any model needs`);
  const dataStart = LENGTH_BYTES + Number(declared);
  const dataLength = bytes.length - dataStart;

  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, dataStart)));
  } catch {
    fail(LENGTH_BYTES, 'its header is not JSON text');
  }
  if (!isRecord(header)) return fail(LENGTH_BYTES, 'its header is not a JSON object');

  const tensors = new Map<string, StoredTensor>();
  const metadata = new Map<string, string>();
  const extents: [number, number][] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (!isRecord(entry)) return fail(LENGTH_BYTES, `the entry \`${name}\` is not an object`);
    if (name === METADATA_KEY) {
      for (const [key, value] of Object.entries(entry)) {
        if (typeof value !== 'string') return fail(LENGTH_BYTES, `metadata \`${key}\` is not text`);
        metadata.set(key, value);
      }
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = entry;
    if (typeof dtype !== 'string' || !Object.hasOwn(arrayTypes, dtype)) {
      return fail(LENGTH_BYTES, `\`${name}\` has number type ${JSON.stringify(dtype)}, which is not read here`);
    }
    if (!isLengths(shape)) return fail(LENGTH_BYTES, `the shape of \`${name}\` is not a list of lengths`);
    if (!isLengths(offsets) || offsets.length !== 2)
      return fail(LENGTH_BYTES, `\`${name}\` does not say where it lies`);
    const [begin, end] = offsets as [number, number];
    if (begin > end || end > dataLength) {
      return fail(dataStart + dataLength, `\`${name}\` should lie in data bytes ${begin} to ${end} of ${dataLength}`);
    }
    const arrayType = arrayTypes[dtype as TypeName];
    const size = arrayType.BYTES_PER_ELEMENT;
    if (elementCount(shape, dataLength) * size !== end - begin) {
      return fail(
        dataStart + begin,
        `\`${name}\` of shape [${shape.join(', ')}] does not fill its ${end - begin} bytes`,
      );
    }
    // Not `bytes.slice`: for a Node Buffer that is no copy.
    const copy = new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end));
    tensors.set(name, { shape, data: new arrayType(copy.buffer, 0, copy.length / size) });
    extents.push([begin, end]);
  }

  let covered = 0;
  for (const [begin, end] of extents.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (begin !== covered) fail(dataStart + covered, `its arrays ${begin > covered ? 'leave a gap' : 'overlap'}`);
    covered = end;
  }
  if (covered !== dataLength) fail(dataStart + covered, `${dataLength - covered} bytes belong to no array`);
  return { tensors, metadata };
}

/** The product of a shape, or Infinity once it exceeds `limit` (so that no product overflows). */
function elementCount(shape: readonly number[], limit: number): number {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const length of shape) {
    count *= length;
    if (count > limit) return Number.POSITIVE_INFINITY;
  }
  return count;
}

function typeNameOf(data: TensorData): TypeName {
  const found = Object.entries(arrayTypes).find(([, type]) => data instanceof type);
  return found![0] as TypeName;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isLengths = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
