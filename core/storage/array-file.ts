/**
 * Rows as an array on disk (.npy, .csv), written block by block, so that memory holds one block, and under its own name
 * only once it is whole.
 */
import { samplesHead, samplesRows } from '../formats/samples.ts';
import { writePieces } from './atomic-write.ts';
import type { PartialRows } from './partial-rows.ts';

const BLOCK = 2 ** 20;

/** `shape`: of the whole array, as in formats/samples.ts. */
export async function writeArrayFile(path: string, shape: readonly number[], rows: PartialRows): Promise<void> {
  const width = shape.at(-1)!;
  const block = new Float32Array(Math.max(1, Math.floor(BLOCK / width)) * width);
  await writePieces(path, async (file) => {
    await file.appendFile(samplesHead(path, shape));
    for (let from = 0; from < rows.numbers; from += block.length) {
      const some = block.subarray(0, Math.min(block.length, rows.numbers - from));
      await rows.read(from, some);
      await file.appendFile(samplesRows(path, shape, some, from / width));
    }
  });
}
