/**
 * What the conformations of several molecules say of molecules like them (method §4): means and variances of pairs and
 * heights, and how stiff coordinates vary and move together, pooled by the kinds of their beads. From these tables follow the
 * statistics of any molecule of such kinds, also of one that no conformation was seen of. Plain numbers in model units.
 */
import { symmetricEigen } from '../symmetric-eigen.ts';
import {
  type ConformationStatistics,
  type Conformations,
  covarianceOf,
  heightCandidates,
  heightOf,
  independentModes,
  LEAST_VARIANCE,
  MOST_FRAMES,
  meanMetric,
  meanSquare,
  momentsOf,
  pairDistances,
  pairsOf,
  type Quadruple,
  STIFF_DISTANCE,
  STIFF_HEIGHT,
} from './conformation-statistics.ts';
import { bondsApart, eitherWay, type KindedStructure, type Names, nameOf } from './kinded-structure.ts';

/** By names, of which every number has a finer and a coarser one. */
export interface StatisticsByKind {
  /** Of a data scale, nm. */
  readonly scale: number;
  /** Distances and heights: mean and variance. */
  readonly moments: Readonly<Record<string, readonly [mean: number, variance: number]>>;
  /** Of two stiff coordinates: covariance, and ⟨J Jᵀ⟩. */
  readonly products: Readonly<Record<string, readonly [covariance: number, metric: number]>>;
  readonly meanSquareForce?: number | undefined;
}

export interface Sampled {
  readonly structure: KindedStructure;
  readonly conformations: Conformations;
}

/** Sums of pairs of numbers by name. */
class Table {
  readonly #sums = new Map<string, [first: number, second: number, weight: number]>();

  /** Under both names, which may be alike. */
  add(names: Names, first: number, second: number, weight: number): void {
    for (const name of new Set(names)) {
      const sums = this.#sums.get(name) ?? [0, 0, 0];
      this.#sums.set(name, [sums[0] + weight * first, sums[1] + weight * second, sums[2] + weight]);
    }
  }

  means(): Record<string, [number, number]> {
    return Object.fromEntries(
      [...this.#sums].map(([name, [first, second, weight]]) => [name, [first / weight, second / weight]]),
    );
  }
}

const found = <T>(table: Readonly<Record<string, T>>, [fine, coarse]: Names): T | undefined =>
  table[fine] ?? table[coarse];

/** What is measured of a molecule, with the names of its coordinates: all pairs, then the heights that may be stiff. */
function coordinatesOf(structure: KindedStructure) {
  const apart = bondsApart(structure);
  const pairs = pairsOf(structure.beads);
  const heights = heightCandidates(structure);
  const names = [
    ...pairs.map((pair) => eitherWay(structure, apart, pair)),
    ...heights.map((quadruple) => named('height', nameOf(structure, apart, quadruple))),
  ];
  return { apart, pairs, heights, names };
}

const named = (what: string, [fine, coarse]: Names): Names => [`${what} ${fine}`, `${what} ${coarse}`];

type Coordinates = ReturnType<typeof coordinatesOf>;

const beadsOf = ({ pairs, heights }: Coordinates, coordinate: number): readonly number[] =>
  pairs[coordinate] ?? heights[coordinate - pairs.length]!;

/** Of two coordinates: their names, and the bonds between each bead of one and of the other. */
function namesOfTwo(coordinates: Coordinates, structure: KindedStructure, a: number, b: number): Names {
  const [first, second] = coordinates.names[a]![0] <= coordinates.names[b]![0] ? [a, b] : [b, a];
  const { pairs, apart } = coordinates;
  const written = [first, second].map((coordinate) => {
    const beads = beadsOf(coordinates, coordinate);
    // The two beads of a pair in the order of their kinds; where these are alike, in the one that is nearer to the other.
    if (coordinate >= pairs.length) return beads;
    const near = (bead: number) =>
      Math.min(...beadsOf(coordinates, coordinate === a ? b : a).map((x) => apart[bead]![x]!));
    return [...beads].sort((i, j) => compare(structure.kinds[i]!, structure.kinds[j]!) || near(i) - near(j) || i - j);
  });
  return named(
    `${first < pairs.length ? 'd' : 'h'}${second < pairs.length ? 'd' : 'h'}`,
    nameOf(structure, apart, written.flat()),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Which coordinates of a molecule are stiff, from pooled moments. */
function stiffOf({ pairs, names }: Coordinates, moments: StatisticsByKind['moments'], scale: number): number[] {
  return [...names.entries()].flatMap(([coordinate, own]) => {
    const variance = found(moments, own)?.[1];
    const widest = coordinate < pairs.length ? STIFF_DISTANCE : STIFF_HEIGHT;
    return variance !== undefined && Math.sqrt(variance) * scale < widest ? [coordinate] : [];
  });
}

export function statisticsByKind(sampled: readonly Sampled[]): StatisticsByKind {
  const { scale } = sampled[0]!.conformations;
  const frames = Math.min(MOST_FRAMES, Math.ceil((MOST_FULL * MOST_FRAMES) / sampled.length));
  const measured = sampled.map(({ structure, conformations }) => {
    const coordinates = coordinatesOf(structure);
    const used = Math.min(frames, conformations.frames);
    const width = 3 * structure.beads;
    const frameAt = (frame: number) => {
      const at = Math.floor(((frame + 0.5) * conformations.frames) / used);
      return conformations.positions.subarray(at * width, (at + 1) * width);
    };
    const moments = momentsOf(used, coordinates.names.length, (frame, out) =>
      fill(coordinates, frameAt(frame), coordinates.names.keys(), out),
    );
    return { structure, coordinates, used, width, frameAt, ...moments };
  });
  const moments = pooledMoments(measured);
  const products = new Table();
  for (const { structure, coordinates, used, width, frameAt, means } of measured) {
    const stiff = stiffOf(coordinates, moments, scale);
    const off = stiff.map((c) => means[c]! - found(moments, coordinates.names[c]!)![0]);
    const values = (x: ArrayLike<number>, out: Float64Array) => fill(coordinates, x, stiff, out);
    const count = stiff.length;
    const covariance = covarianceOf(used, count, (frame, out) => values(frameAt(frame), out));
    const metric = meanMetric({ frames: used, width, count, frameAt, coordinates: values });
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        const names = namesOfTwo(coordinates, structure, stiff[a]!, stiff[b]!);
        products.add(names, covariance[a * count + b]! + off[a]! * off[b]!, metric[a * count + b]!, used);
      }
    }
  }
  const forces = sampled.flatMap(({ conformations }) => conformations.forces ?? []);
  return {
    scale,
    moments,
    products: products.means(),
    ...(forces.length > 0
      ? { meanSquareForce: forces.reduce((sum, each) => sum + meanSquare(each), 0) / forces.length }
      : {}),
  };
}

/** Molecules of which so many frames are looked at as of a single one; of more of them, fewer of each. */
const MOST_FULL = 16;

/** Of the chosen coordinates, one after the other. */
function fill(
  { pairs, heights }: Coordinates,
  x: ArrayLike<number>,
  chosen: Iterable<number>,
  out: Float64Array,
): void {
  const own = new Float64Array(1);
  let at = 0;
  for (const coordinate of chosen) {
    const pair = pairs[coordinate];
    if (pair) pairDistances(x, [pair], own);
    else own[0] = heightOf(x, heights[coordinate - pairs.length]!);
    out[at++] = own[0]!;
  }
}

interface Measured {
  readonly coordinates: Coordinates;
  readonly used: number;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Means, and variances about them, which include how the means of molecules differ. */
function pooledMoments(measured: readonly Measured[]): StatisticsByKind['moments'] {
  const means = new Table();
  for (const { coordinates, used, means: own } of measured) {
    for (const [c, names] of coordinates.names.entries()) means.add(names, own[c]!, 0, used);
  }
  const pooled = means.means();
  const variances = new Table();
  for (const { coordinates, used, means: own, deviations } of measured) {
    for (const [c, names] of coordinates.names.entries()) {
      for (const name of new Set(names)) {
        const mean = pooled[name]![0];
        variances.add([name, name], mean, deviations[c]! ** 2 + (own[c]! - mean) ** 2, used);
      }
    }
  }
  return variances.means();
}

/** A pair of beads of which nothing is known but the bonds between them: a random walk, in data scales. */
const unknownPair = (apart: number): [number, number] => [1.1 * Math.sqrt(apart), 0.1 * apart];

/** Of a molecule by its kinds. */
export function statisticsOfKinds(tables: StatisticsByKind, structure: KindedStructure): ConformationStatistics {
  const { moments, products, scale, meanSquareForce } = tables;
  const { beads, torsions, rotatable } = structure;
  const coordinates = coordinatesOf(structure);
  const { pairs, heights, names, apart } = coordinates;
  const stiff = stiffOf(coordinates, moments, scale);
  const count = stiff.length;
  const [covariance, metric] = [new Float64Array(count * count), new Float64Array(count * count)];
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      const own = found(products, namesOfTwo(coordinates, structure, stiff[a]!, stiff[b]!));
      const [value, moved] = own ?? (a === b ? [moments[names[stiff[a]!]![0]]?.[1] ?? LEAST_VARIANCE, 2] : [0, 0]);
      covariance[a * count + b] = value;
      metric[a * count + b] = moved;
    }
  }
  const distances = pairs.map(([i, j], p) => found(moments, names[p]!) ?? unknownPair(apart[i]![j]!));
  const stiffHeights = stiff.filter((c) => c >= pairs.length);
  return {
    beads,
    torsions,
    rotatable,
    distances: { means: distances.map(([mean]) => mean), deviations: distances.map(([, v]) => Math.sqrt(v)) },
    stiff: {
      pairs: stiff.filter((c) => c < pairs.length),
      heights: stiffHeights.map((c): Quadruple => heights[c - pairs.length]!),
      heightMeans: stiffHeights.map((c) => found(moments, names[c]!)![0]),
      ...independentModes({ covariance, metric, count }),
    },
    shape: shapeOf(beads, distances),
    ...(meanSquareForce === undefined ? {} : { meanSquareForce }),
  };
}

/** ⟨x xᵀ⟩/3 of centred beads from mean squared distances, as modes. */
function shapeOf(beads: number, distances: readonly (readonly [mean: number, variance: number])[]) {
  const squares = new Float64Array(beads * beads);
  for (const [p, [i, j]] of pairsOf(beads).entries()) {
    const [mean, variance] = distances[p]!;
    squares[i * beads + j] = mean * mean + variance;
    squares[j * beads + i] = squares[i * beads + j]!;
  }
  const ofRow = Array.from({ length: beads }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < beads; j++) sum += squares[i * beads + j]! / beads;
    return sum;
  });
  const ofAll = ofRow.reduce((sum, row) => sum + row / beads, 0);
  const second = squares.map(
    (square, at) => -(square - ofRow[Math.floor(at / beads)]! - ofRow[at % beads]! + ofAll) / 6,
  );
  const { values, vectors } = symmetricEigen(second, beads);
  // The mode that moves all beads alike has the eigenvalue 0; distances that do not fit together make smaller ones.
  const alike = vectors.map((vector) => Math.abs(vector.reduce((sum, value) => sum + value, 0)));
  const kept = [...values.keys()].filter((k) => k !== alike.indexOf(Math.max(...alike)));
  return {
    vectors: Array.from(
      { length: beads * kept.length },
      (_, at) => vectors[kept[at % kept.length]!]![Math.floor(at / kept.length)]!,
    ),
    variances: kept.map((k) => Math.max(values[k]!, LEAST_SHAPE)),
  };
}

/** Of a mode of the shape that pooled distances leave without a variance: bonds have ten times as much. */
const LEAST_SHAPE = 1e-4;
