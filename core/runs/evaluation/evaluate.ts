/**
 * How good a run is (method §9): metrics of its samples and its simulation against the reference and of samples against
 * simulation, with the noise floor, and the figures that show them. Arrays in, metrics and figures out; files are read
 * and written elsewhere.
 */
import type { Figure } from '../../analysis/figures/svg.ts';
import type { Plane } from '../../analysis/free-energy/plane.ts';
import type { Points } from '../../analysis/free-energy/points.ts';
import { angles, bondedTriples } from '../../analysis/geometry/angles.ts';
import { distances } from '../../analysis/geometry/distances.ts';
import {
  type ConformationMetrics,
  conformationMetrics,
  conformationNoiseFloor,
  type Measured,
} from '../../analysis/metrics/conformation-metrics.ts';
import { noiseFloorFromHalves } from '../../analysis/metrics/noise-floor.ts';
import { type Metrics, type PlaneMetrics, planeMetrics } from '../../analysis/metrics/plane-metrics.ts';
import {
  aligned,
  detailTable,
  metricsTable,
  populationTable,
  verdicts,
} from '../../analysis/metrics/quality-tables.ts';
import type { NumberArray } from '../../formats/npy.ts';
import type { Specification } from '../../specification/settings.ts';
import { type Symmetry, symmetriesOf } from '../../systems/symmetry.ts';
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { DataSet } from '../data/data-set.ts';
import { dimensionOf, type RunSystem } from '../data/run-system.ts';
import type { TrainingLine, ValidationLine } from '../training/training-log.ts';
import { type IndependentDraws, independentDraws } from './independent-draws.ts';
import { moleculeFigures } from './molecule-figures.ts';
import { type Quality, type QualitySet, qualityOf } from './quality.ts';
import type { ResidualCurve } from './residual.ts';
import { type PointSet, runFigures } from './run-figures.ts';

export interface EvaluationInput {
  readonly specification: Specification;
  readonly system: RunSystem;
  readonly reference: DataSet;
  /** True data independent of the reference, where they can be had: the noise floor. */
  readonly second: DataSet | undefined;
  /** Whether nothing was learned from the reference. */
  readonly forTesting?: boolean;
  /** Of the system, that the model was trained on, where they are known; `reference` or `second` themselves where they are these. */
  readonly trainingFrames?: DataSet | undefined;
  /** [count, coordinates]. */
  readonly samples: NumberArray | undefined;
  /** [frames, replicas, coordinates]; NaN marks what does not count. */
  readonly simulation: NumberArray | undefined;
  readonly residual: ResidualCurve | undefined;
  readonly training: readonly TrainingLine[];
  readonly validation: readonly ValidationLine[];
}

/** Molecules have a metric of bond lengths, too. */
export type RunMetricsRow = PlaneMetrics | ConformationMetrics;

/** Null where there is nothing to compare. */
export type RunMetrics = { readonly [Row in Exclude<keyof Metrics, 'floor'>]: RunMetricsRow | null } & {
  /** Of the whole reference and the whole second set, or of its halves: whatever the number of samples. */
  readonly floor: RunMetricsRow;
  /** Beside the noise floor at equal count. */
  readonly quality: Quality;
};

export interface Evaluation {
  readonly metrics: RunMetrics;
  /** Of the simulation. */
  readonly effectiveSampleSize: IndependentDraws | undefined;
  readonly figures: ReadonlyMap<string, Figure>;
  /** Sentences about what could not be counted. */
  readonly notices: readonly string[];
}

export function evaluate(input: EvaluationInput): Evaluation {
  const { system } = input;
  const { plane } = system.variables;
  const usable = (array: NumberArray | undefined, isOrdered: boolean) => {
    const found = array && measuredIn(array.data, system, isOrdered ? array.shape.at(-2)! : 0);
    return found && found.points[0]!.length > 0 ? found : null;
  };
  const compared = (one: Measured, other: Measured): RunMetricsRow =>
    system.bonds.length > 0 ? conformationMetrics(one, other, plane) : planeMetrics(one.points, other.points, plane);
  const floorOf = (set: Measured): RunMetricsRow =>
    system.bonds.length > 0 ? conformationNoiseFloor(set, plane) : noiseFloorFromHalves(set.points, plane);
  const reference = measuredIn(input.reference.values, system, 1);
  const second = input.second ? measuredIn(input.second.values, system, 1) : null;
  const training = trainingOf(input, { reference, second });
  const samples = usable(input.samples, false);
  const simulation = usable(input.simulation, true);
  const metrics: RunMetrics = {
    iid: samples && compared(samples, reference),
    sim: simulation && compared(simulation, reference),
    consistency: samples && simulation && compared(samples, simulation),
    floor: second ? compared(second, reference) : floorOf(reference),
    quality: qualityOf(
      {
        reference,
        second,
        forTesting: input.forTesting ?? false,
        samples,
        simulation,
        training,
        forms: formsOf(input),
      },
      system,
    ),
  };
  const sets = [
    { name: 'reference', ...reference },
    ...(samples ? [{ name: 'samples', ...samples }] : []),
    ...(simulation ? [{ name: 'simulation', ...simulation }] : []),
  ];
  const shown = sets.filter(({ points }) => countInside(points, plane.limits) > 0);
  const figures = runFigures({ ...input, sets: shown });
  if (system.topology) {
    const { name } = input.specification;
    for (const [key, figure] of moleculeFigures(name, system.topology, sets)) figures.set(key, figure);
  }
  const effectiveSampleSize = input.simulation && independentDraws(input.simulation, system);
  return { metrics, effectiveSampleSize, figures, notices: [...notCounted(input), ...notShown(sets, plane)] };
}

type Counted = QualitySet;

function trainingOf(
  { trainingFrames, system, ...given }: EvaluationInput,
  known: { readonly reference: Counted; readonly second: Counted | null },
): Counted | null {
  if (!trainingFrames) return null;
  if (trainingFrames === given.reference) return known.reference;
  if (trainingFrames === given.second) return known.second;
  return measuredIn(trainingFrames.values, system, 1);
}

/** In which each frame was trained on. */
const formsOf = ({ specification, system: { topology } }: EvaluationInput): Symmetry[] =>
  topology && specification.system.kind === 'molecule' && specification.system.symmetries !== 'none'
    ? symmetriesOf(topology)
    : [];

/**
 * Of the configurations whose every number is finite. `replicas`: how many series take turns in the rows; 0 for rows that
 * are independent.
 */
export function measuredIn(values: Float32Array, system: RunSystem, replicas: number): Counted {
  const { positions, rows } = finiteRows(values, dimensionOf(system));
  const points = system.variables.points(positions);
  const all = { positions, frames: positions.length / dimensionOf(system), atoms: system.shape[0]! };
  const { topology, bonds } = system;
  return {
    all,
    points,
    bonds: topology ? distances(all, bonds) : [],
    angles: topology ? angles(all, bondedTriples(bonds)) : [],
    ...(replicas > 0 ? { series: seriesOf(rows, replicas) } : {}),
  };
}

/** Where the frames of each replica are among those that were kept. */
function seriesOf(rows: Uint32Array, replicas: number): number[][] {
  const series = Array.from({ length: replicas }, (): number[] => []);
  for (const [place, row] of rows.entries()) series[row % replicas]!.push(place);
  return series.filter(({ length }) => length > 0);
}

interface FiniteRows {
  readonly positions: Float32Array;
  /** Which rows they were. */
  readonly rows: Uint32Array;
}

function finiteRows(values: Float32Array, dimension: number): FiniteRows {
  const isWhole = (start: number) => {
    for (let i = start; i < start + dimension; i++) if (Number.isNaN(values[i])) return false;
    return true;
  };
  const rows = Uint32Array.from({ length: values.length / dimension }, (_, row) => row);
  if (values.every((value) => !Number.isNaN(value))) return { positions: values, rows };
  const kept = rows.filter((row) => isWhole(row * dimension));
  const positions = new Float32Array(kept.length * dimension);
  for (const [place, row] of kept.entries()) {
    positions.set(values.subarray(row * dimension, (row + 1) * dimension), place * dimension);
  }
  return { positions, rows: kept };
}

function countInside(points: Points, limits: readonly Interval[]): number {
  let inside = 0;
  for (let i = 0; i < points[0]!.length; i++) {
    if (limits.every(([low, high], axis) => points[axis]![i]! >= low && points[axis]![i]! <= high)) inside++;
  }
  return inside;
}

function notCounted({ samples, simulation }: EvaluationInput): string[] {
  const rowsOf = ({ shape }: NumberArray) => shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const counted = (array: NumberArray) => finiteRows(array.data, array.shape.at(-1)!).rows.length;
  const notices: string[] = [];
  if (samples && counted(samples) < rowsOf(samples)) {
    const lost = rowsOf(samples) - counted(samples);
    notices.push(`${lost} of ${rowsOf(samples)} samples have non-finite coordinates and are left out: train longer.`);
  }
  if (simulation && counted(simulation) === 0) {
    notices.push(
      'Every replica of the simulation diverged before its first frame, so there is nothing to evaluate: ' +
        'use a smaller `simulate.timeStep`, or train longer.',
    );
  } else if (simulation && counted(simulation) < rowsOf(simulation)) {
    const lost = rowsOf(simulation) - counted(simulation);
    notices.push(`${lost} of ${rowsOf(simulation)} frames are left out because their replicas diverged.`);
  }
  return notices;
}

function notShown(sets: readonly PointSet[], { limits }: Plane): string[] {
  return sets.flatMap(({ name, points }) => {
    const total = points[0]!.length;
    const outside = total - countInside(points, limits);
    if (2 * outside <= total) return [];
    const window = limits.map(([low, high]) => `${low}…${high}`).join(' × ');
    return [
      `${outside} of ${total} points of the ${name} lie outside the plotted range ${window}: metrics say little about them.`,
    ];
  });
}

/** For a terminal: tables of what there is, and the verdicts in words. */
export function metricsText({ quality, ...rows }: RunMetrics): string {
  const [populations, details] = [populationTable(quality), detailTable(quality)];
  const { iid, sim, consistency } = quality;
  return [
    ...(iid || sim || consistency ? [aligned(metricsTable(quality, rows)), verdicts(quality).join('\n')] : []),
    ...(populations ? [aligned(populations)] : []),
    ...(details ? [aligned(details)] : []),
  ].join('\n\n');
}
