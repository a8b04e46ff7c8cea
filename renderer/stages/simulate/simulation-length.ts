/** How long a simulation is and how fast it goes, from its settings; times in ps, as everywhere inside. */
import type { Json } from '../../parts/tree.ts';

export interface SimulationLength {
  /** Of each replica, ps. */
  readonly each: number;
  /** Of all replicas together, ps. */
  readonly total: number;
  /** Stored frames of each replica. */
  readonly frames: number;
}

type Settings = { readonly [key: string]: Json };

const positive = (value: Json | undefined): value is number => typeof value === 'number' && value > 0;

/** Undefined while a number is missing: one that is computed from the system, say. */
export function lengthOf({ replicas, steps, timeStep, stride }: Settings): SimulationLength | undefined {
  if (!positive(replicas) || !positive(steps) || !positive(timeStep)) return undefined;
  const each = steps * timeStep;
  return { each, total: each * replicas, frames: positive(stride) ? Math.floor(steps / stride) : 0 };
}

/** With torsion moves a simulation samples and is no dynamics: nothing of it has a time. */
export const isDynamics = ({ torsionMoves }: Settings): boolean => !positive(torsionMoves);

const SECONDS_PER_DAY = 86_400;

/** Of all replicas together, ps in a day; undefined where it is no dynamics. */
export function perDay(stepsPerSecond: number, settings: Settings): number | undefined {
  const { replicas, timeStep } = settings;
  if (!isDynamics(settings)) return undefined;
  if (!positive(replicas) || !positive(timeStep)) return undefined;
  return stepsPerSecond * timeStep * replicas * SECONDS_PER_DAY;
}
