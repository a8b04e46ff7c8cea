/**
 * Frames into a file of any format that can be written, which appears under its name when it is whole and not before:
 * bytes go into a temporary file beside it in large blocks, and what only the end tells is put into its head then.
 */
import type { Frame, TrajectoryWriter } from '../formats/trajectory.ts';
import { writePieces } from './atomic-write.ts';

const BLOCK = 1 << 20;

/** Says how many there were. */
export function writeFrames(path: string, writer: TrajectoryWriter, frames: AsyncIterable<Frame>): Promise<number> {
  return writePieces(path, async (file) => {
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
    let count = 0;
    await put(writer.head());
    for await (const frame of frames) {
      await put(writer.frame(frame));
      count++;
    }
    const { tail, patches } = writer.end();
    await put(tail);
    await flush();
    for (const { offset, bytes } of patches) await file.write(bytes, 0, bytes.length, offset);
    return count;
  });
}
