/**
 * The figures of a run: free energy along each axis and in the plane, the Fokker–Planck residual, the losses of its
 * training, the path of one replica. Each is an SVG with the numbers behind it.
 */
import { freeEnergyMaps } from '../../analysis/figures/free-energy-maps.ts';
import { freeEnergyProfiles } from '../../analysis/figures/free-energy-profiles.ts';
import { type Curve, lineChart } from '../../analysis/figures/line-chart.ts';
import type { Figure } from '../../analysis/figures/svg.ts';
import { trajectoryScatter } from '../../analysis/figures/trajectory-scatter.ts';
import { type FreeEnergy, freeEnergy } from '../../analysis/free-energy/free-energy.ts';
import { freeEnergyProfile } from '../../analysis/free-energy/free-energy-profile.ts';
import { type Grid, isPeriodic } from '../../analysis/free-energy/histogram.ts';
import { type Plane, surfaceGrid } from '../../analysis/free-energy/plane.ts';
import type { Points } from '../../analysis/free-energy/points.ts';
import type { NumberArray } from '../../formats/npy.ts';
import { lossLabel } from '../../methods/loss-labels.ts';
import { methodOf } from '../../methods/methods.ts';
import type { Specification } from '../../specification/settings.ts';
import type { CollectivePlane, RunSystem } from '../data/run-system.ts';
import { networksOf } from '../training/trained-model.ts';
import type { TrainingLine, ValidationLine } from '../training/training-log.ts';
import type { ResidualCurve } from './residual.ts';

export interface PointSet {
  readonly name: string;
  readonly points: Points;
}

export interface RunPictures {
  readonly specification: Specification;
  readonly system: RunSystem;
  /** Reference first; each with a point inside the limits. */
  readonly sets: readonly PointSet[];
  /** [frames, replicas, coordinates]. */
  readonly simulation: NumberArray | undefined;
  readonly residual: ResidualCurve | undefined;
  readonly training: readonly TrainingLine[];
  readonly validation: readonly ValidationLine[];
}

/** By name of the file, without ending. */
export function runFigures(run: RunPictures): Map<string, Figure> {
  const { specification, sets } = run;
  const { variables } = run.system;
  const { plane } = variables;
  const figures = new Map<string, Figure>();
  const surfaces =
    plane.limits.length === 2
      ? sets.map(({ name, points }) => ({ title: name, surface: freeEnergy(points, surfaceGrid(plane), 1) }))
      : [];
  if (sets.length > 0) figures.set('profiles', profilesFigure(specification.name, variables, sets));
  if (surfaces.length > 0) figures.set('free-energy', mapsFigure(specification.name, variables, surfaces));
  if (run.residual) figures.set('residual', residualFigure(specification, run.residual));
  if (run.training.length > 0) figures.set('training', trainingFigure(specification, run));
  const path = run.simulation && pathFigure(run, run.simulation, surfaces[0]?.surface);
  if (path) figures.set('trajectory', path);
  return figures;
}

/** Of the free energy along one axis of the plane. */
export const profileGrid = ({ limits, periodic }: Plane, axis: number): Grid => ({
  limits: [limits[axis]!],
  bins: 60,
  periodic: isPeriodic(periodic, axis),
});

function profilesFigure(name: string, { axes, plane }: CollectivePlane, sets: readonly PointSet[]): Figure {
  return freeEnergyProfiles({
    title: `${name}: free energy along ${axes.map(({ label }) => label).join(' and ')}`,
    energyUnit: 'kT',
    panels: axes.map((quantity, axis) => ({
      axis: quantity,
      profiles: sets.map((set) => ({
        name: set.name,
        profile: freeEnergyProfile(set.points[axis]!, profileGrid(plane, axis), 1),
      })),
    })),
  });
}

function mapsFigure(
  name: string,
  { axes: [x, y] }: CollectivePlane,
  panels: readonly { title: string; surface: FreeEnergy }[],
): Figure {
  return freeEnergyMaps({
    title: `${name}: free energy`,
    axes: [x!, y!],
    energyUnit: 'kT',
    panels,
    ...(panels.length > 1 ? { difference: { of: panels.length - 1, from: 0 } } : {}),
  });
}

function residualFigure(specification: Specification, { t, meanAbsR, spread }: ResidualCurve): Figure {
  return lineChart({
    title: `${specification.name}: Fokker–Planck residual`,
    x: { label: 'diffusion time t' },
    y: { label: 'mean |R| / D', scale: 'log' },
    curves: spread
      ? [
          { name: 'model', x: t, y: meanAbsR },
          { name: 'without what depends on t only', x: t, y: spread },
        ]
      : [{ name: 'model', x: t, y: meanAbsR }],
    boundaries: methodOf(specification).boundaries?.(specification) ?? [],
  });
}

/** The terms of each network's loss with their weights, smoothed over raw. */
function trainingFigure(
  specification: Specification,
  { training: lines, validation, system }: Pick<RunPictures, 'training' | 'validation' | 'system'>,
): Figure {
  const networks = networksOf(specification, system);
  const curves = networks.flatMap(({ facts, weights }, index) => {
    const own = lines.filter((line) => line.network === index);
    const of = networks.length > 1 ? `, ${facts[0] ?? index + 1}` : '';
    const terms = Object.entries(weights).map(([term, weight]) => ({
      title: `${lossLabel(term).short}${of}`,
      // A term that has not begun has no place on a logarithmic axis.
      values: own.map((line) => weight * (line.terms[term] ?? Number.NaN)),
    }));
    const held = validation.filter((line) => line.network === index);
    const validated = [...new Set(held.flatMap((line) => Object.keys(line.terms)))];
    const unseen = held.length > 1 ? validated : [];
    return [
      ...terms.flatMap(({ title, values }) => lossCurves(title, own, values)),
      ...unseen.map(
        (term): Curve => ({
          name: `validation${validated.length > 1 ? `, ${lossLabel(term).short}` : ''}${of}`,
          x: held.map(({ step }) => step),
          y: held.map((line) => line.terms[term] ?? Number.NaN),
        }),
      ),
    ];
  });
  const terms = [...new Set(networks.flatMap(({ weights }) => Object.keys(weights)))];
  return lineChart({
    title: `${specification.name}: training loss`,
    x: { label: 'step' },
    y: { label: [...new Set(terms.map((term) => lossLabel(term).weightedAxis))].join(', '), scale: 'log' },
    curves,
  });
}

/** Lines on either side that a smoothed point is the median of, as a fraction of all. */
const SMOOTHING = 1 / 40;

function lossCurves(name: string, lines: readonly TrainingLine[], values: readonly number[]): Curve[] {
  const x = lines.map(({ step }) => step);
  const reach = Math.floor(values.length * SMOOTHING);
  if (reach === 0) return [{ name, x, y: values }];
  // A median does not drag the steep beginning along, and the window shrinks towards both ends.
  const smoothed = values.map((value, i) => {
    if (Number.isNaN(value)) return value;
    const wide = Math.min(reach, i, values.length - 1 - i);
    return median(values.slice(i - wide, i + wide + 1));
  });
  return [
    { name: `${name} (raw)`, x, y: values, role: 'faint' },
    { name, x, y: smoothed },
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Where the first replica went; undefined where it has no frame. */
function pathFigure(
  { specification, system }: RunPictures,
  { shape, data }: NumberArray,
  background: FreeEnergy | undefined,
): Figure | undefined {
  const [frames, replicas, dimension] = shape as [number, number, number];
  const { equilibration, stride, timeStep, torsionMoves } = specification.simulate;
  const alive = Array.from({ length: frames }, (_, frame) => frame).filter((frame) => {
    const row = data.subarray(frame * replicas * dimension, frame * replicas * dimension + dimension);
    return row.every((value) => !Number.isNaN(value));
  });
  if (alive.length === 0) return undefined;
  const path = new Float32Array(alive.length * dimension);
  alive.forEach((frame, i) => {
    const start = frame * replicas * dimension;
    path.set(data.subarray(start, start + dimension), i * dimension);
  });
  const { plane, axes, points: pointsOf } = system.variables;
  const points = pointsOf(path).map((values) => Array.from(values));
  const unit = system.topology ? { unit: 'ps' } : {};
  const steps = alive.map((frame) => equilibration + (frame + 1) * stride);
  // With torsion moves it is no dynamics: its frames have an order and no time.
  const time =
    torsionMoves > 0
      ? { label: 'step', values: steps }
      : { label: 'time', ...unit, values: steps.map((step) => step * timeStep) };
  const title = `${specification.name}: path of one replica`;
  const [x, y] = axes;
  if (!y) {
    return lineChart({ title, x: time, y: x!, curves: [{ name: 'replica 1', x: time.values, y: points[0]! }] });
  }
  return trajectoryScatter({
    title,
    plane,
    axes: [x!, y],
    points,
    time,
    ...(background ? { background } : {}),
  });
}
