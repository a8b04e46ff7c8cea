/** What a job shows to the windows that look at it: its thread's side of their streams. */

import type { RunData } from '../../runs/data/run-data.ts';
import type { SamplingView, SimulationScene, SimulationView, Spectator, TrainingView } from '../../runs/spectator.ts';
import type { Specification } from '../../specification/settings.ts';
import type { FromJob } from '../jobs/messages.ts';
import { SamplesWatch } from './samples-watch.ts';
import { SimulationWatch } from './simulation-watch.ts';
import { TrainingWatch } from './training-watch.ts';
import { type Watcher, Watchers } from './watchers.ts';

export class JobSpectator implements Spectator {
  readonly #watchers = new Watchers();
  readonly #tell: (message: FromJob) => void;

  constructor(tell: (message: FromJob) => void) {
    this.#tell = tell;
  }

  watch(watcher: Watcher): void {
    this.#watchers.add(watcher);
  }

  unwatch(stream: string): void {
    this.#watchers.remove(stream);
  }

  credit(stream: string, frames: number): void {
    this.#watchers.credit(stream, frames);
  }

  training(data: RunData, specification: Specification): TrainingView {
    return new TrainingWatch(data, specification, {
      points: (points) => this.#tell({ kind: 'points', points }),
      residual: (residual) => this.#tell({ kind: 'residual', residual }),
    });
  }

  sampling(scene: Parameters<Spectator['sampling']>[0]): SamplingView {
    return new SamplesWatch(scene, this.#watchers, (stream, frame) =>
      this.#tell({ kind: 'frames', stream, frames: [frame], seconds: 0 }),
    );
  }

  simulation(scene: SimulationScene): SimulationView {
    return new SimulationWatch(scene, this.#watchers, (stream, frames, seconds) =>
      this.#tell({ kind: 'frames', stream, frames, seconds }),
    );
  }
}
