/**
 * The plane in which distributions are compared: one or two collective variables with fixed limits (method §9). Fixed,
 * because a metric over the pooled range of the data changes with one stray point.
 * Units are those of the variables: rad for angles, nm for distances, reduced length for toys.
 */
import type { Interval, ToySystem } from '../../systems/toys/toy-system.ts';
import type { Grid, Periodicity } from './histogram.ts';

export interface Plane {
  /** Limits of each axis. */
  readonly limits: readonly Interval[];
  /** Axes that are angles, rad: values are wrapped into the limits. */
  readonly periodic: Periodicity;
  /** Bins per axis of the free-energy error, counting one outlier bin at each end. */
  readonly pmfBins: number;
  /** Bins per axis of the Jensen–Shannon histograms. */
  readonly jsBins: number;
}

export const TURN: Interval = [-Math.PI, Math.PI];

/** φ/ψ or any two dihedrals, rad. */
export const anglePlane: Plane = { limits: [TURN, TURN], periodic: true, pmfBins: 64, jsBins: 64 };

export const toyPlane = (system: ToySystem): Plane => ({
  limits: system.window,
  periodic: false,
  pmfBins: 64,
  jsBins: 100,
});

/** The inner bins that the free-energy error counts: the grid of the surfaces that are shown. */
export const surfaceGrid = ({ limits, periodic, pmfBins }: Plane): Grid => ({ limits, periodic, bins: pmfBins - 2 });
