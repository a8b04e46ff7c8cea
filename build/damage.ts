/**
 * Damages a file in every way that is cheap to try and reads what is left, for the tests of readers: cut off at every
 * length, and with bytes overwritten at random places (seeded). What must hold: nothing but an ErgodicError is thrown,
 * nothing is read beyond the end, the frames of a cut file are the first frames of the whole one.
 */
import { isDeepStrictEqual } from 'node:util';
import { ErgodicError } from '../core/errors.ts';
import type { ByteSource } from '../core/formats/byte-source.ts';
import type { Frame, TrajectoryReader } from '../core/formats/trajectory.ts';
import { uniformSource } from '../core/systems/toys/gaussian.ts';

export type Open = (source: ByteSource) => Promise<TrajectoryReader>;

export interface Outcome {
  readonly error?: ErgodicError;
  readonly frames: readonly Frame[];
  readonly problems: readonly { readonly message: string; readonly byte?: number; readonly line?: number }[];
}

/** Everything that can be read; a source that insists on being asked for what exists, in sane pieces. */
export async function readAll(name: string, bytes: Uint8Array, open: Open): Promise<Outcome> {
  const source: ByteSource = {
    name,
    size: bytes.length,
    read: async (offset, length) => {
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
        throw new Error(`Asked for ${length} bytes at ${offset}.`);
      }
      // Readers may ask for a round number of bytes near the end, but not for what only a wrong count can explain.
      if (length > Math.max(2 * bytes.length, 2 ** 23))
        throw new Error(`Asked for ${length} of ${bytes.length} bytes.`);
      return bytes.subarray(offset, Math.min(bytes.length, offset + length));
    },
  };
  const frames: Frame[] = [];
  let problems: Outcome['problems'] = [];
  try {
    const reader = await open(source);
    problems = reader.problems;
    for (let index = 0; index < reader.frames; index++) frames.push(await reader.frame(index));
    return { frames, problems };
  } catch (error) {
    if (error instanceof ErgodicError) return { error, frames, problems };
    throw error;
  }
}

/**
 * The outcome of each length from 0 to that of the whole file, exclusive. `warned`: what a problem says where the last
 * frame may differ, because nothing in the file can tell.
 */
export async function cutEverywhere(name: string, bytes: Uint8Array, open: Open, warned?: RegExp): Promise<Outcome[]> {
  const whole = await readAll(name, bytes, open);
  if (whole.error) throw whole.error;
  const outcomes: Outcome[] = [];
  for (let length = 0; length < bytes.length; length++) {
    const outcome = await readAll(name, bytes.slice(0, length), open);
    outcome.frames.forEach((frame, index) => {
      if (isDeepStrictEqual(frame, whole.frames[index])) return;
      const isLast = index === outcome.frames.length - 1;
      if (isLast && warned && outcome.problems.some(({ message }) => warned.test(message))) return;
      throw new Error(`Frame ${index} of ${name} cut off after ${length} bytes is not that of the whole file.`);
    });
    outcomes.push(outcome);
  }
  return outcomes;
}

/** Reads copies with one to four bytes changed, `copies` times; returns how many of them still gave frames. */
export async function flipBytes(
  name: string,
  bytes: Uint8Array,
  open: Open,
  { copies, seed = 1, head = bytes.length }: { copies: number; seed?: number; head?: number },
): Promise<number> {
  const random = uniformSource(seed);
  let readable = 0;
  for (let copy = 0; copy < copies; copy++) {
    const damaged = bytes.slice();
    for (let change = 0; change <= random() % 4; change++) {
      const at = random() % head;
      // Single bits, and the values that make counts large or negative.
      const value = [damaged[at]! ^ (1 << (random() % 8)), 0xff, 0x7f, 0x00, random() & 0xff][random() % 5]!;
      damaged[at] = value;
    }
    const { frames } = await readAll(`${name}, copy ${copy}`, damaged, open);
    if (frames.length > 0) readable++;
  }
  return readable;
}
