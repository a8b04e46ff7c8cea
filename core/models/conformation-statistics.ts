/**
 * What networks of one molecule know of its conformations from the start (method §4): bead distances, stiff internal
 * coordinates with their covariance, torsions, modes of the whole shape, and how strong the forces are. Found once from
 * the training data and stored in the run record, so that a model is complete without them. Plain numbers in model units
 * (lengths in data scales). Not here: networks, or files.
 */
import { symmetricEigen } from '../symmetric-eigen.ts';
import type { BeadTree } from './bead-tree.ts';

/** Indices of beads i–j–k–l. */
export type Quadruple = readonly [number, number, number, number];

/** A bond that others turn about. */
export interface RotatableTorsion {
  readonly atoms: Quadruple;
  /** Beads that turn about the bond between the second and the third; without these two. */
  readonly moved: readonly number[];
}

/** What follows from bonds alone. */
export interface BondedStructure {
  readonly beads: number;
  /** Every bonded quadruple. */
  readonly torsions: readonly Quadruple[];
  readonly rotatable: readonly RotatableTorsion[];
}

export interface ConformationStatistics extends BondedStructure {
  /** Of all pairs, in the order of `pairsOf`. */
  readonly distances: { readonly means: readonly number[]; readonly deviations: readonly number[] };
  /**
   * Stiff internal coordinates: distances, and heights of a bead above the plane of three others. `weights`,
   * [coordinates, modes] in rows, takes their deviations from the mean to independent modes of these variances.
   */
  readonly stiff: {
    /** Indices of pairs. */
    readonly pairs: readonly number[];
    /** Three beads of a plane and the one above it. */
    readonly heights: readonly Quadruple[];
    readonly heightMeans: readonly number[];
    readonly weights: readonly number[];
    readonly variances: readonly number[];
  };
  /**
   * Modes of the whole shape: eigenvectors of ⟨x xᵀ⟩/3 over beads, [beads, modes] in rows, the largest variance first;
   * the one that moves all beads alike is left out.
   */
  readonly shape: { readonly vectors: readonly number[]; readonly variances: readonly number[] };
  /** Mean square of a force component, (kT per data scale)², where the data have forces. */
  readonly meanSquareForce?: number | undefined;
  /** One of the conformations, which generated ones begin from; absent in older records. */
  readonly example?: readonly number[] | undefined;
  /** How conformations are built bead by bead; absent in older records, and where bonds do not hold all beads together. */
  readonly tree?: BeadTree | undefined;
}

/** All pairs of beads, the lower index first. */
export const pairsOf = (beads: number): [number, number][] =>
  Array.from({ length: beads }, (_, i) =>
    Array.from({ length: beads - 1 - i }, (_unused, k): [number, number] => [i, i + 1 + k]),
  ).flat();

/** Distances and heights whose standard deviation is below these count as stiff, nm. */
export const STIFF_DISTANCE = 0.0125;
export const STIFF_HEIGHT = 0.02;
/** Of the largest eigenvalue of the mean metric tensor: combinations of coordinates below it are redundant. */
const REDUNDANT = 0.01;
/** Modes softer than this variance are left to the network. */
const SOFT = 0.02;
/** No variance below this: it would not be resolved in float32. */
export const LEAST_VARIANCE = 1e-7;
/** Frames that means and covariances are taken over, and the metric tensor: some evenly spaced ones say enough. */
export const MOST_FRAMES = 10_000;
const METRIC_FRAMES = 500;

export interface Conformations {
  /** Frame after frame, centred, in data scales. */
  readonly positions: Float32Array;
  readonly forces?: Float32Array | undefined;
  readonly frames: number;
  /** Of a data scale, nm. */
  readonly scale: number;
}

export function conformationStatistics(
  { positions, forces, frames: given, scale }: Conformations,
  bonded: BondedStructure,
): ConformationStatistics {
  const { beads } = bonded;
  const width = 3 * beads;
  const frames = Math.min(given, MOST_FRAMES);
  const frameAt = (frame: number) => {
    const at = Math.floor(((frame + 0.5) * given) / frames);
    return positions.subarray(at * width, (at + 1) * width);
  };
  const pairs = pairsOf(beads);
  const distances = momentsOf(frames, pairs.length, (frame, out) => pairDistances(frameAt(frame), pairs, out));
  const candidates = heightCandidates(bonded);
  const heights = momentsOf(frames, candidates.length, (frame, out) => {
    const x = frameAt(frame);
    candidates.forEach((quadruple, i) => {
      out[i] = heightOf(x, quadruple);
    });
  });
  const stiffPairs = indicesWhere(distances.deviations, (deviation) => deviation * scale < STIFF_DISTANCE);
  const stiffHeights = indicesWhere(heights.deviations, (deviation) => deviation * scale < STIFF_HEIGHT);
  const chosenHeights = stiffHeights.map((i) => candidates[i]!);
  const chosenPairs = stiffPairs.map((i) => pairs[i]!);
  const count = chosenPairs.length + chosenHeights.length;
  const coordinates = (x: ArrayLike<number>, out: Float64Array) => {
    pairDistances(x, chosenPairs, out);
    for (const [i, quadruple] of chosenHeights.entries()) out[chosenPairs.length + i] = heightOf(x, quadruple);
  };
  const modes = independentModes({
    covariance: covarianceOf(frames, count, (frame, out) => coordinates(frameAt(frame), out)),
    metric: meanMetric({ frames, width, count, frameAt, coordinates }),
    count,
  });
  return {
    ...bonded,
    distances: { means: [...distances.means], deviations: [...distances.deviations] },
    stiff: {
      pairs: stiffPairs,
      heights: chosenHeights,
      heightMeans: stiffHeights.map((i) => heights.means[i]!),
      ...modes,
    },
    shape: shapeModes(frames, frameAt, beads),
    example: Array.from(frameAt(Math.floor(frames / 2))),
    ...(forces ? { meanSquareForce: meanSquare(forces) } : {}),
  };
}

/** For sizes and costs alone, before there are data: a chain of beads with stiff bonds and angles. */
export function assumedStatistics(bonded: BondedStructure): ConformationStatistics {
  const { beads } = bonded;
  const pairs = pairsOf(beads);
  const apart = pairs.map(([i, j]) => j - i);
  const stiff = indicesWhere(apart, (distance) => distance <= 2);
  return {
    ...bonded,
    distances: {
      means: apart.map((distance) => 1.4 * Math.sqrt(distance)),
      deviations: apart.map((distance) => (distance <= 2 ? 0.03 : 0.4)),
    },
    stiff: {
      pairs: stiff,
      heights: [],
      heightMeans: [],
      weights: stiff.flatMap((_, i) => stiff.map((_unused, j) => (i === j ? 1 : 0))),
      variances: stiff.map(() => 1e-3),
    },
    shape: {
      vectors: Array.from({ length: beads * (beads - 1) }, (_, at) => {
        const [bead, mode] = [Math.floor(at / (beads - 1)), at % (beads - 1)];
        return Math.sqrt(2 / beads) * Math.cos(((mode + 1) * (bead + 0.5) * Math.PI) / beads);
      }),
      variances: Array.from({ length: beads - 1 }, (_, mode) => 1 / (mode + 1) ** 2),
    },
    meanSquareForce: 300,
  };
}

/** The fourth bead of a bonded quadruple above the plane of the others, and a centre above the plane of its neighbours. */
export function heightCandidates({ torsions }: BondedStructure): Quadruple[] {
  const neighbours = new Map<number, Set<number>>();
  const joined = (a: number, b: number) => {
    if (!neighbours.has(a)) neighbours.set(a, new Set());
    neighbours.get(a)!.add(b);
  };
  for (const [i, j, k, l] of torsions) {
    for (const [a, b] of [
      [i, j],
      [j, k],
      [k, l],
    ] as const) {
      joined(a, b);
      joined(b, a);
    }
  }
  const centres = [...neighbours].flatMap(([centre, around]) => {
    const list = [...around].sort((a, b) => a - b);
    return list.flatMap((a, i) =>
      list.slice(i + 1).flatMap((b, j) => list.slice(i + j + 2).map((c): Quadruple => [a, b, c, centre])),
    );
  });
  return [...centres, ...torsions];
}

export function pairDistances(
  x: ArrayLike<number>,
  pairs: readonly (readonly [number, number])[],
  out: Float64Array,
): void {
  for (let p = 0; p < pairs.length; p++) {
    const [i, j] = pairs[p]!;
    out[p] = Math.hypot(x[3 * i]! - x[3 * j]!, x[3 * i + 1]! - x[3 * j + 1]!, x[3 * i + 2]! - x[3 * j + 2]!);
  }
}

/** Of the fourth bead above the plane of the first three, with the sign of their turn. */
export function heightOf(x: ArrayLike<number>, [p, q, r, s]: Quadruple): number {
  const from = (bead: number, axis: number) => x[3 * bead + axis]! - x[3 * p + axis]!;
  const [ax, ay, az] = [from(q, 0), from(q, 1), from(q, 2)];
  const [bx, by, bz] = [from(r, 0), from(r, 1), from(r, 2)];
  const [nx, ny, nz] = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  return (nx * from(s, 0) + ny * from(s, 1) + nz * from(s, 2)) / Math.hypot(nx, ny, nz);
}

type Fill = (frame: number, out: Float64Array) => void;

export function momentsOf(frames: number, count: number, fill: Fill) {
  const [means, squares, row] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let frame = 0; frame < frames; frame++) {
    fill(frame, row);
    for (let i = 0; i < count; i++) {
      // Welford's update: the squares of lengths would lose the digits of a stiff one.
      const before = row[i]! - means[i]!;
      means[i]! += before / (frame + 1);
      squares[i]! += before * (row[i]! - means[i]!);
    }
  }
  return { means, deviations: squares.map((sum) => Math.sqrt(sum / frames)) };
}

export function covarianceOf(frames: number, count: number, fill: Fill): Float64Array {
  const row = new Float64Array(count);
  const first = new Float64Array(count);
  const sums = new Float64Array(count);
  const products = new Float64Array(count * count);
  fill(0, first);
  for (let frame = 0; frame < frames; frame++) {
    fill(frame, row);
    for (let i = 0; i < count; i++) {
      const from = row[i]! - first[i]!;
      sums[i]! += from;
      for (let j = 0; j <= i; j++) products[i * count + j]! += from * (row[j]! - first[j]!);
    }
  }
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const value = products[i * count + j]! / frames - (sums[i]! / frames) * (sums[j]! / frames);
      products[i * count + j] = value;
      products[j * count + i] = value;
    }
  }
  return products;
}

/** ⟨J Jᵀ⟩ of the coordinates: how much each of them moves when beads do. */
export function meanMetric(of: {
  frames: number;
  width: number;
  count: number;
  frameAt(frame: number): ArrayLike<number>;
  coordinates(x: ArrayLike<number>, out: Float64Array): void;
}): Float64Array {
  const { frames, width, count, frameAt, coordinates } = of;
  const metric = new Float64Array(count * count);
  const [above, below] = [new Float64Array(count), new Float64Array(count)];
  const jacobian = new Float64Array(count * width);
  const used = Math.min(frames, METRIC_FRAMES);
  const step = 1e-4;
  for (let n = 0; n < used; n++) {
    const x = Float64Array.from(frameAt(Math.floor(((n + 0.5) * frames) / used)));
    for (let axis = 0; axis < width; axis++) {
      const own = x[axis]!;
      x[axis] = own + step;
      coordinates(x, above);
      x[axis] = own - step;
      coordinates(x, below);
      x[axis] = own;
      for (let i = 0; i < count; i++) jacobian[i * width + axis] = (above[i]! - below[i]!) / (2 * step);
    }
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let axis = 0; axis < width; axis++) sum += jacobian[i * width + axis]! * jacobian[j * width + axis]!;
        metric[i * count + j]! += sum / used;
      }
    }
  }
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) metric[j * count + i] = metric[i * count + j]!;
  return metric;
}

/**
 * Combinations of coordinates that are independent in the data and of which each moves the beads by its own length, so
 * that noise on the beads is noise of the same size in each: W₀ = U g^{−1/2} of the metric, then the axes of W₀ᵀ C W₀.
 */
export function independentModes(of: { covariance: Float64Array; metric: Float64Array; count: number }) {
  const { covariance, metric, count } = of;
  if (count === 0) return { weights: [], variances: [] };
  const { values, vectors } = symmetricEigen(metric, count);
  const kept = [...values.keys()].filter((k) => values[k]! > REDUNDANT * values[0]!);
  const whitened = kept.map((k) => vectors[k]!.map((value) => value / Math.sqrt(values[k]!)));
  const inner = new Float64Array(kept.length ** 2);
  for (const [a, left] of whitened.entries()) {
    const times = Float64Array.from({ length: count }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += covariance[i * count + j]! * left[j]!;
      return sum;
    });
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += whitened[b]![i]! * times[i]!;
      inner[a * kept.length + b] = sum;
    }
  }
  const axes = symmetricEigen(inner, kept.length);
  // The stiffest first.
  const stiff = [...axes.values.keys()].filter((k) => axes.values[k]! < SOFT).reverse();
  const weights = new Float64Array(count * stiff.length);
  for (const [column, k] of stiff.entries()) {
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (const [a, vector] of whitened.entries()) sum += vector[i]! * axes.vectors[k]![a]!;
      weights[i * stiff.length + column] = sum;
    }
  }
  return { weights: [...weights], variances: stiff.map((k) => Math.max(axes.values[k]!, LEAST_VARIANCE)) };
}

function shapeModes(frames: number, frameAt: (frame: number) => ArrayLike<number>, beads: number) {
  const second = new Float64Array(beads * beads);
  for (let frame = 0; frame < frames; frame++) {
    const x = frameAt(frame);
    for (let i = 0; i < beads; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let axis = 0; axis < 3; axis++) sum += x[3 * i + axis]! * x[3 * j + axis]!;
        second[i * beads + j]! += sum / (3 * frames);
      }
    }
  }
  const { values, vectors } = symmetricEigen(second, beads);
  // The last is the mode that moves all beads alike: conformations are centred.
  const modes = beads - 1;
  return {
    vectors: Array.from({ length: beads * modes }, (_, at) => vectors[at % modes]![Math.floor(at / modes)]!),
    variances: Array.from({ length: modes }, (_, k) => Math.max(values[k]!, LEAST_VARIANCE)),
  };
}

export function meanSquare(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return sum / values.length;
}

const indicesWhere = (values: ArrayLike<number>, holds: (value: number) => boolean): number[] =>
  Array.from(values).flatMap((value, i) => (holds(value) ? [i] : []));
