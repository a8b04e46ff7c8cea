/**
 * How good a run is (method §9): scores of its samples and of its simulation against the reference and against each
 * other, with the noise floor, and the figures that show it. Toy systems. Arrays in, scores and pictures out; reading
 * and storing them is elsewhere.
 */
import { comparisonTable } from '../analysis/comparison-table.ts';
import type { Figure } from '../analysis/figures/svg.ts';
import { splitFloor } from '../analysis/noise-floor.ts';
import { type Plane, type Points, toyPlane } from '../analysis/plane.ts';
import { type Metrics, type Scores, scores } from '../analysis/scores.ts';
import type { NumberArray } from '../formats/npy.ts';
import type { Interval } from '../systems/toy-system.ts';
import { toySystem } from '../systems/toy-systems.ts';
import type { Specification } from './parameters.ts';
import type { ResidualCurve } from './residual.ts';
import { type PointSet, runFigures } from './run-figures.ts';
import type { DataSet } from './training-data.ts';
import type { TrainingLine } from './training-log.ts';

export interface EvaluationInput {
  readonly specification: Specification;
  readonly reference: DataSet;
  /** True data independent of the reference, where they can be had: the noise floor. */
  readonly second: DataSet | undefined;
  /** [count, coordinates]. */
  readonly samples: NumberArray | undefined;
  /** [frames, replicas, coordinates]; NaN marks what does not count. */
  readonly simulation: NumberArray | undefined;
  readonly residual: ResidualCurve | undefined;
  readonly training: readonly TrainingLine[];
}

/** Null where there is nothing to compare. */
export type RunMetrics = { readonly [Row in Exclude<keyof Metrics, 'floor'>]: Scores | null } & Pick<Metrics, 'floor'>;

export interface Evaluation {
  readonly metrics: RunMetrics;
  readonly figures: ReadonlyMap<string, Figure>;
  /** Sentences about what could not be counted. */
  readonly notices: readonly string[];
}

export function evaluate(input: EvaluationInput): Evaluation {
  const { specification } = input;
  const { kind } = specification.system;
  const system = toySystem(kind);
  const { pmfBins, jsBins } = specification.evaluate;
  const plane: Plane = { ...toyPlane(system), pmfBins, jsBins };
  const reference = pointsOf(input.reference.values, system.dimension);
  const samples = usable(input.samples);
  const simulation = usable(input.simulation);
  const metrics: RunMetrics = {
    iid: samples && scores(samples, reference, plane),
    sim: simulation && scores(simulation, reference, plane),
    consistency: samples && simulation && scores(samples, simulation, plane),
    floor: input.second
      ? scores(pointsOf(input.second.values, system.dimension), reference, plane)
      : splitFloor(reference, plane),
  };
  const sets: PointSet[] = [
    { name: 'reference', points: reference },
    ...(samples ? [{ name: 'samples', points: samples }] : []),
    ...(simulation ? [{ name: 'simulation', points: simulation }] : []),
  ];
  const shown = sets.filter(({ points }) => countInside(points, plane.limits) > 0);
  const figures = runFigures({ ...input, system, plane, sets: shown });
  return { metrics, figures, notices: [...notCounted(input), ...notShown(sets, plane)] };
}

function usable(array: NumberArray | undefined): Points | null {
  const points = array && pointsOf(array.data, array.shape.at(-1)!);
  return points && points[0]!.length > 0 ? points : null;
}

/** One array per axis, without the points that are not numbers. */
function pointsOf(values: Float32Array, dimension: number): Points {
  const isNumber = (row: number) => {
    for (let axis = 0; axis < dimension; axis++) if (Number.isNaN(values[row * dimension + axis])) return false;
    return true;
  };
  const rows = values.length / dimension;
  let count = 0;
  for (let row = 0; row < rows; row++) if (isNumber(row)) count++;
  const axes = Array.from({ length: dimension }, () => new Float32Array(count));
  let kept = 0;
  for (let row = 0; row < rows; row++) {
    if (!isNumber(row)) continue;
    for (const [axis, column] of axes.entries()) column[kept] = values[row * dimension + axis]!;
    kept++;
  }
  return axes;
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
  const counted = (array: NumberArray) => pointsOf(array.data, array.shape.at(-1)!)[0]!.length;
  const notices: string[] = [];
  if (samples && counted(samples) < rowsOf(samples)) {
    const lost = rowsOf(samples) - counted(samples);
    notices.push(`${lost} of ${rowsOf(samples)} samples are not numbers and do not count: train longer.`);
  }
  if (simulation && counted(simulation) === 0) {
    notices.push(
      'Every replica of the simulation left the finite world before its first frame, so there is nothing to score: ' +
        'use a smaller `simulate.timeStep`, or train longer.',
    );
  } else if (simulation && counted(simulation) < rowsOf(simulation)) {
    const lost = rowsOf(simulation) - counted(simulation);
    notices.push(`${lost} of ${rowsOf(simulation)} frames belong to stopped replicas and do not count.`);
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
      `${outside} of ${total} points of the ${name} lie outside the window ${window}: scores say little of them.`,
    ];
  });
}

/** The table a terminal shows: complete, or the scores there are. */
export function metricsText({ iid, sim, consistency, floor }: RunMetrics): string {
  if (iid && sim && consistency) return comparisonTable({ iid, sim, consistency, floor });
  return Object.entries({ iid, sim, floor })
    .flatMap(([name, s]) => (s ? [`${name.padEnd(6)} pmf ${s.pmf.toFixed(4)}   js ${s.js.toFixed(4)}`] : []))
    .join('\n');
}
