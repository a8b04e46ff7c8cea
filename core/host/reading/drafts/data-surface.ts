/**
 * The free energy of the data that a draft names, in the plane that it asks for: before anything is trained. As the data
 * are, and as their weights make them count where there are some.
 */
import { ErgodicError } from '../../../errors.ts';
import { FEW } from '../../../runs/data/weighted-data.ts';
import type { Distribution } from '../../contract.ts';
import { withShortNames } from '../files/short-names.ts';
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { axesOf, bondRanges, planeDistribution, shapesOf } from '../results/distribution.ts';
import { referenceSet } from '../results/reference-set.ts';
import { loadTarget, type Target } from './draft-system.ts';
import type { Loaded } from './loaded-data.ts';

export async function dataSurface(
  { draft }: Questions['data.surface'],
  reading: Reading,
): Promise<Answer<'data.surface'>> {
  const { follower, caches } = reading;
  const target = await loadTarget(draft, caches, follower);
  const { loaded, system, specification } = target;
  const surface = { axes: axesOf(system), distribution: await distributionOf(loaded, target, reading) };
  if (specification.system.weights === 'none') return surface;
  try {
    const weighed = await caches.data.weighed(specification, loaded, follower);
    const { effective = weighed.data.count } = weighed;
    return {
      ...surface,
      weighed: { effective, isFew: effective < FEW, distribution: await distributionOf(weighed, target, reading) },
    };
  } catch (error) {
    if (!(error instanceof ErgodicError)) throw error;
    return { ...surface, problem: withShortNames(error.message) };
  }
}

async function distributionOf(
  loaded: Loaded,
  { system, plane }: Target,
  { follower: { signal }, caches }: Reading,
): Promise<Distribution> {
  const set = referenceSet(loaded);
  const points = await caches.points.of(set, system, plane, signal);
  const ranges = await bondRanges(set, system, signal);
  return {
    ...planeDistribution(set, points, system.variables.plane),
    ...(await shapesOf(set, system, ranges, signal)),
  };
}
