/**
 * Which frames of a trajectory are trained on and which ones judge the training. Neighbouring frames resemble each
 * other, so frames picked singly would judge a model by what it has seen. The trajectory is cut into equal blocks, and
 * the end of every block is held out: contiguous in time, yet from all over it, so that a rare state that was
 * visited in one part only has its chance on both sides. No random numbers: the same frames always.
 */
import { ErgodicError } from '../errors.ts';

/** Frames `start` … `end − 1`. */
export interface FrameRange {
  readonly start: number;
  readonly end: number;
}

export interface FrameSplit {
  /** Rising, none empty. */
  readonly training: readonly FrameRange[];
  readonly validation: readonly FrameRange[];
}

export const BLOCKS = 10;

/**
 * `fraction`: of the frames that are held out, from 0 to 0.9. Fewer blocks than asked for where frames are few, so that
 * each gives at least one frame to either side.
 */
export function splitFrames(frames: number, fraction: number, blocks = BLOCKS): FrameSplit {
  if (!(fraction >= 0 && fraction <= 0.9)) {
    throw new ErgodicError(`The fraction of frames for validation must lie between 0 and 0.9, not ${fraction}.`);
  }
  if (fraction === 0) return { training: frames > 0 ? [{ start: 0, end: frames }] : [], validation: [] };
  if (frames < 2) throw new ErgodicError(`${frames} frames cannot be split into training and validation.`);
  // A block of n frames rounds n · fraction to at least one frame and at most n − 1.
  const fitting = Math.min(blocks, Math.floor(frames * fraction), Math.floor(frames / 2));
  const count = Math.max(1, fitting);
  const training: FrameRange[] = [];
  const validation: FrameRange[] = [];
  for (let block = 0; block < count; block++) {
    const start = Math.round((block * frames) / count);
    const end = Math.round(((block + 1) * frames) / count);
    const cut = Math.min(end - 1, Math.max(start + 1, end - Math.round((end - start) * fraction)));
    training.push({ start, end: cut });
    validation.push({ start: cut, end });
  }
  return { training, validation };
}
