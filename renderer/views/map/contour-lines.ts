/**
 * Lines of equal free energy over a plane (d3-contour). They are drawn through a lightly smoothed density: lines through
 * bare counts would show noise as coastline. Periodic axes are continued beyond their ends, so that lines meet there;
 * what was not seen counts as higher than every level. Not here: the shades, which are of the bins as they are.
 */
import { contours } from 'd3-contour';
import type { Axis, Surface } from '../../../core/host/contract.ts';
import { niceStep } from '../ticks.ts';

export interface ContourLines {
  readonly level: number;
  /** Closed lines; each point in bins from the lower corner of the plane, and beyond it. */
  readonly rings: readonly (readonly (readonly [number, number])[])[];
}

/** Bins that a periodic axis is continued by. */
const BEYOND = 3;
/** As a logarithm of the density. */
const UNSEEN = -1e3;

export function contourLines(
  axes: readonly Axis[],
  { bins, energy }: Surface,
  levels: readonly number[],
): ContourLines[] {
  const [nx, ny] = bins;
  const wide = nx + 2 * BEYOND;
  const high = ny + 2 * BEYOND;
  const along = (place: number, count: number, axis: number) => {
    const inner = place - BEYOND;
    if (axes[axis]!.periodic) return (inner + count) % count;
    return inner >= 0 && inner < count ? inner : -1;
  };
  const density = new Float64Array(wide * high);
  for (let j = 0; j < high; j++) {
    for (let i = 0; i < wide; i++) {
      const x = along(i, nx, 0);
      const y = along(j, ny, 1);
      const F = x < 0 || y < 0 ? Number.NaN : energy[x * ny + y]!;
      density[j * wide + i] = Number.isNaN(F) ? 0 : Math.exp(-F);
    }
  }
  const smooth = smoothed(smoothed(density, wide, high), wide, high);
  const values = Array.from(smooth, (p) => (p > 0 ? Math.log(p) : UNSEEN));
  const find = contours().size([wide, high]).smooth(true);
  return levels.map((level) => ({
    level,
    rings: find
      .contour(values, -level)
      .coordinates.flat()
      .map((ring) => ring.map(([x, y]) => [x! - BEYOND, y! - BEYOND] as const)),
  }));
}

/**
 * The levels that are drawn on a scale that ends at `top`, kT. A bin seen once has the highest energy of all: the lines
 * end where a bin was seen four times, for beyond they would go around single points.
 */
export function contourLevels(top: number, highest: number): number[] {
  const step = Math.max(0.5, niceStep(top / 9));
  const last = Math.min(top - step / 2, highest - Math.log(4));
  return Array.from({ length: Math.max(0, Math.floor(last / step + 1e-9)) }, (_, i) => (i + 1) * step);
}

/** By 1-2-1 along both axes, one after the other; what lies beyond the edge is as the edge. */
function smoothed(values: Float64Array, wide: number, high: number): Float64Array {
  const across = new Float64Array(values.length);
  for (let j = 0; j < high; j++) {
    const row = j * wide;
    for (let i = 0; i < wide; i++) {
      const left = values[row + Math.max(0, i - 1)]!;
      const right = values[row + Math.min(wide - 1, i + 1)]!;
      across[row + i] = left + 2 * values[row + i]! + right;
    }
  }
  const smooth = new Float64Array(values.length);
  for (let j = 0; j < high; j++) {
    const row = j * wide;
    const below = Math.max(0, j - 1) * wide;
    const above = Math.min(high - 1, j + 1) * wide;
    for (let i = 0; i < wide; i++)
      smooth[row + i] = (across[below + i]! + 2 * across[row + i]! + across[above + i]!) / 16;
  }
  return smooth;
}
