/**
 * Tensors on disk that survive crashes: `name.safetensors` and the version before it, `name.prev.safetensors`.
 * Each file carries its own SHA-256 (metadata key `sha256`, computed with 64 zeros in its place), so a damaged file
 * is recognised whatever byte is hit. A file becomes the previous one only while it is whole, and at every moment at
 * least one of the two is.
 */
import { createHash } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { decodeSafetensors, encodeSafetensors, type Safetensors } from '../formats/safetensors.ts';
import { replace, temporaryName, writeTemporary } from './atomic-write.ts';
import { errorCode, fileError, writeError } from './file-errors.ts';

const SEAL = 'sha256';
const OPEN_SEAL = '0'.repeat(64);

export interface StoredTensors extends Safetensors {
  /** Set when the newest file was unusable: a sentence to show. */
  readonly notice?: string;
}

export const previousOf = (path: string): string => path.replace(/\.safetensors$/, '.prev.safetensors');

export async function writeTensorFile(path: string, { tensors, metadata }: Safetensors): Promise<void> {
  const sealed = seal(encodeSafetensors({ tensors, metadata: new Map([[SEAL, OPEN_SEAL], ...metadata]) }));
  const temporary = await writeTemporary(path, sealed);
  if (await isWhole(path)) await makePrevious(path);
  await replace(temporary, path);
}

/** The newest whole version, undefined when there is none yet; an error when all that is there is damaged. */
export async function readTensorFile(path: string): Promise<StoredTensors | undefined> {
  const newest = await attempt(path);
  if (newest.content) return newest.content;
  const previous = await attempt(previousOf(path));
  const names = [path, previousOf(path)].map((each) => `\`${basename(each)}\``);
  if (previous.content) {
    return { ...previous.content, notice: `${newest.problem} The version before it, ${names[1]}, is used instead.` };
  }
  if (newest.missing && previous.missing) return undefined;
  const problem = newest.missing ? previous.problem : newest.problem;
  throw new ErgodicError(
    `Neither ${names[0]} nor ${names[1]} is usable; nothing was changed: restore one from a copy or start a new run. ` +
      `(${problem})`,
  );
}

type Attempt =
  | { content: Safetensors; problem?: never; missing?: never }
  | { content?: never; problem: string; missing: boolean };

async function attempt(path: string): Promise<Attempt> {
  try {
    const bytes = await readFile(path);
    const content = decodeSafetensors(bytes, path);
    if (!isSealed(bytes)) return { problem: `\`${path}\` is damaged: its checksum does not fit.`, missing: false };
    const metadata = new Map(content.metadata);
    metadata.delete(SEAL);
    return { content: { tensors: content.tensors, metadata } };
  } catch (error) {
    const missing = errorCode(error) === 'ENOENT';
    return { problem: missing ? `\`${path}\` is missing.` : fileError(error, path).message, missing };
  }
}

async function isWhole(path: string): Promise<boolean> {
  try {
    return isSealed(await readFile(path));
  } catch {
    return false;
  }
}

async function makePrevious(path: string): Promise<void> {
  const second = temporaryName(path);
  try {
    await link(path, second);
    await rename(second, previousOf(path));
    // Two names of one file, left by a killed writer, are not renamed: the system says it is done and keeps both.
    await rm(second, { force: true });
  } catch {
    // Some disks (FAT, a few network ones) have no links; between this rename and the next only the previous exists.
    try {
      await rename(path, previousOf(path));
    } catch (error) {
      throw writeError(error, previousOf(path));
    }
  }
}

function sealPosition(bytes: Buffer): number {
  const found = bytes.indexOf(`"${SEAL}":"`);
  return found === -1 ? -1 : found + SEAL.length + 4;
}

function seal(bytes: Uint8Array): Buffer {
  const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const digest = createHash('sha256').update(sealed).digest('hex');
  sealed.write(digest, sealPosition(sealed), 'latin1');
  return sealed;
}

function isSealed(bytes: Buffer): boolean {
  const position = sealPosition(bytes);
  if (position === -1) return false;
  const digest = createHash('sha256')
    .update(bytes.subarray(0, position))
    .update(OPEN_SEAL)
    .update(bytes.subarray(position + OPEN_SEAL.length))
    .digest('hex');
  return bytes.toString('latin1', position, position + OPEN_SEAL.length) === digest;
}
