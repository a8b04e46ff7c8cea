/**
 * Where replicas start so that every basin gets its fraction of them: frames at even intervals along a curve that fills
 * the plane of the collective variables, in which neighbours stay together (Hilbert), from an offset drawn by the seed
 * (systematic resampling). Each frame is as likely to be chosen as any other; of a basin with the fraction p, the n
 * replicas get p n to within one for each piece of the curve that lies in it, where independent draws would be off by
 * √(p n). Not weighted: frames count as they are in the data.
 */
import { streams } from '../../diffusion/streams.ts';
import { randomArray } from '../../program/random-arrays.ts';
import type { DataSet } from '../data/data-set.ts';
import type { CollectivePlane } from '../data/run-system.ts';

/** Cells of the curve along an axis: 2 to this power. */
const ORDER = 8;
const CELLS = 2 ** ORDER;

/** One configuration for each replica, in the units of the data. */
export function stratifiedStarts(
  { values, dimension, count }: DataSet,
  { plane, points }: Pick<CollectivePlane, 'plane' | 'points'>,
  replicas: number,
  seed: number,
): Float32Array {
  const axes = points(values);
  const cell = (axis: number, frame: number): number => {
    const [low, high] = plane.limits[axis]!;
    const at = Math.floor((CELLS * (axes[axis]![frame]! - low)) / (high - low));
    return Math.min(CELLS - 1, Math.max(0, at)) || 0;
  };
  const order = Float64Array.from({ length: count }, (_, frame) => {
    const place = axes.length === 1 ? cell(0, frame) : hilbert(cell(0, frame), cell(1, frame));
    return place * count + frame;
  }).sort();
  const [offset] = randomArray({
    ...{ kind: 'uniform', size: 1, samples: 1, firstSample: 0, step: 0 },
    ...{ stream: streams.replicaStarts, seed },
  });
  const starts = new Float32Array(replicas * dimension);
  for (let replica = 0; replica < replicas; replica++) {
    const at = Math.min(count - 1, Math.floor(((replica + offset!) * count) / replicas));
    const frame = order[at]! % count;
    starts.set(values.subarray(frame * dimension, (frame + 1) * dimension), replica * dimension);
  }
  return starts;
}

/** How far along the Hilbert curve a cell lies; cells that touch on the curve touch in the plane. */
function hilbert(x: number, y: number): number {
  let [a, b, distance] = [x, y, 0];
  for (let side = CELLS / 2; side >= 1; side /= 2) {
    const [right, upper] = [Number((a & side) > 0), Number((b & side) > 0)];
    distance += side * side * ((3 * right) ^ upper);
    if (upper === 0) {
      if (right === 1) [a, b] = [CELLS - 1 - a, CELLS - 1 - b];
      [a, b] = [b, a];
    }
  }
  return distance;
}
