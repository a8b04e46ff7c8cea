/**
 * Conformations near a point of the plane: their medoid first, and the others superposed on it. nm.
 * Not here: which rows are near a point (plane-search.ts).
 */
import type { Points } from '../../../analysis/free-energy/points.ts';
import { medoid } from '../../../analysis/geometry/medoid.ts';
import { move, superpose } from '../../../systems/superpose.ts';
import { drawable } from '../files/drawable.ts';
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { type ConformationSet, placeOf } from './conformation-set.ts';
import { molecularRun } from './open-run.ts';
import { rowsAbout, rowsInside } from './plane-search.ts';
import { absentSet, setOf } from './run-sets.ts';

export async function findStructures(
  { folder, set: name, place }: Questions['structures.find'],
  reading: Reading,
): Promise<Answer<'structures.find'>> {
  const { caches, follower } = reading;
  const run = molecularRun(await caches.runs.open(folder));
  const set = await setOf(run, name, reading);
  if (!set) throw absentSet(name);
  const { plane } = run.system.variables;
  const points = await caches.points.of(set, run.system, run.plane, follower.signal);
  const found = 'at' in place ? rowsAbout(points, plane, place.at) : rowsInside(points, plane, place.outline);
  const distinct = withoutRepeats(set, found);
  const candidates = 'at' in place ? distinct.slice(0, place.count) : distinct;
  const rows = await middleFirst(set, candidates, place.count, follower.signal);
  const positions = await laidOver(set, rows, follower.signal);
  const width = 3 * run.topology.atoms.length;
  return {
    structure: drawable(run.topology, rows.length > 0 ? positions.subarray(0, width) : new Float32Array(width)),
    frames: rows.map((row) => {
      const { frame, replica } = placeOf(set, row);
      return {
        frame: set.frameOf?.(row) ?? frame,
        ...(name === 'simulation' ? { replica } : {}),
        at: pointOf(points, row),
      };
    }),
    positions,
    found: distinct.length,
  };
}

/** A frame that counts several times is one structure. */
function withoutRepeats({ frameOf }: ConformationSet, rows: readonly number[]): readonly number[] {
  if (!frameOf) return rows;
  return [...new Map(rows.map((row) => [frameOf(row), row])).values()];
}

const pointOf = (points: Points, row: number): [number, number] => [points[0]![row]!, points[1]?.[row] ?? 0];

/** Rows whose middle is looked for, at most: the time grows with their square. */
const MOST_COMPARED = 300;

async function middleFirst(
  set: ConformationSet,
  rows: readonly number[],
  count: number,
  signal: AbortSignal,
): Promise<number[]> {
  if (rows.length === 0) return [];
  const compared = spread(rows, MOST_COMPARED);
  const positions = await gathered(set, compared, signal);
  const atoms = positions.length / (3 * compared.length);
  const middle = medoid({ positions, frames: compared.length, atoms }, [...compared.keys()]);
  const first = compared[middle.frame]!;
  const others = rows.filter((row) => row !== first);
  return [first, ...spread(others, count - 1)];
}

/** Evenly over all of them, in their order. */
const spread = (rows: readonly number[], most: number): number[] =>
  rows.length <= most
    ? [...rows]
    : Array.from({ length: most }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / most)]!);

async function gathered(
  set: ConformationSet,
  rows: readonly number[],
  signal: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  let all = new Float32Array(0);
  for (const [i, row] of rows.entries()) {
    signal.throwIfAborted();
    const { positions } = await set.row(placeOf(set, row));
    if (i === 0) all = new Float32Array(rows.length * positions.length);
    all.set(positions, i * positions.length);
  }
  return all;
}

async function laidOver(
  set: ConformationSet,
  rows: readonly number[],
  signal: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const all = await gathered(set, rows, signal);
  const width = all.length / Math.max(1, rows.length);
  const first = all.slice(0, width);
  for (let at = width; at < all.length; at += width) {
    const own = all.subarray(at, at + width);
    move(superpose(own, first), own, own);
  }
  return all;
}
