/**
 * The basins of a free-energy surface in one or two dimensions: its local minima, and which bins drain into which.
 * Bins are flooded from below; where two basins meet, the shallower one joins the other unless it is deeper than `depth`
 * by the counting error of that depth, so that noise makes no basin (persistence, as Chazal et al., 2013).
 * A counted density is first smoothed over a sixtieth of each axis, so that the outcome hardly depends on the bins; one
 * in closed form is taken as it is. Bins that touch at a corner are neighbours; periodic axes close. Unsampled bins are
 * flooded last, nearest first, and belong to no basin. Energies in the unit of the surface.
 */
import { binVolume, type FreeEnergy } from './free-energy.ts';
import { binCentres, type Grid, innerBins, isPeriodic, wrap } from './histogram.ts';
import type { Points } from './points.ts';

export interface Basin {
  /** Index of the lowest bin, and where its centre is. */
  readonly bin: number;
  readonly minimum: readonly number[];
  /** There, above the lowest of all, smoothed. */
  readonly freeEnergy: number;
  /** From the minimum up to the lowest pass into a deeper basin, as far as points tell; infinite for the deepest. */
  readonly depth: number;
  /** Fraction of all points. */
  readonly population: number;
}

export interface Basins {
  /** Deepest first. */
  readonly basins: readonly Basin[];
  /** Which of them each bin belongs to; −1 for unsampled bins. */
  readonly labels: Int32Array;
  /** The same with unsampled bins, which belong to the basin next to them. */
  readonly nearest: Int32Array;
  readonly surface: FreeEnergy;
}

/** `depth` in the unit of the surface; kT unless given. */
export function findBasins(surface: FreeEnergy, depth: number = surface.kT): Basins {
  const { values, kT } = surface;
  const { level, counts } = landscape(surface);
  const owner = new Int32Array(values.length).fill(-1);
  const found: Found[] = [];
  for (const bin of floodOrder(surface.grid, level)) {
    let lowest = -1;
    const meeting = new Set<number>();
    for (const neighbour of neighboursOf(surface.grid, bin)) {
      if (owner[neighbour]! < 0) continue;
      meeting.add(follow(found, 'into', owner[neighbour]!));
      if (lowest < 0 || level[neighbour]! < level[lowest]!) lowest = neighbour;
    }
    if (lowest < 0) {
      owner[bin] = found.length;
      found.push({ bin, depth: Number.POSITIVE_INFINITY, into: found.length, lake: found.length });
      continue;
    }
    owner[bin] = owner[lowest]!;
    // Basins are numbered as their minima rise, so the smallest number is the deepest of a lake.
    const [first, ...others] = [...meeting].sort((a, b) => follow(found, 'lake', a) - follow(found, 'lake', b));
    for (const other of others) {
      const deepest = follow(found, 'lake', first!);
      const shallower = found[follow(found, 'lake', other)]!;
      if (shallower.lake === deepest) continue;
      shallower.lake = deepest;
      shallower.depth = level[bin]! - level[shallower.bin]!;
      const error = kT * Math.sqrt(1 / counts[shallower.bin]! + 1 / counts[bin]!);
      if (shallower.depth < depth + error) shallower.into = first!;
    }
  }
  return summary(
    surface,
    level,
    found,
    owner.map((basin) => follow(found, 'into', basin)),
  );
}

/** Basin of each point; −1 for outliers and points that are no numbers. */
export const basinsOf = ({ labels, surface }: Basins, points: Points): Int32Array =>
  innerBins(points, surface.grid).map((bin) => (bin < 0 ? -1 : labels[bin]!));

/** Basin of each point; those in unsampled bins or beyond the limits belong to the next. Points must be numbers. */
export function nearestBasinsOf({ nearest, surface: { grid } }: Basins, points: Points): Int32Array {
  const { limits, bins } = grid;
  const indices = new Int32Array(points[0]!.length);
  for (const [axis, values] of points.entries()) {
    const [low, high] = limits[axis]!;
    for (let i = 0; i < indices.length; i++) {
      const inside = isPeriodic(grid.periodic, axis) ? wrap(values[i]!, limits[axis]!) : values[i]!;
      const cell = Math.floor((inside - low) * (bins / (high - low)));
      indices[i] = indices[i]! * bins + Math.max(0, Math.min(cell, bins - 1));
    }
  }
  return indices.map((bin) => nearest[bin]!);
}

interface Found {
  readonly bin: number;
  depth: number;
  /** The basin it has become part of, or itself. */
  into: number;
  /** A deeper basin that the water joins it with by now, or itself. */
  lake: number;
}

function follow(found: readonly Found[], link: 'into' | 'lake', basin: number): number {
  let end = basin;
  while (found[end]![link] !== end) end = found[end]![link];
  return end;
}

function summary(surface: FreeEnergy, level: Float64Array, found: readonly Found[], roots: Int32Array): Basins {
  const { values, grid, kT, offset } = surface;
  const kept = found.flatMap(({ into }, basin) => (into === basin ? [basin] : []));
  const index = new Map(kept.map((basin, i) => [basin, i]));
  const nearest = roots.map((root) => index.get(root)!);
  const labels = nearest.map((basin, bin) => (Number.isNaN(values[bin]!) ? -1 : basin));
  const population = kept.map(() => 0);
  const volume = binVolume(grid);
  labels.forEach((label, bin) => {
    if (label >= 0) population[label]! += volume * Math.exp(-(values[bin]! + offset) / kT);
  });
  const centres = grid.limits.map((limits) => binCentres(limits, grid.bins));
  const basins = kept.map((basin, i): Basin => {
    const { bin, depth } = found[basin]!;
    const cells = centres.length === 1 ? [bin] : [Math.floor(bin / grid.bins), bin % grid.bins];
    return {
      bin,
      minimum: cells.map((cell, axis) => centres[axis]![cell]!),
      freeEnergy: level[bin]! - level[found[kept[0]!]!.bin]!,
      depth,
      population: population[i]!,
    };
  });
  return { basins, labels, nearest, surface };
}

interface Landscape {
  /** Free energy by which bins are flooded; infinite where there is nothing. */
  readonly level: Float64Array;
  /** How many points know it, at least 1. */
  readonly counts: Float64Array;
}

function landscape({ values, grid, kT, offset, total }: FreeEnergy): Landscape {
  const density = values.map((F) => (Number.isNaN(F) ? 0 : Math.exp(-(F + offset) / kT)));
  const free = (p: number) => (p > 0 ? -kT * Math.log(p) : Number.POSITIVE_INFINITY);
  if (total === undefined) {
    return { level: density.map(free), counts: new Float64Array(density.length).fill(Number.POSITIVE_INFINITY) };
  }
  const passes = Math.round(2 * (grid.bins / SMOOTHING) ** 2);
  let smoothed: Float64Array = density;
  for (const axis of grid.limits.keys()) smoothed = smoothAlong(smoothed, grid, axis, passes);
  // A mean with weights w over counts knows as much as their sum over Σ w² does, here of a binomial distribution.
  const gathered = (Math.sqrt(Math.PI * passes) || 1) ** grid.limits.length;
  const points = total * binVolume(grid) * gathered;
  // Less than one point is no knowledge of how high a pass is.
  const level = smoothed.map((p) => (p > 0 ? free(Math.max(p, 1 / points)) : Number.POSITIVE_INFINITY));
  return { level, counts: smoothed.map((p) => Math.max(1, points * p)) };
}

/** Part of an axis that is one standard deviation of the smoothing. */
const SMOOTHING = 60;

/** 1-2-1 means along one axis; at an end that does not close, the last bin stands for what is beyond. */
function smoothAlong(
  density: Float64Array,
  { bins, periodic, limits }: Grid,
  axis: number,
  passes: number,
): Float64Array {
  const stride = axis === limits.length - 1 ? 1 : bins;
  const closes = isPeriodic(periodic, axis);
  let current = density;
  for (let pass = 0; pass < passes; pass++) {
    const before = current;
    current = before.map((p, bin) => {
      const cell = Math.floor(bin / stride) % bins;
      const left = cell > 0 ? bin - stride : closes ? bin + (bins - 1) * stride : bin;
      const right = cell < bins - 1 ? bin + stride : closes ? bin - (bins - 1) * stride : bin;
      return p / 2 + (before[left]! + before[right]!) / 4;
    });
  }
  return current;
}

/** Bins from the lowest; those with nothing in them from the nearest to one with something. */
function floodOrder(grid: Grid, level: Float64Array): number[] {
  const order = Array.from(level.keys())
    .filter((bin) => level[bin]! < Number.POSITIVE_INFINITY)
    .sort((a, b) => level[a]! - level[b]! || a - b);
  const highest = level[order.at(-1)!]!;
  const reached = new Uint8Array(level.length);
  for (const bin of order) reached[bin] = 1;
  for (let at = 0; at < order.length; at++) {
    for (const neighbour of neighboursOf(grid, order[at]!)) {
      if (reached[neighbour]) continue;
      reached[neighbour] = 1;
      order.push(neighbour);
      level[neighbour] = highest;
    }
  }
  return order;
}

function neighboursOf({ bins, periodic, limits }: Grid, bin: number): number[] {
  const along = (cell: number, axis: number) =>
    [cell - 1, cell, cell + 1]
      .map((near) => (isPeriodic(periodic, axis) ? (near + bins) % bins : near))
      .filter((near) => near >= 0 && near < bins);
  if (limits.length === 1) return along(bin, 0).filter((near) => near !== bin);
  const rows = along(Math.floor(bin / bins), 0);
  const columns = along(bin % bins, 1);
  return rows.flatMap((row) => columns.map((column) => row * bins + column)).filter((near) => near !== bin);
}
