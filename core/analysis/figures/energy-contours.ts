/**
 * Lines of equal free energy over a plane, and the levels that its counts support. They are drawn through a lightly
 * smoothed density: lines through bare counts would show noise as coastline, and a mean of logarithms would not be that
 * of counts. Bins that were not seen have a density of 0, so lines close around what was seen; periodic axes are
 * continued beyond their ends, so that lines run through. Not here: the shades, which are of the bins as they are.
 */
import { isPeriodic, type Periodicity } from '../free-energy/histogram.ts';
import { type Cells, contourLines, type Polyline, smooth } from './contour.ts';
import { niceStep } from './ticks.ts';

export interface EnergySurface {
  readonly bins: Cells;
  /** The first axis is x; NaN where nothing was seen. */
  readonly energy: ArrayLike<number>;
  readonly periodic?: Periodicity | undefined;
  /** In the unit of the energy; 1 unless given. */
  readonly kT?: number;
}

/** Bins that a periodic axis is continued by. */
const BEYOND = 3;
/** kT of a bin without counts: finite, so that lines have a place beside it. */
const UNSEEN = 1e3;

/** For each level its lines; points in bins from the lower corner of the plane, and beyond it. */
export function energyContours(surface: EnergySurface, levels: readonly number[]): Polyline[][] {
  if (levels.length === 0) return [];
  const { kT = 1 } = surface;
  const cells: Cells = [surface.bins[0] + 2 * BEYOND, surface.bins[1] + 2 * BEYOND];
  const smoothed = smooth(widenedDensity(surface, cells), cells);
  const energies = smoothed.map((density) => (density === 0 ? kT * UNSEEN : -kT * Math.log(density)));
  return levels.map((level) =>
    contourLines(energies, cells, level).map((line) => line.map(([i, j]) => [i - BEYOND + 0.5, j - BEYOND + 0.5])),
  );
}

/** With more bins at every side: repeated where an axis closes, blank where not. */
function widenedDensity(
  { bins: [nx, ny], energy, periodic, kT = 1 }: EnergySurface,
  [wide, high]: Cells,
): Float64Array {
  const inside = (cell: number, bins: number, axis: number): number => {
    const bin = cell - BEYOND;
    if (bin >= 0 && bin < bins) return bin;
    return isPeriodic(periodic, axis) ? (bin + BEYOND * bins) % bins : -1;
  };
  const density = new Float64Array(wide * high).fill(Number.NaN);
  for (let column = 0; column < wide; column++) {
    const i = inside(column, nx, 0);
    if (i < 0) continue;
    for (let row = 0; row < high; row++) {
      const j = inside(row, ny, 1);
      if (j < 0) continue;
      const F = energy[i * ny + j]!;
      density[column * high + row] = Number.isNaN(F) ? 0 : Math.exp(-F / kT);
    }
  }
  return density;
}

/** A line through bins of fewer counts than this would show noise; the highest bins of a surface hold one count. */
const FEWEST_COUNTS = 5;

/** Of these levels those that the counts support on a surface whose highest bin is this high. */
export const supportedLevels = (levels: readonly number[], highest: number, kT = 1): number[] =>
  levels.filter((level) => level > 0 && level <= highest - kT * Math.log(FEWEST_COUNTS));

/** The levels that are drawn on a scale that ends at `top`, kT. */
export function contourLevels(top: number, highest: number): number[] {
  const step = Math.max(0.5, niceStep(top / 9));
  const count = Math.max(0, Math.floor((top - step / 2) / step + 1e-9));
  return supportedLevels(
    Array.from({ length: count }, (_, i) => (i + 1) * step),
    highest,
  );
}

/** Lines as the path of a picture, each point placed by `at`. */
export const contourPath = (lines: readonly Polyline[][], at: (point: readonly [number, number]) => string): string =>
  lines
    .flat()
    .map((line) => `M${line.map(at).join('L')}`)
    .join('');
