/**
 * How a set is distributed, as a window shows it: the free energy in the plane and along its axes, how long bonds are,
 * who touches whom. The same numbers as in the figures of a run (core/runs/evaluation/run-figures.ts): kT, nm.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { finitePoints } from '../../../analysis/free-energy/finite-points.ts';
import { freeEnergy } from '../../../analysis/free-energy/free-energy.ts';
import { freeEnergyProfile } from '../../../analysis/free-energy/free-energy-profile.ts';
import { type Grid, innerBins } from '../../../analysis/free-energy/histogram.ts';
import { type Plane, surfaceGrid } from '../../../analysis/free-energy/plane.ts';
import type { Points } from '../../../analysis/free-energy/points.ts';
import { ContactCount } from '../../../analysis/geometry/contact-map.ts';
import { distances } from '../../../analysis/geometry/distances.ts';
import { countedRange, LengthCount, lengthRange } from '../../../analysis/metrics/bond-densities.ts';
import { dimensionOf, type RunSystem } from '../../../runs/data/run-system.ts';
import { bondNames, isChain } from '../../../runs/evaluation/molecule-figures.ts';
import { profileGrid } from '../../../runs/evaluation/run-figures.ts';
import type { Interval } from '../../../systems/toys/toy-system.ts';
import type { Axis, Distribution, Profile } from '../../contract.ts';
import type { ConformationSet } from './conformation-set.ts';

export function axesOf({ variables: { plane, axes } }: RunSystem): Axis[] {
  return axes.map(({ label, unit }, axis) => {
    const [low, high] = plane.limits[axis]!;
    const periodic = typeof plane.periodic === 'object' ? plane.periodic[axis]! : plane.periodic;
    return { label, ...(unit === undefined ? {} : { unit }), limits: [low, high], periodic };
  });
}

/** What is known of the places alone. */
export function planeDistribution(
  { name }: Pick<ConformationSet, 'name'>,
  all: Points,
  plane: Plane,
): Omit<Distribution, 'bonds'> {
  const points = finitePoints(all);
  const count = points[0]!.length;
  const surface = plane.limits.length === 2 ? surfaceOf(points, surfaceGrid(plane)) : undefined;
  const profiles = plane.limits.flatMap((_, axis) => profileOf(points[axis]!, profileGrid(plane, axis), axis) ?? []);
  return { set: name, count, ...(surface ? { surface } : {}), profiles };
}

const isInside = (points: Points, grid: Grid): boolean => innerBins(points, grid).some((place) => place >= 0);

function surfaceOf(points: Points, grid: Grid): Distribution['surface'] {
  if (!isInside(points, grid)) return undefined;
  return { bins: [grid.bins, grid.bins], energy: Float32Array.from(freeEnergy(points, grid, 1).values) };
}

function profileOf(values: ArrayLike<number>, grid: Grid, axis: number): Profile | undefined {
  if (!isInside([values], grid)) return undefined;
  const { centres, values: energy, errors } = freeEnergyProfile(values, grid, 1);
  return { axis, x: Array.from(centres), energy: Float32Array.from(energy), error: Float32Array.from(errors) };
}

/** Beads whose contacts make a picture that can still be read. */
const MOST_BEADS = 1000;

export type Shapes = Pick<Distribution, 'bonds' | 'contacts'>;

/** Bonds and contacts. `ranges`: where the lengths of each bond are counted, the same for all sets. */
export async function shapesOf(
  set: ConformationSet,
  system: RunSystem,
  ranges: readonly Interval[],
  signal: AbortSignal,
): Promise<Shapes> {
  const { topology, bonds } = system;
  if (!topology) return { bonds: [] };
  const atoms = topology.atoms.length;
  const counts = ranges.map((range) => new LengthCount(range));
  const contacts = isChain(topology) && atoms <= MOST_BEADS ? new ContactCount(atoms) : undefined;
  let counted = 0;
  for await (const { positions } of set.rows(signal)) {
    const all = { positions, frames: positions.length / dimensionOf(system), atoms };
    for (const [i, bond] of bonds.entries()) counts[i]!.add(distances(all, [bond])[0]!);
    contacts?.add(all);
    counted += all.frames;
    await turn();
  }
  if (counted === 0) return { bonds: [] };
  const names = bondNames(topology);
  return {
    bonds: counts.map((count, i) => ({
      name: names[i]!,
      x: Array.from(count.centres),
      density: Array.from(count.density),
    })),
    ...(contacts ? { contacts: Float32Array.from(contacts.result().probability) } : {}),
  };
}

/** Of the set that the others are compared with. */
export async function bondRanges(set: ConformationSet, system: RunSystem, signal: AbortSignal): Promise<Interval[]> {
  const atoms = system.shape[0]!;
  let ranges: Interval[] | undefined;
  for await (const { positions } of set.rows(signal)) {
    const all = { positions, frames: positions.length / dimensionOf(system), atoms };
    ranges = system.bonds.map((bond, i) => lengthRange(distances(all, [bond])[0]!, ranges?.[i]));
    await turn();
  }
  return (ranges ?? []).map(countedRange);
}
