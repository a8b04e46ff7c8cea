/**
 * How good a run is (method §9): scores of its samples and of its simulation against the reference and against each
 * other, with the noise floor, and the figures that show it. Toy systems; axes in reduced units.
 */
import { comparisonTable } from '../analysis/comparison-table.ts';
import { freeEnergyMaps } from '../analysis/figures/free-energy-maps.ts';
import { freeEnergyProfiles } from '../analysis/figures/free-energy-profiles.ts';
import { lineChart } from '../analysis/figures/line-chart.ts';
import type { Figure } from '../analysis/figures/svg.ts';
import { freeEnergy } from '../analysis/free-energy.ts';
import { freeEnergyProfile } from '../analysis/free-energy-profile.ts';
import { splitFloor } from '../analysis/noise-floor.ts';
import { type Plane, type Points, toyPlane } from '../analysis/plane.ts';
import { type Metrics, type Scores, scores } from '../analysis/scores.ts';
import type { ToySystem } from '../systems/toy-system.ts';
import { toySystem } from '../systems/toy-systems.ts';
import type { Specification } from './parameters.ts';
import type { ResidualCurve } from './residual.ts';
import type { DataSet } from './training-data.ts';
import { secondDataSet } from './training-data.ts';

export interface EvaluationInput {
  readonly specification: Specification;
  readonly reference: DataSet;
  /** Sample after sample; of a simulation frame after frame. NaN marks what does not count. */
  readonly samples?: Float32Array;
  readonly simulation?: Float32Array;
  readonly residual?: ResidualCurve;
}

export type RunMetrics = Partial<Metrics> & Pick<Metrics, 'floor'>;

export interface Evaluation {
  readonly metrics: RunMetrics;
  readonly figures: ReadonlyMap<string, Figure>;
}

export function evaluate(input: EvaluationInput): Evaluation {
  const { specification, reference: data } = input;
  const system = toySystem(specification.system.kind);
  const plane: Plane = { ...toyPlane(system), jsBins: specification.evaluate.jsBins };
  const points = (values: Float32Array | undefined) => values && pointsOf(values, system.dimension);
  const reference = pointsOf(data.values, system.dimension);
  const samples = points(input.samples);
  const simulation = points(input.simulation);
  const metrics: RunMetrics = {
    ...(samples ? { iid: scores(samples, reference, plane) } : {}),
    ...(simulation ? { sim: scores(simulation, reference, plane) } : {}),
    ...(samples && simulation ? { consistency: scores(samples, simulation, plane) } : {}),
    floor: floorOf(specification, data, reference, plane),
  };
  const sets = [
    { name: 'reference', points: reference },
    ...(samples ? [{ name: 'samples', points: samples }] : []),
    ...(simulation ? [{ name: 'simulation', points: simulation }] : []),
  ];
  const figures = new Map<string, Figure>([['profiles', profiles(specification.name, system, sets)]]);
  if (system.dimension === 2) figures.set('free-energy', maps(specification, system, sets));
  if (input.residual) figures.set('residual', residualFigure(specification, input.residual));
  return { metrics, figures };
}

/** One array per axis, without the points that are not numbers. */
function pointsOf(values: Float32Array, dimension: number): Points {
  const rows = values.length / dimension;
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) if (!Number.isNaN(values[row * dimension]!)) kept.push(row);
  return Array.from({ length: dimension }, (_, axis) =>
    Float64Array.from(kept, (row) => values[row * dimension + axis]!),
  );
}

/** Two true data sets of the same size where they can be generated, else the halves of the one there is. */
function floorOf(specification: Specification, data: DataSet, reference: Points, plane: Plane): Scores {
  if (specification.system.data !== null) return splitFloor(reference, plane);
  return scores(pointsOf(secondDataSet(specification, data.count).values, data.dimension), reference, plane);
}

type PointSets = readonly { readonly name: string; readonly points: Points }[];

function profiles(title: string, system: ToySystem, sets: PointSets): Figure {
  return freeEnergyProfiles({
    title: `${title}: free energy along each axis`,
    energyUnit: 'kT',
    panels: system.axes.map((label, axis) => ({
      axis: { label },
      profiles: sets.map(({ name, points }) => ({
        name,
        profile: freeEnergyProfile(points[axis]!, { limits: [system.window[axis]!], bins: 60 }, 1),
      })),
    })),
  });
}

function maps({ name, evaluate: { pmfBins } }: Specification, system: ToySystem, sets: PointSets): Figure {
  const grid = { limits: system.window, bins: pmfBins };
  const [x, y] = system.axes as [string, string];
  return freeEnergyMaps({
    title: `${name}: free energy`,
    axes: [{ label: x }, { label: y }],
    energyUnit: 'kT',
    panels: sets.map((set) => ({ title: set.name, surface: freeEnergy(set.points, grid, 1) })),
    ...(sets.length > 1 ? { difference: { of: sets.length - 1, from: 0 } } : {}),
  });
}

function residualFigure({ name, experts }: Specification, { t, meanAbsR }: ResidualCurve): Figure {
  return lineChart({
    title: `${name}: Fokker–Planck residual`,
    x: { label: 'diffusion time t' },
    y: { label: 'mean |R| / D', scale: 'log' },
    curves: [{ name: 'model', x: t, y: meanAbsR }],
    boundaries: experts.slice(1).map(({ range }) => range[0]),
  });
}

/** The table a terminal shows: complete, or the scores there are. */
export function metricsText(metrics: RunMetrics): string {
  const { iid, sim, consistency, floor } = metrics;
  if (iid && sim && consistency) return comparisonTable({ iid, sim, consistency, floor });
  const rows = Object.entries(metrics).map(
    ([name, s]) => `${name.padEnd(12)} pmf ${s.pmf.toFixed(4)}   js ${s.js.toFixed(4)}`,
  );
  return rows.join('\n');
}
