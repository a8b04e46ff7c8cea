/**
 * Rows as an array on disk (.npy, .csv), written block by block, so that memory holds one block, and under its own name
 * only once it is whole.
 */
import { open, rm } from 'node:fs/promises';
import { samplesHead, samplesRows } from '../formats/samples.ts';
import { replace, temporaryName } from './atomic-write.ts';
import { fileError } from './file-errors.ts';
import type { WaitingRows } from './waiting-rows.ts';

const BLOCK = 2 ** 20;

/** `shape`: of the whole array, as in formats/samples.ts. */
export async function writeArrayFile(path: string, shape: readonly number[], rows: WaitingRows): Promise<void> {
  const temporary = temporaryName(path);
  const width = shape.at(-1)!;
  const block = new Float32Array(Math.max(1, Math.floor(BLOCK / width)) * width);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.appendFile(samplesHead(path, shape));
      for (let from = 0; from < rows.numbers; from += block.length) {
        const some = block.subarray(0, Math.min(block.length, rows.numbers - from));
        await rows.read(from, some);
        await file.appendFile(samplesRows(path, shape, some, from / width));
      }
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
