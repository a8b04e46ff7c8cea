/** Options and outcome of a simulation; how it is done stands in simulate.ts. */
import type { Integrator } from '../../dynamics/langevin.ts';

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
}

export interface Simulation {
  /** Diverged replicas (non-finite coordinates). */
  readonly stopped: number;
  /** Without those from before an interruption. */
  readonly steps: number;
  /** Wall time of these steps alone. */
  readonly seconds: number;
}

export const frameCount = ({ steps, stride }: Pick<SimulateOptions, 'steps' | 'stride'>): number =>
  Math.floor(steps / stride);
