/**
 * The system of a run as training, sampling, simulation and evaluation see it: a toy potential or a molecule's beads.
 * Toys are in reduced units; molecules in nm, ps, amu, kJ/mol. Not here: data, or their files.
 */
import {
  type CollectiveVariables,
  collectivePlane,
  collectivePoints,
} from '../../analysis/coordinates/collective-variables.ts';
import type { Quantity } from '../../analysis/figures/quantity.ts';
import { type Plane, toyPlane } from '../../analysis/free-energy/plane.ts';
import type { Points } from '../../analysis/free-energy/points.ts';
import type { Column } from '../../models/columns.ts';
import type { ConformationStatistics } from '../../models/conformation-statistics.ts';
import type { KnownKinds } from '../../models/kinded-structure.ts';
import type { Shape } from '../../program/tensor.ts';
import { sizeOf } from '../../program/tensor.ts';
import type { MoleculeSpecification, Specification } from '../../specification/settings.ts';
import type { Bond, Topology } from '../../systems/topology.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import { thermalEnergy } from '../../units.ts';
import type { BondRange } from '../sampling/broken-bonds.ts';
import { kindsOf } from './molecule-kinds.ts';
import { type MoleculeRecord, moleculeFeatures, topologyOf } from './molecule-record.ts';

export interface RunSystem {
  /** Of one configuration: [dimensions], or [beads, 3]. */
  readonly shape: Shape;
  readonly kT: number;
  /** One for each coordinate. */
  readonly masses: Float64Array;
  /** What positions are divided by before the model sees them. */
  readonly scale: number;
  /** Of the beads, for a model that transfers between molecules. */
  readonly features?: Column | undefined;
  /** Of its conformations, for networks that begin with them. */
  readonly statistics?: ConformationStatistics | undefined;
  /** For networks that know beads by their kinds. */
  readonly kinds?: KnownKinds | undefined;
  /** The beads; absent for a toy. */
  readonly topology?: Topology;
  readonly bonds: readonly Bond[];
  /** Possible lengths of each bond, nm, where they are known. */
  readonly bondRanges?: readonly BondRange[] | undefined;
  readonly variables: CollectivePlane;
}

/** The collective variables in which distributions are shown and compared. */
export interface CollectivePlane {
  readonly plane: Plane;
  readonly axes: readonly Quantity[];
  /** Of configurations one after the other, all finite. */
  points(positions: Float32Array): Points;
}

/** What determines a system: the specification, and what was found in its files. */
export interface Subject {
  readonly specification: Specification;
  readonly molecule?: MoleculeRecord | undefined;
}

export function systemOf({ specification, molecule }: Subject): RunSystem {
  const { system, evaluate } = specification;
  const bins = { pmfBins: evaluate.pmfBins, jsBins: evaluate.jsBins };
  if (system.kind === 'molecule') {
    if (!molecule) throw new Error('The record of a molecular run must hold its molecules.');
    return moleculeSystem(molecule, system, bins);
  }
  const toy = toySystem(system.kind);
  const { dimension } = toy;
  return {
    shape: [dimension],
    kT: toy.kT,
    masses: new Float64Array(dimension).fill(toy.mass),
    scale: 1,
    bonds: [],
    variables: {
      plane: { ...toyPlane(toy), ...bins },
      axes: toy.axes.map((label) => ({ label })),
      points: (positions) => columnsOf(positions, dimension),
    },
  };
}

function moleculeSystem(
  record: MoleculeRecord,
  { temperature, features }: MoleculeSpecification,
  bins: { readonly pmfBins: number; readonly jsBins: number },
): RunSystem {
  const { scale, target, plane, molecules, statistics, byKind } = record;
  const own = molecules[target]!;
  const topology = topologyOf(own);
  const beads = topology.atoms.length;
  return {
    shape: [beads, 3],
    kT: thermalEnergy(temperature),
    masses: Float64Array.from({ length: 3 * beads }, (_, i) => topology.atoms[Math.floor(i / 3)]!.mass!),
    scale,
    ...(features === 'chemistry' ? { features: moleculeFeatures(own) } : {}),
    ...(byKind ? kindsOf(record, byKind)[target] : statistics ? { statistics } : {}),
    topology,
    bonds: topology.bonds,
    bondRanges: own.bondRanges,
    variables: planeOf(plane, beads, bins),
  };
}

function planeOf(variables: CollectiveVariables, atoms: number, bins: { pmfBins: number; jsBins: number }) {
  return {
    plane: collectivePlane(variables, bins),
    axes: variables.axes,
    points: (positions: Float32Array) =>
      collectivePoints(variables, { positions, frames: positions.length / (3 * atoms), atoms }),
  };
}

export const dimensionOf = ({ shape }: Pick<RunSystem, 'shape'>): number => sizeOf(shape);

function columnsOf(values: Float32Array, dimension: number): Points {
  const rows = values.length / dimension;
  return Array.from({ length: dimension }, (_, axis) =>
    Float32Array.from({ length: rows }, (_unused, row) => values[row * dimension + axis]!),
  );
}
