/**
 * Where the configurations of a set are in the plane: one array for each axis over all rows, NaN where there is none.
 * ReaderCaches for the next question about the same set in the same plane.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Points } from '../../../analysis/free-energy/points.ts';
import { allocated } from '../../../runs/data/data-set.ts';
import { dimensionOf, type RunSystem } from '../../../runs/data/run-system.ts';
import { RecentlyUsed } from '../recently-used.ts';
import type { ConformationSet } from './conformation-set.ts';

/** Bytes. */
const ROOM = 2 ** 28;

export class PlanePoints {
  readonly #recent = new RecentlyUsed<Float32Array[]>(ROOM, (points) =>
    points.reduce((sum, values) => sum + values.byteLength, 0),
  );

  /** `plane`: says which plane it is, whatever the set. */
  of(set: ConformationSet, system: RunSystem, plane: string, signal: AbortSignal): Promise<Points> {
    return this.#recent.get(`${set.name} ${set.key}\n${plane}`, () => pointsOf(set, system, signal));
  }
}

async function pointsOf(set: ConformationSet, system: RunSystem, signal: AbortSignal): Promise<Float32Array[]> {
  const dimension = dimensionOf(system);
  const { variables } = system;
  const total = set.frames * set.replicas;
  const points = variables.axes.map(() =>
    allocated(total, `The coordinates of ${total} conformations`, 'use a longer stride').fill(Number.NaN),
  );
  for await (const { first, stride, positions } of set.rows(signal)) {
    const some = variables.points(positions);
    for (let row = 0, at = first; row < positions.length / dimension; row++, at += stride) {
      if (hasNaN(positions, row * dimension, dimension)) continue;
      for (const [axis, values] of points.entries()) values[at] = some[axis]![row]!;
    }
    // The asker may have gone: that is heard between turns.
    await turn();
  }
  return points;
}

function hasNaN(values: Float32Array, start: number, count: number): boolean {
  for (let i = start; i < start + count; i++) if (Number.isNaN(values[i])) return true;
  return false;
}
