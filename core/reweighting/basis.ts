/**
 * Functions of a configuration whose linear combinations make the logarithm of a weight, or an energy (method §11): for a
 * toy, Gaussians where its data are; for a molecule, distances, their squares, and waves of torsions. Tensors: rows are
 * configurations. Not here: how their factors are fitted.
 */
import type { ConformationStatistics, Quadruple } from '../models/conformation-statistics.ts';
import { pairsOf } from '../models/conformation-statistics.ts';
import { differences, lengths, turnsOf } from '../models/distances-and-turns.ts';
import { square } from '../program/functions.ts';
import { add, broadcast, concat, constant, exp, matmul, mul, slice, sub, sum } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

export interface GaussianBasis {
  readonly kind: 'gaussians';
  readonly centres: readonly (readonly number[])[];
  /** Standard deviation along each axis. */
  readonly widths: readonly number[];
}

export interface InternalBasis {
  readonly kind: 'internal';
  readonly pairs: readonly (readonly [number, number])[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly torsions: readonly Quadruple[];
  /** Torsions, by index, that have waves in common. */
  readonly together: readonly (readonly [number, number])[];
}

export type Basis = GaussianBasis | InternalBasis;

/** Gaussians along each axis, over the range of the data. */
const PER_AXIS: Readonly<Record<number, number>> = { 1: 40, 2: 20 };
/** Of the distance of two centres. */
const WIDTH = 1.2;
/** Least number of configurations next to a centre: its factor would be chance. */
const LEAST_NEAR = 10;
/** Waves of a torsion: cos mφ and sin mφ up to this m. */
const WAVES = 3;
/** Distances of all pairs are taken of at most so many beads: beyond, all waves of torsions. */
const MOST_BEADS = 10;

/** `positions`: one configuration after the other. */
export function gaussianBasis(positions: ArrayLike<number>, dimension: number): GaussianBasis {
  const axes = Array.from({ length: dimension }, (_, axis) => axis);
  const low = axes.map(() => Number.POSITIVE_INFINITY);
  const high = axes.map(() => Number.NEGATIVE_INFINITY);
  for (let i = 0; i < positions.length; i++) {
    const axis = i % dimension;
    low[axis] = Math.min(low[axis]!, positions[i]!);
    high[axis] = Math.max(high[axis]!, positions[i]!);
  }
  const perAxis = PER_AXIS[dimension]!;
  const spacing = axes.map((axis) => (high[axis]! - low[axis]!) / (perAxis - 1));
  const near = new Map<string, number>();
  for (let i = 0; i < positions.length; i += dimension) {
    const cell = axes.map((axis) => Math.round((positions[i + axis]! - low[axis]!) / spacing[axis]!)).join();
    near.set(cell, (near.get(cell) ?? 0) + 1);
  }
  const populated = [...near].filter(([, count]) => count >= LEAST_NEAR).map(([cell]) => cell.split(',').map(Number));
  const centres = populated.map((cell) => cell.map((place, axis) => low[axis]! + place * spacing[axis]!));
  return { kind: 'gaussians', centres, widths: spacing.map((one) => WIDTH * one) };
}

export function internalBasis(of: ConformationStatistics, turnsAlone = false): InternalBasis {
  const { beads, distances, rotatable } = of;
  const few = beads <= MOST_BEADS && !turnsAlone;
  const torsions = rotatable.map(({ atoms }) => atoms);
  const centreOf = ([, j, k]: Quadruple) => [j, k];
  const together = torsions.flatMap((one, i) =>
    torsions.flatMap((other, k): [number, number][] =>
      k > i && centreOf(one).some((bead) => centreOf(other).includes(bead)) ? [[i, k]] : [],
    ),
  );
  return {
    kind: 'internal',
    pairs: few ? pairsOf(beads) : [],
    means: few ? distances.means : [],
    deviations: few ? distances.deviations : [],
    torsions,
    together,
  };
}

export function sizeOfBasis(basis: Basis): number {
  if (basis.kind === 'gaussians') return basis.centres.length;
  const { pairs, torsions, together } = basis;
  return 2 * pairs.length + 2 * WAVES * torsions.length + (2 * WAVES) ** 2 * together.length;
}

/** Configurations [rows, …] → [rows, functions]. */
export const valuesOf = (basis: Basis, x: Tensor): Tensor =>
  basis.kind === 'gaussians' ? gaussians(basis, x) : internal(basis, x);

/** −½|x/w|² − ½|c/w|² + x·c/w², of which the first two are sums over axes. */
function gaussians({ centres, widths }: GaussianBasis, x: Tensor): Tensor {
  const shape = [x.shape[0]!, centres.length];
  const scaled = mul(
    x,
    constant(
      widths.map((width) => 1 / width),
      [1, widths.length],
    ),
  );
  const places = centres.map((centre) => centre.map((value, axis) => value / widths[axis]!));
  const squares = places.map((place) => place.reduce((total, value) => total + value ** 2, 0));
  const products = matmul(scaled, constant(places.flat(), [centres.length, widths.length]), false, true);
  const own = broadcast(sum(square(scaled), [1]), shape, [0]);
  const distances = add(sub(own, mul(products, 2)), constant(squares, [1, centres.length]));
  return exp(mul(distances, -0.5));
}

function internal({ pairs, means, deviations, torsions, together }: InternalBasis, x: Tensor): Tensor {
  const found: Tensor[] = [];
  if (pairs.length > 0) {
    const row = (values: readonly number[]) => constant(values, [1, pairs.length]);
    const scaled = mul(
      sub(lengths(differences(x, pairs)), row(means)),
      row(deviations.map((deviation) => 1 / deviation)),
    );
    found.push(scaled, square(scaled));
  }
  if (torsions.length === 0) return concat(found, 1);
  const waves = wavesOf(x, torsions);
  found.push(...waves);
  const column = (wave: Tensor, index: number) => slice(wave, 1, index, index + 1);
  for (const [one, other] of together) {
    for (const a of waves) for (const b of waves) found.push(mul(column(a, one), column(b, other)));
  }
  return concat(found, 1);
}

/** cos φ, sin φ, cos 2φ, … of each torsion, [rows, torsions] each. */
function wavesOf(x: Tensor, torsions: readonly Quadruple[]): Tensor[] {
  const { cosines, sines } = turnsOf(x, torsions);
  const waves = [{ cosine: cosines, sine: sines }];
  while (waves.length < WAVES) {
    const { cosine, sine } = waves.at(-1)!;
    waves.push({
      cosine: sub(mul(cosine, cosines), mul(sine, sines)),
      sine: add(mul(sine, cosines), mul(cosine, sines)),
    });
  }
  return waves.flatMap(({ cosine, sine }) => [cosine, sine]);
}
