/** Options and outcome of a simulation; how it is done stands in simulate.ts. */
import type { Integrator } from '../../dynamics/langevin.ts';
import type { RotatableTorsion } from '../../models/conformation-statistics.ts';

export interface SimulateOptions {
  readonly replicas: number;
  readonly steps: number;
  readonly equilibration: number;
  /** ps. */
  readonly timeStep: number;
  readonly stride: number;
  /** 1/ps. */
  readonly friction: number;
  readonly integrator: Integrator;
  readonly evaluationTime: number;
  readonly seed: number;
  /** kJ/mol. */
  readonly kT: number;
  /** amu, one for each coordinate. */
  readonly masses: ArrayLike<number>;
  /** The data's scale, nm. */
  readonly scale: number;
  /** Such a simulation samples and is no dynamics: nothing about time can be said of it. */
  readonly moves?: TorsionMoves | undefined;
}

export interface TorsionMoves {
  /** Of each replica, one after the other. */
  readonly trials: number;
  /** Steps from one round of trials to the next. */
  readonly every: number;
  readonly torsions: readonly RotatableTorsion[];
}

export interface Simulation {
  /** Diverged replicas (non-finite coordinates). */
  readonly stopped: number;
  /** Without those from before an interruption. */
  readonly steps: number;
  /** Wall time of these steps alone. */
  readonly seconds: number;
  /** Fraction of the torsion moves that were accepted, interruptions or not; where there were any. */
  readonly torsionAcceptance?: number | undefined;
}

export const frameCount = ({ steps, stride }: Pick<SimulateOptions, 'steps' | 'stride'>): number =>
  Math.floor(steps / stride);
