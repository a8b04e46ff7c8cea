/**
 * Rows of a set by where they are in the plane: about a point, or inside an outline. An axis that is an angle goes on
 * from its end to its beginning. Arrays in, places out.
 */
import { isPeriodic, wrap } from '../../../analysis/free-energy/histogram.ts';
import type { Plane } from '../../../analysis/free-energy/plane.ts';
import type { Points } from '../../../analysis/free-energy/points.ts';

type Point = readonly [number, number];

/** In widths of the axes: what is farther from a point is not there. */
const NEAR = 0.05;

/** The nearest first; all that are near. */
export function rowsAbout(points: Points, plane: Plane, at: Point): number[] {
  const distance = new Map<number, number>();
  for (let row = 0; row < points[0]!.length; row++) {
    let square = 0;
    for (const [axis, values] of points.entries()) {
      const [low, high] = plane.limits[axis]!;
      let apart = (values[row]! - at[axis]!) / (high - low);
      if (isPeriodic(plane.periodic, axis)) apart -= Math.round(apart);
      square += apart * apart;
    }
    if (square <= NEAR * NEAR) distance.set(row, square);
  }
  return [...distance.keys()].sort((a, b) => distance.get(a)! - distance.get(b)! || a - b);
}

/** In their order. A plane of one axis has no inside: between the outermost points of the outline, then. */
export function rowsInside(points: Points, plane: Plane, outline: readonly Point[]): number[] {
  const images = imagesOf(outline, plane);
  const [x, y] = points as [ArrayLike<number>, ArrayLike<number> | undefined];
  const place = (value: number, axis: number) =>
    isPeriodic(plane.periodic, axis) && Number.isFinite(value) ? wrap(value, plane.limits[axis]!) : value;
  const found: number[] = [];
  for (let row = 0; row < x.length; row++) {
    const here: Point = [place(x[row]!, 0), y ? place(y[row]!, 1) : 0];
    if (images.some((image) => isWithin(image, here, y !== undefined))) found.push(row);
  }
  return found;
}

interface Outline {
  readonly corners: readonly Point[];
  readonly low: Point;
  readonly high: Point;
}

/** What was drawn beyond the end of an angle lies at its other end, too. */
function imagesOf(outline: readonly Point[], { limits, periodic }: Plane): Outline[] {
  const shifts = limits.map(([low, high], axis) => {
    if (!isPeriodic(periodic, axis)) return [0];
    const turns = outline.map((corner) => Math.floor((corner[axis]! - low) / (high - low)));
    const [least, most] = [Math.min(...turns), Math.max(...turns)];
    return Array.from({ length: Math.min(MOST_TURNS, most - least + 1) }, (_, i) => -(least + i) * (high - low));
  });
  return shifts[0]!.flatMap((dx) =>
    (shifts[1] ?? [0]).map((dy) => {
      const corners = outline.map(([x, y]): Point => [x + dx, y + dy]);
      const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
      return { corners, low: [Math.min(...xs), Math.min(...ys)], high: [Math.max(...xs), Math.max(...ys)] };
    }),
  );
}

/** Of an outline that nobody can have drawn. */
const MOST_TURNS = 4;

function isWithin({ corners, low, high }: Outline, [x, y]: Point, isPlane: boolean): boolean {
  if (!(x >= low[0] && x <= high[0])) return false;
  if (!isPlane) return true;
  if (!(y >= low[1] && y <= high[1])) return false;
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [ax, ay] = corners[i]!;
    const [bx, by] = corners[j]!;
    if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside;
  }
  return inside;
}
