/**
 * Data for a toy system: one long Langevin chain in float64 with the closed-form force, as a real simulation would
 * give it (correlated frames, burn-in dropped). The integrators are those of method §7, here for one particle and one
 * chain; simulation with a model is `dynamics/`. Reduced units.
 */
import { ErgodicError } from '../../errors.ts';
import { gaussianSource } from './gaussian.ts';
import type { ToySystem } from './toy-system.ts';

export type ToyIntegrator = 'baoab' | 'langevin';

export interface Trajectory {
  readonly dimension: number;
  readonly frames: number;
  /** Frame after frame, `dimension` numbers each. */
  readonly positions: Float64Array;
}

export interface GenerateOptions {
  readonly seed: number;
  /** Frames to store; the system's own number unless given. */
  readonly samples?: number;
  readonly integrator?: ToyIntegrator;
  /** Frames simulated and thrown away first. */
  readonly burnIn?: number;
}

export function generateTrajectory(system: ToySystem, options: GenerateOptions): Trajectory {
  const { samples = system.samples } = options;
  if (!Number.isSafeInteger(samples) || samples < 1) {
    throw new ErgodicError(`The number of samples must be a whole number above 0, not ${samples}.`);
  }
  const { dimension } = system;
  const next = trajectoryFrames(system, options);
  const positions = new Float64Array(samples * dimension);
  for (let frame = 0; frame < samples; frame++) positions.set(next(), frame * dimension);
  return { dimension, frames: samples, positions };
}

/** The same frames one by one, for showing progress: each call returns the next, which stays the chain's own. */
export function trajectoryFrames(
  system: ToySystem,
  { seed, integrator = 'baoab', burnIn = 1000 }: Omit<GenerateOptions, 'samples'>,
): () => Float64Array {
  const advance = { baoab, langevin }[integrator](system, gaussianSource(seed));
  let made = 0;
  const next = (): Float64Array => {
    const x = advance(system.strideSteps);
    if (!x.every(Number.isFinite)) {
      throw new ErgodicError(
        `The ${system.title} simulation diverged at frame ${made}: ` +
          `its time step of ${system.timeStep} is too long.`,
      );
    }
    made++;
    return x;
  };
  return () => {
    while (made < burnIn) next();
    return next();
  };
}

/** One array per coordinate, the form in which `analysis/` takes points. */
export function columns(trajectory: Trajectory): Float64Array[] {
  const { dimension, frames, positions } = trajectory;
  return Array.from({ length: dimension }, (_, axis) =>
    Float64Array.from({ length: frames }, (_unused, frame) => positions[frame * dimension + axis]!),
  );
}

/** Runs the chain on by a number of steps and returns its position, which stays owned by the chain. */
type Advance = (steps: number) => Float64Array;

function chain(system: ToySystem, gaussian: () => number) {
  const spread = Math.sqrt(system.kT / system.mass);
  const x = Float64Array.from(system.startPoints[0]!);
  const v = Float64Array.from(x, () => spread * gaussian());
  const f = new Float64Array(x.length);
  system.force(x, f);
  const decay = Math.exp(-system.friction * system.timeStep);
  return { x, v, f, decay, kick: spread * Math.sqrt(1 - decay * decay) };
}

/** Leimkuhler and Matthews' splitting, OpenMM's LangevinMiddle up to half a kick. */
function baoab(system: ToySystem, gaussian: () => number): Advance {
  const { x, v, f, decay, kick } = chain(system, gaussian);
  const halfStep = 0.5 * system.timeStep;
  const halfKick = halfStep / system.mass;
  return (steps) => {
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < x.length; i++) {
        const before = v[i]! + halfKick * f[i]!;
        const after = decay * before + kick * gaussian();
        x[i] = x[i]! + halfStep * (before + after);
        v[i] = after;
      }
      system.force(x, f);
      for (let i = 0; i < x.length; i++) v[i] = v[i]! + halfKick * f[i]!;
    }
    return x;
  };
}

/** OpenMM's LangevinIntegrator: `v' = a v + (1−a)/γ · F/m + √(kT(1−a²)/m) ξ`, `x' = x + dt v'`. */
function langevin(system: ToySystem, gaussian: () => number): Advance {
  const { x, v, f, decay, kick } = chain(system, gaussian);
  const push = (1 - decay) / (system.friction * system.mass);
  return (steps) => {
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < x.length; i++) {
        v[i] = decay * v[i]! + push * f[i]! + kick * gaussian();
        x[i] = x[i]! + system.timeStep * v[i]!;
      }
      system.force(x, f);
    }
    return x;
  };
}
