/**
 * A live view of running work, for a window: the loss during training, molecules as they move. Watching changes no
 * number of the result, and costs nothing while nothing is shown. Not here: progress, which every follower gets
 * (follower.ts).
 */
import type { Engine, Numbers } from '../engines/engine.ts';
import type { EvaluatedModel, TrainedNetwork } from '../methods/method.ts';
import type { Specification } from '../specification/settings.ts';
import type { Continuation } from '../storage/row-sink.ts';
import type { RunData } from './data/run-data.ts';
import type { RunSystem } from './data/run-system.ts';
import type { SimulateOptions } from './sampling/simulation.ts';
import type { TrainingLine } from './training/training-log.ts';

export interface Spectator {
  training(data: RunData, specification: Specification): TrainingView;
  sampling(scene: Scene): SamplingView;
  simulation(scene: SimulationScene): SimulationView;
}

interface Scene {
  readonly system: RunSystem;
  /** What was made so far, where it is stored. */
  readonly made: Continuation['made'];
}

export interface SimulationScene extends Scene {
  readonly options: SimulateOptions;
  /** Whose score the force is. */
  readonly force: EvaluatedModel;
  readonly engine: Engine;
}

export interface TrainingView {
  /** New lines of the log. */
  logged(lines: readonly TrainingLine[]): void;
  /** A network as it is now, on the engine that trains it; training waits. */
  see(index: number, trained: TrainedNetwork, engine: Engine): Promise<void>;
}

export interface SamplingView {
  /** `rows`: those that were drawn last; `done`: all of them. */
  see(rows: Float32Array, done: number): Promise<void>;
}

/** What a simulation did in one call. */
export interface SimulationChunk {
  /** Steps before it. */
  readonly firstStep: number;
  /** Steps from one frame to the next. */
  readonly every: number;
  /** Wall time that it took. */
  readonly seconds: number;
  /** Frame after frame, replica after replica, nm. */
  readonly frames: Numbers;
  /** At its end, nm/ps. */
  readonly velocities: Numbers;
  /** At its end, 0 for a diverged replica. */
  readonly alive: Numbers;
  readonly isLast: boolean;
}

export interface SimulationView {
  /** Seconds from one frame to the next that it wants to see; undefined while it does not look. */
  readonly interval: number | undefined;
  /** The simulation waits. */
  see(chunk: SimulationChunk): Promise<void>;
  dispose(): void;
}
