/** The molecule of some files, and one frame of it at a time: what a person looks through before anything is learned. */
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { drawable } from './drawable.ts';
import { wholePositions } from './open-source.ts';

export async function sourceStructure(
  { source: paths }: Questions['data.structure'],
  { follower, caches: { sources } }: Reading,
): Promise<Answer<'data.structure'>> {
  const task = follower.task('opening');
  const source = await sources.open(paths, task);
  const positions = wholePositions(source, await sources.frame(source, 0, 1, task));
  return { ...drawable(source.topology, positions), frames: source.frames, times: source.times };
}

export async function sourceFrame(
  { source: paths, frame, of }: Questions['data.frame'],
  { follower, caches: { sources, beadFrames } }: Reading,
): Promise<Answer<'data.frame'>> {
  const task = follower.task('reading a frame');
  if (of) return beadFrames.frame(await beadFrames.open(paths, of, task), frame, 1, task);
  const source = await sources.open(paths, task);
  const placed = await sources.frame(source, frame, 1, task);
  return { positions: wholePositions(source, placed), time: placed.time, trajectory: placed.trajectory };
}
