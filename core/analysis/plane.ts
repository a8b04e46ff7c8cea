/**
 * The plane in which distributions are compared: one or two collective variables with fixed limits (method §9). Fixed,
 * because a score over the pooled range of the data changes with one stray point.
 * Units are those of the variables: rad for angles, nm for distances, reduced length for toys.
 */

import type { Interval, ToySystem } from '../systems/toy-system.ts';

export interface Plane {
  /** Limits of each axis. */
  readonly limits: readonly Interval[];
  /** The axes are angles: values are wrapped into the limits. */
  readonly periodic: boolean;
  /** Bins per axis of the PMF error, counting one outlier bin at each end. */
  readonly pmfBins: number;
  /** Bins per axis of the Jensen–Shannon histograms. */
  readonly jsBins: number;
}

/** One array per axis of the plane, all of the same length. */
export type Points = readonly ArrayLike<number>[];

const TURN: Interval = [-Math.PI, Math.PI];

/** φ/ψ or any two dihedrals, rad. */
export const anglePlane: Plane = { limits: [TURN, TURN], periodic: true, pmfBins: 64, jsBins: 64 };

export const toyPlane = (system: ToySystem): Plane => ({
  limits: system.window,
  periodic: false,
  pmfBins: 64,
  jsBins: 100,
});
