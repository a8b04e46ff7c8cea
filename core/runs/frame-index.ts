/**
 * Where the frames of a long trajectory begin, kept beside it as `.<name>.frames` so that it opens at once the next
 * time. Belongs to a file of one size and one time of change; anything else in it, or damage, and the file is scanned
 * again. A folder that cannot be written to simply keeps none.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import type { FileSource } from './file-source.ts';

/** Bytes of a trajectory whose scan is worth remembering. */
const WORTH_KEEPING = 2 ** 26;

const MAGIC = 'ergodic-frames-1';
const CHECKSUM = 32;
/** Magic, size, time of change, checksum of the numbers. */
const HEAD = 16 + 8 + 8 + CHECKSUM;

const indexPath = (path: string): string => join(dirname(path), `.${basename(path)}.frames`);

export async function readFrameIndex(source: FileSource): Promise<Float64Array | undefined> {
  if (source.size < WORTH_KEEPING) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(indexPath(source.name));
  } catch {
    return undefined;
  }
  if (bytes.length < HEAD || (bytes.length - HEAD) % 8 !== 0) return undefined;
  const head = headOf(source, bytes.subarray(HEAD));
  if (head.some((byte, i) => bytes[i] !== byte)) return undefined;
  return new Float64Array(bytes.slice(HEAD).buffer);
}

export async function writeFrameIndex(source: FileSource, index: Float64Array): Promise<void> {
  if (source.size < WORTH_KEEPING) return;
  const body = new Uint8Array(index.buffer, index.byteOffset, index.byteLength);
  const bytes = new Uint8Array(HEAD + body.length);
  bytes.set(headOf(source, body));
  bytes.set(body, HEAD);
  // Only a convenience: where it cannot be kept, the file is scanned again.
  await writeAtomically(indexPath(source.name), bytes).catch(() => undefined);
}

function headOf({ size, modified }: FileSource, body: Uint8Array): Uint8Array {
  const head = new Uint8Array(HEAD);
  head.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(head.buffer);
  view.setFloat64(16, size, true);
  view.setFloat64(24, modified, true);
  head.set(createHash('sha256').update(body).digest(), 32);
  return head;
}
