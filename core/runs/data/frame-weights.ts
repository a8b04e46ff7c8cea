/** Weights of frames from a file: one number for each frame of the trajectories, one trajectory after the other. */
import { readFile } from 'node:fs/promises';
import { ErgodicError } from '../../errors.ts';
import { decodeCsv } from '../../formats/csv.ts';
import { decodeNpy } from '../../formats/npy.ts';
import { formatOf } from '../../formats/samples.ts';
import { fileError } from '../../storage/file-errors.ts';
import type { OpenTrajectory } from '../../storage/molecule-files.ts';

interface WeighedFrames {
  readonly trajectories: readonly OpenTrajectory[];
  readonly stride: number;
  /** Frames that are used. */
  readonly count: number;
}

/** Of the frames that are used. */
export async function frameWeights(path: string, of: WeighedFrames): Promise<Float32Array> {
  const all = await numbersIn(path);
  const frames = of.trajectories.reduce((sum, { reader }) => sum + reader.frames, 0);
  if (all.length !== frames) {
    throw new ErgodicError(
      `\`${path}\` holds ${all.length} numbers, but there are ${frames} frames: give one weight for each.`,
    );
  }
  const bad = all.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (bad >= 0) {
    throw new ErgodicError(
      `\`${path}\`: the weight of frame ${bad + 1} is ${all[bad]}, and must be a finite number, 0 or above.`,
    );
  }
  const weights = new Float32Array(of.count);
  let [first, filled] = [0, 0];
  for (const { reader } of of.trajectories) {
    for (let frame = 0; frame < reader.frames; frame += of.stride) weights[filled++] = all[first + frame]!;
    first += reader.frames;
  }
  if (weights.some((weight) => weight > 0)) return weights;
  throw new ErgodicError(`\`${path}\`: the weights of all frames that are used are 0.`);
}

async function numbersIn(path: string): Promise<Float32Array> {
  const format = formatOf(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  return format === 'npy' ? decodeNpy(bytes, path).data : decodeCsv(new TextDecoder().decode(bytes), path).values;
}
