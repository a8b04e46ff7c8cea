/**
 * Frames into a file of any format that can be written, which appears under its name when it is whole and not before:
 * bytes go into a temporary file beside it in large blocks, and what only the end tells is put into its head then.
 */
import { open, rm } from 'node:fs/promises';
import type { Frame, TrajectoryWriter } from '../formats/trajectory.ts';
import { replace, temporaryName } from './atomic-write.ts';
import { fileError } from './file-errors.ts';

const BLOCK = 1 << 20;

export async function writeFrames(path: string, writer: TrajectoryWriter, frames: AsyncIterable<Frame>): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      const block = new Uint8Array(BLOCK);
      let filled = 0;
      const flush = async () => {
        await file.appendFile(block.subarray(0, filled));
        filled = 0;
      };
      const put = async (bytes: Uint8Array) => {
        if (filled + bytes.length > BLOCK) await flush();
        if (bytes.length > BLOCK) return file.appendFile(bytes);
        block.set(bytes, filled);
        filled += bytes.length;
      };
      await put(writer.head());
      for await (const frame of frames) await put(writer.frame(frame));
      const { tail, patches } = writer.end();
      await put(tail);
      await flush();
      for (const { offset, bytes } of patches) await file.write(bytes, 0, bytes.length, offset);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, path);
  }
  await replace(temporary, path);
}
