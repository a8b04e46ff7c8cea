/**
 * What a toy system is: a potential with closed-form energy and force, and the simulation that turns it into data
 * (method §8). Not a molecule: no topology, no beads.
 * Units are reduced: the potential sets the units of energy and length, `mass` the unit of mass, and the unit of time
 * follows (length·√(mass/energy)). `kT` is in the same energy unit. No constant of `units.ts` enters here.
 */

/** [low, high] along one axis, in the unit of that axis. */
export type Interval = readonly [low: number, high: number];

export interface ToySystem {
  readonly name: string;
  /** For people: titles and menus. */
  readonly title: string;
  readonly dimension: 1 | 2;
  /** Thermal energy, reduced energy units. */
  readonly kT: number;
  readonly mass: number;
  /** γ, 1 / reduced time. */
  readonly friction: number;
  /** dt, reduced time. */
  readonly timeStep: number;
  /** Integration steps between two stored samples. */
  readonly strideSteps: number;
  /** Size of the default data set, in samples. */
  readonly samples: number;
  /**
   * Limits of histograms and pictures, one per axis. Frames outside are kept in the data and counted in the outlier
   * bins of the measures (method §9); the published reference does the same, so nothing is ever dropped.
   */
  readonly window: readonly Interval[];
  /** Axis labels. */
  readonly axes: readonly string[];
  /** Local minima, deepest first; simulations start at the first. */
  readonly startPoints: readonly (readonly number[])[];
  energy(x: ArrayLike<number>): number;
  /** Writes −∇U(x) into `out`. */
  force(x: ArrayLike<number>, out: Float64Array): void;
}
