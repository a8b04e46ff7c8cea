/**
 * A message as bytes, for transports that carry bytes only: JSON, and behind it the arrays of numbers as they lie in
 * memory. Where an array stands, the JSON has `null` and a list says which array belongs at which path, so that no
 * value a person may write means anything here. What JSON has no numbers for (NaN, ±∞) travels in the same way.
 * Runs in windows and in Node. Not here: what a message means, or whether it is one; only that bytes are one value.
 *
 *   u32 length of the head · head: {"message": …, "arrays": [[kind, length, ...path], …]} · zeros · arrays
 *
 * Little-endian; the arrays begin at multiples of 8, so that they can be looked at where they lie.
 */

/** What travels as bytes: arrays as they are, lists of numbers that hold what JSON cannot say, single such numbers. */
type Kind = 'f32' | 'u32' | 'list' | 'number';
type Path = readonly (string | number)[];
type Numbers = Float32Array | Uint32Array | Float64Array;

const KINDS: Readonly<Record<Kind, Float32ArrayConstructor | Uint32ArrayConstructor | Float64ArrayConstructor>> = {
  f32: Float32Array,
  u32: Uint32Array,
  list: Float64Array,
  number: Float64Array,
};
/** Deeper than any real message, so that walking one may recurse. */
const MAX_DEPTH = 64;
const MAX_ARRAYS = 10_000;

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: { readonly kind: Kind; readonly path: Path; readonly numbers: Numbers }[] = [];
  const take = (kind: Kind, path: Path, numbers: Numbers): null => {
    arrays.push({ kind, path, numbers });
    return null;
  };
  const spelled = (value: unknown, path: Path): unknown => {
    if (typeof value === 'number') return Number.isFinite(value) ? value : take('number', path, Float64Array.of(value));
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Float32Array) return take('f32', path, value);
    if (value instanceof Uint32Array) return take('u32', path, value);
    if (Array.isArray(value)) {
      if (!isNumbers(value)) return value.map((each, index) => spelled(each, [...path, index]));
      return value.every(Number.isFinite) ? value : take('list', path, Float64Array.from(value));
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, spelled(each, [...path, key])]));
  };
  const spelledMessage = spelled(message, []) ?? null;
  const described = arrays.map(({ kind, path, numbers }) => [kind, numbers.length, ...path]);
  const head = new TextEncoder().encode(JSON.stringify({ message: spelledMessage, arrays: described }));
  const start = padded(4 + head.length);
  const bytes = new Uint8Array(start + arrays.reduce((sum, { numbers }) => sum + padded(numbers.byteLength), 0));
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  let offset = start;
  for (const { numbers } of arrays) {
    bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), offset);
    offset += padded(numbers.byteLength);
  }
  return bytes;
}

const isNumbers = (values: readonly unknown[]): values is number[] =>
  values.every((value) => typeof value === 'number');

/** Undefined where the bytes are no message. Arrays look at `bytes` where they can. */
export function decodeMessage(bytes: Uint8Array<ArrayBuffer>): unknown {
  if (bytes.length < 4) return undefined;
  const headLength = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  if (headLength > bytes.length - 4) return undefined;
  const head = parsedHead(bytes.subarray(4, 4 + headLength));
  if (!head) return undefined;
  const holder = { message: head.message };
  let offset = padded(4 + headLength);
  for (const described of head.arrays) {
    const found = describedArray(described);
    if (!found) return undefined;
    const { kind, length, path } = found;
    const size = length * KINDS[kind].BYTES_PER_ELEMENT;
    if (offset + size > bytes.length) return undefined;
    if (!place(holder, path, kind, numbersAt(bytes, offset, size, KINDS[kind]))) return undefined;
    offset += padded(size);
  }
  return offset === bytes.length ? holder.message : undefined;
}

function parsedHead(bytes: Uint8Array): { message: unknown; arrays: readonly unknown[] } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isTooDeep(text)) return undefined;
    const head: unknown = JSON.parse(text);
    if (typeof head !== 'object' || head === null || !('message' in head) || !('arrays' in head)) return undefined;
    const { message, arrays } = head;
    return Array.isArray(arrays) && arrays.length <= MAX_ARRAYS ? { message, arrays } : undefined;
  } catch {
    return undefined;
  }
}

/** Counts brackets outside of strings, before anything is built from them. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (inString) {
      if (letter === 0x5c) at += 1;
      else if (letter === 0x22) inString = false;
    } else if (letter === 0x22) inString = true;
    else if (letter === 0x5b || letter === 0x7b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (letter === 0x5d || letter === 0x7d) depth -= 1;
  }
  return false;
}

function describedArray(described: unknown): { kind: Kind; length: number; path: Path } | undefined {
  if (!Array.isArray(described)) return undefined;
  const [kind, length, ...path] = described as unknown[];
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) return undefined;
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) return undefined;
  if (kind === 'number' && length !== 1) return undefined;
  if (!path.every((step) => typeof step === 'string' || typeof step === 'number')) return undefined;
  return { kind: kind as Kind, length, path: path as Path };
}

function numbersAt(
  bytes: Uint8Array<ArrayBuffer>,
  offset: number,
  size: number,
  Type: (typeof KINDS)[Kind],
): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  const start = bytes.byteOffset + offset;
  const length = size / Type.BYTES_PER_ELEMENT;
  if (start % Type.BYTES_PER_ELEMENT === 0) return new Type(bytes.buffer, start, length);
  return new Type(bytes.buffer.slice(start, start + size), 0, length);
}

/** Puts the array where the message has `null` for it; false where it has not. */
function place(holder: { message: unknown }, path: Path, kind: Kind, numbers: Numbers): boolean {
  let parent: Record<string, unknown> = holder;
  let key: string | number = 'message';
  for (const step of path) {
    const next = parent[key];
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || !Object.hasOwn(next, step))
      return false;
    parent = next as Record<string, unknown>;
    key = step;
  }
  if (parent[key] !== null) return false;
  parent[key] = kind === 'list' ? Array.from(numbers) : kind === 'number' ? numbers[0] : numbers;
  return true;
}
