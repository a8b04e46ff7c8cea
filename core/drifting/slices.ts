/**
 * Internal coordinates of many conformations in units of their own widths, and random projections of them onto a few axes
 * (*ours*): in the hundreds of dimensions of a molecule nothing is near anything, in four of them much is. Distributions
 * that agree in all projections agree. Rows are conformations. Not here: the field in a projection.
 */
import type { BeadTree, PlacedBead } from '../models/bead-tree.ts';
import type { Quadruple } from '../models/conformation-statistics.ts';
import { differences, lengths, turnsOf } from '../models/distances-and-turns.ts';
import { dot } from '../models/vectors.ts';
import {
  add,
  concat,
  constant,
  greater,
  mul,
  normal,
  reciprocal,
  slice,
  sub,
  sumOverSamples,
  uniform,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

/** Axes of a projection. */
const AXES = 4;
/** Coordinates that make up an axis, about. */
const MIXED = 3;
/** First of the streams of random numbers; each projection has two. */
const STREAM = 16;

/** Of the cosine and the sine of a free turn, which spread by about 0.7. */
const TURN_WEIGHT = 1.4;

/** [rows, beads, 3] → [rows, coordinates]. */
export function inOwnWidths(tree: BeadTree, x: Tensor): Tensor {
  const found: Tensor[] = [];
  const row = (values: readonly number[]) => constant(values, [1, values.length]);
  const scaled = (values: Tensor, means: readonly number[], widths: readonly number[]) =>
    mul(sub(values, row(means)), row(widths.map((width) => 1 / width)));
  const bonds = tree.filter(({ length }) => length);
  const bondVectors = differences(
    x,
    bonds.map(({ bead, from }) => [from[0]!, bead]),
  );
  const bondLengths = lengths(bondVectors);
  found.push(
    scaled(
      bondLengths,
      bonds.map(({ length }) => length![0]),
      bonds.map(({ length }) => length![1]),
    ),
  );
  const bends = tree.filter(({ angle }) => angle);
  if (bends.length > 0) {
    const arms = differences(
      x,
      bends.map(({ bead, from }) => [from[0]!, bead]),
    );
    const backs = differences(
      x,
      bends.map(({ from }) => [from[0]!, from[1]!]),
    );
    const cosines = mul(dot(arms, backs), reciprocal(mul(lengths(arms), lengths(backs))));
    // Near its mean an angle is linear in its cosine.
    const widths = bends.map(({ angle }) => -Math.sin(angle![0]) * angle![1]);
    found.push(
      scaled(
        cosines,
        bends.map(({ angle }) => Math.cos(angle![0])),
        widths,
      ),
    );
  }
  const turned = tree.filter(({ from }) => from.length === 3);
  if (turned.length > 0) {
    const { cosines, sines } = turnsOf(x, turned.map(quadrupleOf));
    for (const [i, { turn }] of turned.entries()) {
      const [cosine, sine] = [slice(cosines, 1, i, i + 1), slice(sines, 1, i, i + 1)];
      if (!turn) found.push(mul(cosine, TURN_WEIGHT), mul(sine, TURN_WEIGHT));
      // sin(φ − φ₀), about the deviation itself.
      else found.push(mul(sub(mul(sine, Math.cos(turn[0])), mul(cosine, Math.sin(turn[0]))), 1 / turn[1]));
    }
  }
  return concat(found, 1);
}

const quadrupleOf = ({ bead, from }: PlacedBead): Quadruple => [bead, ...from] as unknown as Quadruple;

export interface FreeTurn {
  readonly atoms: Quadruple;
  /** Nothing goes on from what it turns: a methyl or a hydroxyl group. */
  readonly isEnd: boolean;
}

/** Turns by index: pairs that have a bead of their bonds in common, and those that are alone. */
export interface TurnGroups {
  readonly main: number[][];
  /** With an end. */
  readonly ends: number[][];
}

export function turnGroups(turns: readonly FreeTurn[]): TurnGroups {
  const axis = ({ atoms: [, a, b] }: FreeTurn) => [a, b];
  const meet = (one: FreeTurn, other: FreeTurn) => axis(one).some((bead) => axis(other).includes(bead));
  const groupsOf = (isOwn: (group: readonly FreeTurn[]) => boolean): number[][] => {
    const pairs = turns.flatMap((one, i) =>
      turns.flatMap((other, k) => (k > i && meet(one, other) && isOwn([one, other]) ? [[i, k]] : [])),
    );
    const alone = turns.flatMap((one, i) => (isOwn([one]) && !pairs.some((pair) => pair.includes(i)) ? [[i]] : []));
    return [...pairs, ...alone];
  };
  const hasEnd = (group: readonly FreeTurn[]) => group.some(({ isEnd }) => isEnd);
  return { main: groupsOf((group) => !hasEnd(group)), ends: groupsOf(hasEnd) };
}

/** Cosines and sines of one group of turns, another one in every step, of all cosines and then all sines: [2 × turns, 4]. */
export function randomGroup(groups: readonly (readonly number[])[], turns: number, index: number): Tensor {
  const chance = mul(sumOverSamples(uniform([], STREAM - 1 - index)), groups.length);
  const chosen = groups.map((group, place) => {
    const entries = new Float64Array(2 * turns * AXES);
    for (const [at, turn] of group.entries()) {
      entries[turn * AXES + 2 * at] = 1;
      entries[(turns + turn) * AXES + 2 * at + 1] = 1;
    }
    const isChosen = sub(greater(chance, place), greater(chance, place + 1));
    return mul(constant(entries, [2 * turns, AXES]), isChosen);
  });
  return chosen.reduce((a, b) => add(a, b));
}

/** A projection of so many coordinates, another one in every step, [coordinates, axes]: each axis mixes a few of them. */
export function randomProjection(coordinates: number, index: number): Tensor {
  const shape = [coordinates, AXES];
  const factors = sumOverSamples(normal(shape, STREAM + 2 * index));
  const chance = sumOverSamples(uniform(shape, STREAM + 2 * index + 1));
  return mul(factors, greater(Math.min(1, MIXED / coordinates), chance));
}
