/**
 * The members of a ZIP archive, as far as NPZ needs them: stored ones are read where they lie, deflated ones are
 * inflated as a whole, after their size has been found believable, and checked against their checksum.
 * 64-bit sizes are read (NumPy writes them). Not here: encryption, several volumes, other compression, writing.
 */
import { ErgodicError } from '../errors.ts';
import { type ByteSource, memorySource } from './byte-source.ts';

export interface ZipMember {
  readonly name: string;
  readonly deflated: boolean;
  /** Bytes in the archive. */
  readonly packedSize: number;
  /** Bytes of its content. */
  readonly size: number;
  readonly checksum: number;
  /** Where its own header begins. */
  readonly offset: number;
}

const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const END_64 = 0x06064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const MEMBER = 0x04034b50;
const END_BYTES = 22;
const LONGEST_REMARK = 0xffff;
const WIDE = 0xffffffff;
/** A directory of this size has hundreds of thousands of members. */
const LARGEST_DIRECTORY = 1 << 24;

/** Nothing that is deflated can grow by more. */
const LARGEST_RATIO = 1032;
/** Numbers of a trajectory do not shrink like this, so that a large member which claims it is a trap. */
const LARGEST_RATIO_OF_LARGE = 100;
const LARGE = 1 << 26;
const LARGEST_INFLATED = 2 ** 31;
const PIECE = 1 << 20;

export async function readZipDirectory(source: ByteSource): Promise<ZipMember[]> {
  const fail = failure(source.name);
  const tailStart = Math.max(0, source.size - END_BYTES - LONGEST_REMARK);
  const tail = viewOf(await source.read(tailStart, source.size - tailStart));
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) {
    throw new ErgodicError(
      `\`${source.name}\` is not a whole ZIP archive: its directory, which comes last, is missing (byte ${source.size}).`,
    );
  }
  let size = tail.getUint32(at + 12, true);
  let offset = tail.getUint32(at + 16, true);
  if (size === WIDE || offset === WIDE || tail.getUint16(at + 10, true) === 0xffff) {
    const locator = at - 20;
    if (locator >= 0 && tail.getUint32(locator, true) === END_64_LOCATOR) {
      const record = Number(tail.getBigUint64(locator + 8, true));
      const end = viewOf(record + 56 <= source.size ? await source.read(record, 56) : new Uint8Array());
      if (end.byteLength < 56 || end.getUint32(0, true) !== END_64)
        fail(tailStart + locator, 'its directory is not where it says');
      size = Number(end.getBigUint64(40, true));
      offset = Number(end.getBigUint64(48, true));
    }
  }
  if (offset + size > source.size) fail(tailStart + at, 'its directory goes beyond its end');
  if (size > LARGEST_DIRECTORY)
    fail(offset, `its directory of ${size} bytes is longer than any archive of arrays needs`);
  const directory = viewOf(await source.read(offset, size));
  const members: ZipMember[] = [];
  for (let entry = 0; entry < directory.byteLength; ) {
    const rest = directory.byteLength - entry;
    if (rest < 46 || directory.getUint32(entry, true) !== DIRECTORY_ENTRY)
      fail(offset + entry, 'its directory is damaged');
    const [nameLength, extraLength, remarkLength] = [28, 30, 32].map((field) =>
      directory.getUint16(entry + field, true),
    );
    const length = 46 + nameLength! + extraLength! + remarkLength!;
    if (rest < length) fail(offset + entry, 'its directory is damaged');
    members.push(memberOf(source.name, directory, entry, nameLength!, extraLength!, offset));
    entry += length;
  }
  return members;
}

function memberOf(
  archive: string,
  directory: DataView,
  entry: number,
  nameLength: number,
  extraLength: number,
  directoryOffset: number,
): ZipMember {
  const bytes = new Uint8Array(directory.buffer, directory.byteOffset + entry + 46, nameLength);
  const name = new TextDecoder().decode(bytes);
  const fail = failure(archive);
  const flags = directory.getUint16(entry + 8, true);
  const method = directory.getUint16(entry + 10, true);
  if (flags & 1) fail(directoryOffset + entry, `\`${name}\` is encrypted`);
  if (method !== 0 && method !== 8)
    fail(directoryOffset + entry, `\`${name}\` is compressed by method ${method}, which is not read here`);
  // Fields of 32 bits that are full stand in a list of 64-bit ones, in this order.
  const wide = wideFields(directory, entry + 46 + nameLength, extraLength);
  const field = (at: number): number => {
    const value = directory.getUint32(entry + at, true);
    return value === WIDE ? (wide.shift() ?? value) : value;
  };
  const size = field(24);
  const packedSize = field(20);
  const offset = field(42);
  if (method === 0 && size !== packedSize) fail(directoryOffset + entry, `\`${name}\` has two sizes`);
  return { name, deflated: method === 8, packedSize, size, checksum: directory.getUint32(entry + 16, true), offset };
}

function wideFields(directory: DataView, start: number, length: number): number[] {
  const fields: number[] = [];
  for (let at = start; at + 4 <= start + length; ) {
    const bytes = Math.min(directory.getUint16(at + 2, true), start + length - at - 4);
    if (directory.getUint16(at, true) === 1) {
      for (let i = 0; i + 8 <= bytes; i += 8) fields.push(Number(directory.getBigUint64(at + 4 + i, true)));
    }
    at += 4 + bytes;
  }
  return fields;
}

/** The content of a member; named like "run.npz/positions.npy". */
export async function openZipMember(source: ByteSource, member: ZipMember): Promise<ByteSource> {
  const fail = failure(source.name);
  const { name, offset, packedSize, size, deflated } = member;
  const header = viewOf(offset + 30 <= source.size ? await source.read(offset, 30) : new Uint8Array());
  if (header.byteLength < 30 || header.getUint32(0, true) !== MEMBER)
    fail(offset, `\`${name}\` is not where the directory says`);
  const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + packedSize > source.size) fail(offset, `\`${name}\` goes beyond its end`);
  const whole = `${source.name}/${name}`;
  if (deflated) return memorySource(whole, await inflate(source, member, start));
  return {
    name: whole,
    size,
    read: (at, length) => source.read(start + at, Math.max(0, Math.min(length, size - at))),
  };
}

async function inflate(source: ByteSource, member: ZipMember, start: number): Promise<Uint8Array> {
  const fail = failure(source.name);
  const { name, packedSize, size, checksum } = member;
  const ratio = size > LARGE ? LARGEST_RATIO_OF_LARGE : LARGEST_RATIO;
  if (size > ratio * packedSize + 64) {
    fail(start, `\`${name}\` would grow from ${packedSize} to ${size} bytes, which no array of numbers does`);
  }
  if (size > LARGEST_INFLATED) {
    throw new ErgodicError(
      `\`${name}\` in \`${source.name}\` has ${size} bytes, too many to inflate in memory: save it with \`numpy.savez\`, ` +
        'which does not compress.',
    );
  }
  const stream = new DecompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  const fed = (async () => {
    for (let done = 0; done < packedSize; done += PIECE) {
      const piece = await source.read(start + done, Math.min(PIECE, packedSize - done));
      await writer.write(new Uint8Array(piece));
    }
    await writer.close();
  })();
  // What goes wrong in there has to end the reading below, which would wait for ever.
  fed.catch((error) => writer.abort(error)).catch(() => undefined);
  const reader = stream.readable.getReader();
  // Memory grows with what has come out, not with what the directory claims.
  let content = new Uint8Array(Math.min(size, PIECE));
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > size) throw new RangeError('longer than the directory says');
      if (length + value.length > content.length) {
        const larger = new Uint8Array(Math.min(size, Math.max(2 * content.length, length + value.length)));
        larger.set(content.subarray(0, length));
        content = larger;
      }
      content.set(value, length);
      length += value.length;
    }
    await fed;
  } catch (error) {
    if (error instanceof ErgodicError) throw error;
    fail(start, `\`${name}\` cannot be inflated`);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (length !== size || crc32(content) !== checksum) fail(start, `\`${name}\` is not what its checksum says`);
  return content;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** ZIP's checksum. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const failure =
  (archive: string) =>
  (byte: number, what: string): never => {
    throw new ErgodicError(`\`${archive}\` is a damaged ZIP archive: ${what} (byte ${byte}).`);
  };
