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
  heightOf,
  independentModes,
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
import {
  bondsApart,
  compareKinds,
  type KindedStructure,
  kindedHeights,
  type Names,
  nameOf,
  pairNames,
} from './kinded-structure.ts';

/** By names; every number stands under a finer and coarser ones. */
export interface StatisticsByKind {
  /** Of a data scale, nm. */
  readonly scale: number;
  /** Distances and heights: mean and variance. */
  readonly moments: Readonly<Record<string, readonly [mean: number, variance: number]>>;
  /** Of a stiff coordinate: variance, and ⟨J Jᵀ⟩, how far it moves when beads do. */
  readonly stiff: Readonly<Record<string, readonly [variance: number, metric: number]>>;
  /** Of two: the correlation, and likewise ⟨J Jᵀ⟩ over the roots of both. Alike also where neither is as wide as it was. */
  readonly together: Readonly<Record<string, readonly [correlation: number, metric: number]>>;
  readonly meanSquareForce?: number | undefined;
}

export interface Sampled {
  readonly structure: KindedStructure;
  readonly conformations: Conformations;
}

/** Sums of pairs of numbers by name. */
class Table {
  readonly #sums = new Map<string, [first: number, second: number, weight: number]>();

  /** Under all of its names, which may be alike. */
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

function found<T>(table: Readonly<Record<string, T>>, names: Names): T | undefined {
  const name = names.find((each) => table[each] !== undefined);
  return name === undefined ? undefined : table[name];
}

/** What is measured of a molecule, with the names of its coordinates: all pairs, then the heights that may be stiff. */
function coordinatesOf(structure: KindedStructure) {
  const apart = bondsApart(structure);
  const pairs = pairsOf(structure.beads);
  const heights = kindedHeights(structure, apart);
  const names = [
    ...pairs.map((pair) => pairNames(structure, apart, pair)),
    ...heights.map((quadruple) => named('height', nameOf(structure, apart, quadruple))),
  ];
  return { apart, pairs, heights, names };
}

const named = (what: string, names: Names): Names => names.map((name) => `${what} ${name}`);

type Coordinates = ReturnType<typeof coordinatesOf>;

const beadsOf = ({ pairs, heights }: Coordinates, coordinate: number): readonly number[] =>
  pairs[coordinate] ?? heights[coordinate - pairs.length]!;

/** Of two coordinates: their names, and the bonds between each bead of one and of the other. */
function namesOfTwo(coordinates: Coordinates, structure: KindedStructure, a: number, b: number): Names {
  const [first, second] = coordinates.names[a]![0]! <= coordinates.names[b]![0]! ? [a, b] : [b, a];
  const { pairs, apart } = coordinates;
  const written = [first, second].map((coordinate) => {
    const beads = beadsOf(coordinates, coordinate);
    // The two beads of a pair in the order of their kinds; where these are alike, in the one that is nearer to the other.
    if (coordinate >= pairs.length) return beads;
    const near = (bead: number) =>
      Math.min(...beadsOf(coordinates, coordinate === a ? b : a).map((x) => apart[bead]![x]!));
    return [...beads].sort(
      (i, j) => compareKinds(structure.kinds[i]!, structure.kinds[j]!) || near(i) - near(j) || i - j,
    );
  });
  const pattern = nameOf(structure, apart, written.flat());
  return pattern.map((name, level) =>
    [coordinates.names[first]![level], coordinates.names[second]![level], name].join(' | '),
  );
}

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
  const [ofStiff, together] = [new Table(), new Table()];
  for (const { structure, coordinates, used, width, frameAt, means } of measured) {
    const stiff = stiffOf(coordinates, moments, scale);
    const off = stiff.map((c) => means[c]! - found(moments, coordinates.names[c]!)![0]);
    const values = (x: ArrayLike<number>, out: Float64Array) => fill(coordinates, x, stiff, out);
    const count = stiff.length;
    const covariance = covarianceOf(used, count, (frame, out) => values(frameAt(frame), out));
    const metric = meanMetric({ frames: used, width, count, frameAt, coordinates: values });
    const at = (a: number, b: number) =>
      [covariance[a * count + b]! + off[a]! * off[b]!, metric[a * count + b]!] as const;
    for (let a = 0; a < count; a++) {
      const [variance, moved] = at(a, a);
      ofStiff.add(coordinates.names[stiff[a]!]!, variance, moved, used);
      for (let b = 0; b < a; b++) {
        const [[other, otherMoved], [shared, sharedMoved]] = [at(b, b), at(a, b)];
        const names = namesOfTwo(coordinates, structure, stiff[a]!, stiff[b]!);
        together.add(names, shared / Math.sqrt(variance * other), sharedMoved / Math.sqrt(moved * otherMoved), used);
      }
    }
  }
  const forces = sampled.flatMap(({ conformations }) => conformations.forces ?? []);
  return {
    scale,
    moments,
    stiff: ofStiff.means(),
    together: together.means(),
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

/** Of the variance of the stiffest coordinate, what the stiffest combination of several has at least. */
const LEAST_OF_STIFFEST = 0.1;

/** A pair of beads of which nothing is known but the bonds between them: a random walk, in data scales. */
const unknownPair = (apart: number): [number, number] => [1.1 * Math.sqrt(apart), 0.1 * apart];

/** Of a molecule by its kinds. */
export function statisticsOfKinds(tables: StatisticsByKind, structure: KindedStructure): ConformationStatistics {
  const { moments, together, scale, meanSquareForce } = tables;
  const { beads, torsions, rotatable } = structure;
  const coordinates = coordinatesOf(structure);
  const { pairs, heights, names, apart } = coordinates;
  const stiff = stiffOf(coordinates, moments, scale);
  const count = stiff.length;
  const [covariance, metric] = [new Float64Array(count * count), new Float64Array(count * count)];
  const own = stiff.map((c) => found(tables.stiff, names[c]!)!);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      const both = a === b ? [1, 1] : found(together, namesOfTwo(coordinates, structure, stiff[a]!, stiff[b]!));
      const [correlation, alongside] = both ?? [0, 0];
      covariance[a * count + b] = correlation! * Math.sqrt(own[a]![0] * own[b]![0]);
      metric[a * count + b] = alongside! * Math.sqrt(own[a]![1] * own[b]![1]);
    }
  }
  const modes = independentModes({ covariance, metric, count });
  // Correlations that do not fit together would make combinations that hardly vary.
  const least = LEAST_OF_STIFFEST * Math.min(...own.map(([variance, moved]) => variance / moved));
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
      ...modes,
      variances: modes.variances.map((variance) => Math.max(variance, least)),
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
