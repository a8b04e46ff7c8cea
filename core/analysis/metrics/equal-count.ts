/**
 * Metrics beside the noise floor of the same number of frames (method §9). A metric of n points has a floor that depends
 * on n, so both are taken with n′ = min(n, N/2) points: the reference of N frames is split at random into A (n′ frames)
 * and B (the rest); the floor is A against B, the value n′ points of the result against the same B. Repeated over several
 * splits: their mean, and the standard deviation of one split. Frames of the reference count as independent ones.
 * Where there are M other true frames, those of training beside a reference for testing, A is drawn from them and B is the
 * whole reference: n′ = min(n, M/2, N).
 * `pmf` kT², `js` nats, `bonds` nm, `angles` rad; `junk` and `oneSided` are fractions.
 */
import { binCount, binsOfPoints, type Grid } from '../free-energy/histogram.ts';
import { type Plane, surfaceGrid } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';
import { errorParts } from './free-energy-error.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { type Pick, RandomPicks } from './random-picks.ts';
import { pickedWasserstein1, type SortedValues, sortedValues } from './sorted-values.ts';

export interface Spread {
  readonly mean: number;
  /** Standard deviation of one split. */
  readonly deviation: number;
}

export interface AtEqualCount {
  readonly value: Spread;
  readonly floor: Spread;
  /** Of the means; null where the floor is 0. */
  readonly ratio: number | null;
  /** What one split may be off by. */
  readonly ratioError: number | null;
}

export type MeasureName = 'pmf' | 'js' | 'oneSided' | 'junk' | 'bonds' | 'angles';

/** How far the value is above the floor, in standard deviations of one split. */
export const aboveFloor = ({ value, floor }: AtEqualCount): number =>
  value.mean === floor.mean ? 0 : (value.mean - floor.mean) / Math.hypot(value.deviation, floor.deviation);

/** Bonds and angles for molecules only. */
export type EqualCount = { readonly [Name in Exclude<MeasureName, 'bonds' | 'angles'>]: AtEqualCount } & {
  /** Points on the side of the result, and of A. */
  readonly count: number;
  /** Frames on the other side. */
  readonly against: number;
  readonly bonds?: AtEqualCount;
  readonly angles?: AtEqualCount;
};

/** One number per frame in each array. */
export interface FrameValues {
  readonly points: Points;
  readonly bonds: Points;
  readonly angles: Points;
}

export interface Truth {
  readonly reference: FrameValues;
  /** True data independent of the reference, where they can be had: A is drawn from them. */
  readonly second?: FrameValues | undefined;
}

const SPLITS = 5;
/** On each axis of the plane: 10° of an angle. */
const JUNK_BINS = 36;

export const junkGrid = ({ limits, periodic }: Plane): Grid => ({ limits, periodic, bins: JUNK_BINS });

/** A result against the reference; undefined for fewer than two frames of it, which no floor can be had from. */
export function againstReference(result: FrameValues, truth: Truth, plane: Plane): EqualCount | undefined {
  const count = Math.min(sizeOf(result), mostTrue(truth));
  const against = sizeOf(truth.reference) - (truth.second ? 0 : count);
  return atEqualCount({ one: result, other: truth.reference, truth, plane, count, against });
}

/** Two results against each other, each with as many points as the smaller has, beside as many true ones. */
export function againstEachOther(
  one: FrameValues,
  other: FrameValues,
  truth: Truth,
  plane: Plane,
): EqualCount | undefined {
  const count = Math.min(sizeOf(one), sizeOf(other), mostTrue(truth));
  return atEqualCount({ one, other, truth, plane, count, against: count });
}

const sizeOf = ({ points }: FrameValues): number => points[0]!.length;

/** So few that several draws of them differ. */
const mostTrue = ({ reference, second }: Truth): number =>
  second ? Math.min(Math.floor(sizeOf(second) / 2), sizeOf(reference)) : Math.floor(sizeOf(reference) / 2);

interface Draw {
  /** Of the result, and of what it is compared with. */
  readonly one: Pick;
  readonly other: Pick;
  /** Of the truth, on both sides. */
  readonly a: Pick;
  readonly b: Pick;
}

interface Question {
  readonly one: FrameValues;
  /** The reference itself, or another result. */
  readonly other: FrameValues;
  readonly truth: Truth;
  readonly plane: Plane;
  readonly count: number;
  readonly against: number;
}

function drawsOf({ one, other, truth: { reference, second }, count, against }: Question): Draw[] {
  // Two streams, so that results of one size meet the same true frames.
  const [trueFrames, ownFrames] = [new RandomPicks(0), new RandomPicks(1)];
  return Array.from({ length: SPLITS }, () => {
    const [a, b] = second
      ? [trueFrames.parts(sizeOf(second), count)[0], trueFrames.parts(sizeOf(reference), against)[0]]
      : trueFrames.parts(sizeOf(reference), count, against);
    const [ofOne] = ownFrames.parts(sizeOf(one), count);
    const ofOther = other === reference ? b! : ownFrames.parts(sizeOf(other), count)[0]!;
    return { one: ofOne!, other: ofOther, a: a!, b: b! };
  });
}

function atEqualCount(question: Question): EqualCount | undefined {
  const { one, other, truth, plane, count, against } = question;
  if (count < 1) return undefined;
  const draws = drawsOf(question);
  const [a, b] = [truth.second ?? truth.reference, truth.reference];
  const inPlane = (left: FrameValues, right: FrameValues, picks: (draw: Draw) => readonly [Pick, Pick]) => {
    const grids = [surfaceGrid(plane), { ...surfaceGrid(plane), bins: plane.jsBins }, junkGrid(plane)];
    const [pmf, js, junk] = grids.map((grid) => {
      const bins = [left, right].map(({ points }) => binsOfPoints(points, grid));
      return draws.map((draw) =>
        picks(draw).map(({ indices }, side) => probabilitiesOf(bins[side]!, indices, binCount(grid))),
      );
    });
    const parts = pmf!.map(([p, q]) => errorParts(p!, q!));
    return {
      pmf: parts.map(({ error }) => error),
      oneSided: parts.map(({ oneSided }) => oneSided),
      js: js!.map(([p, q]) => jensenShannon(p!, q!)),
      junk: junk!.map(([p, q]) => massOutside(p!, q!)),
    };
  };
  const own = inPlane(one, other, (draw) => [draw.one, draw.other]);
  const floor = inPlane(a, b, (draw) => [draw.a, draw.b]);
  const series = (name: 'bonds' | 'angles'): Partial<EqualCount> => {
    const total = one[name].length;
    if (total === 0) return {};
    const sums = { own: draws.map(() => 0), floor: draws.map(() => 0) };
    // One at a time, so that few sorted copies are in memory.
    for (let i = 0; i < total; i++) {
      const sorted = new Map<ArrayLike<number>, SortedValues>();
      for (const { [name]: values } of [one, other, a, b]) {
        if (!sorted.has(values[i]!)) sorted.set(values[i]!, sortedValues(values[i]!));
      }
      const of = (set: FrameValues) => sorted.get(set[name][i]!)!;
      draws.forEach((draw, split) => {
        sums.own[split]! += pickedWasserstein1(of(one), draw.one, of(other), draw.other) / total;
        sums.floor[split]! += pickedWasserstein1(of(a), draw.a, of(b), draw.b) / total;
      });
    }
    return { [name]: compared(sums.own, sums.floor) };
  };
  return {
    count,
    against,
    pmf: compared(own.pmf, floor.pmf),
    js: compared(own.js, floor.js),
    oneSided: compared(own.oneSided, floor.oneSided),
    junk: compared(own.junk, floor.junk),
    ...series('bonds'),
    ...series('angles'),
  };
}

/** A measure and its floor, each in every split. */
export function compared(values: readonly number[], floors: readonly number[]): AtEqualCount {
  const [value, floor] = [spreadOf(values), spreadOf(floors)];
  if (!(floor.mean > 0)) return { value, floor, ratio: null, ratioError: null };
  const ratio = value.mean / floor.mean;
  // A result is one draw of its model, as A is one of the truth: so the spread of one split, not of their mean.
  return { value, floor, ratio, ratioError: Math.hypot(value.deviation, ratio * floor.deviation) / floor.mean };
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

function probabilitiesOf(bins: Uint32Array, frames: Uint32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const frame of frames) counts[bins[frame]!]! += 1;
  for (let bin = 0; bin < size; bin++) counts[bin]! /= frames.length;
  return counts;
}

/** The mass of p in bins that q does not visit. */
export function massOutside(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let mass = 0;
  for (let bin = 0; bin < p.length; bin++) if (q[bin] === 0) mass += p[bin]!;
  return mass;
}
