/** The free energy of the data that a draft names, in the plane that it asks for: before anything is trained. */
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { axesOf, bondRanges, planeDistribution, shapesOf } from '../results/distribution.ts';
import { referenceSet } from '../results/reference-set.ts';
import { loadTarget } from './draft-system.ts';

export async function dataSurface(
  { draft }: Questions['data.surface'],
  { follower, caches }: Reading,
): Promise<Answer<'data.surface'>> {
  const { loaded, system, plane } = await loadTarget(draft, caches, follower);
  const set = referenceSet(loaded);
  const points = await caches.points.of(set, system, plane, follower.signal);
  const ranges = await bondRanges(set, system, follower.signal);
  const shapes = await shapesOf(set, system, ranges, follower.signal);
  return {
    axes: axesOf(system),
    distribution: { ...planeDistribution(set, points, system.variables.plane), ...shapes },
  };
}
