/**
 * How much of each set is in each basin of the reference (free-energy/basins.ts), and, where an axis is φ, at φ > 0:
 * what forces hardly know of a model, and what a person asks first. Every frame is in one basin, also where the
 * reference has none, so that chance does not make populations smaller. Fractions; minima in the units of the axes.
 */
import type { Quantity } from '../figures/quantity.ts';
import { type Basins, findBasins, nearestBasinsOf } from '../free-energy/basins.ts';
import { freeEnergyOf } from '../free-energy/free-energy.ts';
import { histogram, innerCounts } from '../free-energy/histogram.ts';
import { type Plane, surfaceGrid } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';
import {
  independentCount,
  inStandardErrors,
  type Population,
  populationOf,
  type Series,
} from '../free-energy/population.ts';

export interface StateSet {
  readonly points: Points;
  /** Of correlated frames. */
  readonly series?: Series | undefined;
}

export interface ComparedPopulation extends Population {
  /** Difference from the reference, in standard errors of both. */
  readonly z: number;
}

export interface State<Name extends string> {
  /** "φ > 0", "φ −75°, ψ 150°". */
  readonly name: string;
  /** Of a basin. */
  readonly minimum?: readonly number[];
  readonly reference: Population;
  readonly sets: { readonly [Key in Name]?: ComparedPopulation };
}

export interface StatePopulations<Name extends string> {
  readonly states: readonly State<Name>[];
  /** As how many independent frames each set counts by the state it knows least well. */
  readonly independent: { readonly [Key in Name | 'reference']?: number };
}

/** A state that holds less of the reference does not tell how correlated frames are. */
const TELLING = 0.01;

export function statePopulations<Name extends string>(
  reference: StateSet,
  sets: { readonly [Key in Name]?: StateSet | undefined },
  plane: Plane,
  axes: readonly Quantity[],
): StatePopulations<Name> {
  const found = Object.entries(sets).filter((entry): entry is [Name, StateSet] => entry[1] !== undefined);
  const states = statesOf(reference.points, plane, axes).map(({ name, minimum, insideOf }): State<Name> => {
    const truth = populationOf(insideOf(reference.points), reference.series);
    const compared = found.map(([key, { points, series }]) => {
      const population = populationOf(insideOf(points), series);
      return [key, { ...population, z: inStandardErrors(population, truth) }];
    });
    return { name, ...(minimum ? { minimum } : {}), reference: truth, sets: Object.fromEntries(compared) };
  });
  const least = (of: (state: State<Name>) => Population | undefined, { points, series }: StateSet) =>
    (series ? states : [])
      .map(of)
      .filter((one) => one !== undefined)
      .filter(({ fraction }) => fraction > TELLING && fraction < 1 - TELLING)
      .reduce((fewest, one) => Math.min(fewest, independentCount(one, points[0]!.length)), points[0]!.length);
  const counts = [
    ['reference', least((state) => state.reference, reference)],
    ...found.map(([key, set]) => [key, least((state) => state.sets[key], set)]),
  ];
  return { states, independent: Object.fromEntries(counts) };
}

interface Region {
  readonly name: string;
  readonly minimum?: readonly number[];
  /** By frame, 1 inside. */
  insideOf(points: Points): Uint8Array;
}

function statesOf(reference: Points, plane: Plane, axes: readonly Quantity[]): Region[] {
  const phi = axes.findIndex(({ label }) => label.startsWith('φ'));
  const positive = (points: Points) => Uint8Array.from(points[phi]!, (angle) => (angle > 0 ? 1 : 0));
  const counted = histogram(reference, surfaceGrid(plane));
  if (innerCounts(counted).every((count) => count === 0)) return [];
  const basins = findBasins(freeEnergyOf(counted, 1));
  const labels = labelsOf(basins);
  return [
    ...basins.basins.map(({ minimum }, basin): Region => {
      return {
        name: minimum.map((value, axis) => placeText(value, axes[axis]!)).join(', '),
        minimum,
        insideOf: (points) => Uint8Array.from(labels(points), (label) => (label === basin ? 1 : 0)),
      };
    }),
    ...(phi >= 0 ? [{ name: 'φ > 0', insideOf: positive }] : []),
  ];
}

/** Each set is looked up once. */
function labelsOf(basins: Basins): (points: Points) => Int32Array {
  const known = new Map<Points, Int32Array>();
  return (points) => {
    const labels = known.get(points) ?? nearestBasinsOf(basins, points);
    known.set(points, labels);
    return labels;
  };
}

function placeText(value: number, { label, unit }: Quantity): string {
  const text = unit === 'rad' ? `${Math.round((value * 180) / Math.PI)}°` : value.toFixed(2);
  return `${label} ${text.replace('-', '−')}${unit && unit !== 'rad' ? ` ${unit}` : ''}`;
}
