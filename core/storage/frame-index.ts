/**
 * Where the frames of a long trajectory begin, kept beside it as `.<name>.frames` so that it opens at once the next
 * time. Belongs to a file of one size, one time of change and some bytes at three places; anything else in it, or
 * damage, and the file is scanned again. A folder that cannot be written to simply keeps none.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import type { FileSource } from './file-source.ts';

/** Bytes of a trajectory whose scan is worth remembering. */
export const WORTH_KEEPING = 2 ** 26;

const MAGIC = 'ergodic-frames-2';
const CHECKSUM = 32;
/** Magic, size, time of change, checksum of some of the trajectory, checksum of the numbers. */
const HEAD = 16 + 8 + 8 + 2 * CHECKSUM;
/** Bytes of the trajectory that are looked at, at its beginning, in its middle and at its end. */
const SAMPLE = 1 << 12;

const indexPath = (path: string): string => join(dirname(path), `.${basename(path)}.frames`);

export async function readFrameIndex(
  source: FileSource,
  worthKeeping = WORTH_KEEPING,
): Promise<Float64Array | undefined> {
  if (source.size < worthKeeping) return undefined;
  const bytes = await fileWithin(indexPath(source.name), HEAD + source.size);
  if (!bytes || bytes.length <= HEAD || (bytes.length - HEAD) % 8 !== 0) return undefined;
  const head = await headOf(source, bytes.subarray(HEAD));
  if (head.some((byte, i) => bytes[i] !== byte)) return undefined;
  return new Float64Array(bytes.buffer, HEAD, (bytes.length - HEAD) / 8);
}

export async function writeFrameIndex(
  source: FileSource,
  index: Float64Array,
  worthKeeping = WORTH_KEEPING,
): Promise<void> {
  if (source.size < worthKeeping) return;
  const body = new Uint8Array(index.buffer, index.byteOffset, index.byteLength);
  const bytes = new Uint8Array(HEAD + body.length);
  bytes.set(await headOf(source, body));
  bytes.set(body, HEAD);
  // Only a convenience: where it cannot be kept, the file is scanned again.
  await writeAtomically(indexPath(source.name), bytes).catch(() => undefined);
}

/** Undefined where there is none, or one so long that it is something else. */
async function fileWithin(path: string, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > most) return undefined;
    const bytes = new Uint8Array(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    return bytesRead === size ? bytes : undefined;
  } catch {
    return undefined;
  }
}

async function headOf(source: FileSource, body: Uint8Array): Promise<Uint8Array> {
  const { size, modified } = source;
  const some = createHash('sha256');
  for (const place of [0, Math.floor(size / 2), Math.max(0, size - SAMPLE)])
    some.update(await source.read(place, SAMPLE));
  const head = new Uint8Array(HEAD);
  head.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(head.buffer);
  view.setFloat64(16, size, true);
  view.setFloat64(24, modified, true);
  head.set(some.digest(), 32);
  head.set(createHash('sha256').update(body).digest(), 32 + CHECKSUM);
  return head;
}
