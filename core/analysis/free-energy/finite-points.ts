/** Points without those that have a coordinate that is not a number: frames of stopped replicas count nowhere. */
import type { Points } from './points.ts';

/** The points themselves where nothing has to go. */
export function finitePoints(points: Points): Points {
  const total = points[0]?.length ?? 0;
  const keep = new Uint8Array(total).fill(1);
  for (const values of points) for (let i = 0; i < total; i++) if (Number.isNaN(values[i]!)) keep[i] = 0;
  const count = keep.reduce((sum, kept) => sum + kept, 0);
  if (count === total) return points;
  return points.map((values) => {
    const kept = values instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
    for (let i = 0, to = 0; i < total; i++) if (keep[i]) kept[to++] = values[i]!;
    return kept;
  });
}
