/**
 * The medoid of a set of frames: the frame whose RMSD to all the others is smallest on average, a real structure where a
 * mean would be none. Exact among at most `limit` frames, taken evenly; the time grows with the square of their number.
 */
import { ErgodicError } from '../../errors.ts';
import { type Conformations, frameAt, pickFrames } from './conformations.ts';
import { rmsd } from './rmsd.ts';

export interface Medoid {
  /** Index of the frame among all. */
  readonly frame: number;
  /** To the frames it was compared with, nm. */
  readonly meanRmsd: number;
  /** How many frames were compared. */
  readonly compared: number;
}

export interface MedoidOptions {
  readonly limit?: number;
  /** What each atom counts. */
  readonly weights?: ArrayLike<number>;
}

/** Of these frames, for example all of a basin. */
export function medoid(all: Conformations, frames: ArrayLike<number>, options: MedoidOptions = {}): Medoid {
  const usable = Array.from(frames).filter((frame) => !frameAt(all, frame).some(Number.isNaN));
  if (usable.length === 0) throw new ErgodicError('There is no frame to take a medoid of.');
  const size = Math.min(usable.length, options.limit ?? 500);
  const chosen = Array.from({ length: size }, (_, i) => usable[Math.floor(((i + 0.5) * usable.length) / size)]!);
  const candidates = pickFrames(all, chosen);
  let best = { frame: -1, meanRmsd: Number.POSITIVE_INFINITY };
  chosen.forEach((frame, i) => {
    const deviations = rmsd(candidates, frameAt(candidates, i), options.weights);
    // The frame itself adds nothing.
    let sum = 0;
    for (const deviation of deviations) sum += deviation;
    const meanRmsd = sum / Math.max(1, size - 1);
    if (meanRmsd < best.meanRmsd) best = { frame, meanRmsd };
  });
  return { ...best, compared: size };
}
