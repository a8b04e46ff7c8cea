/**
 * The engine on which a worker trains one network after the other. It takes over the threads of a worker that has
 * finished; results are the same bits for any number of threads.
 */
import type { Say } from '../../engines/automatic.ts';
import type { Engine, EngineInfo } from '../../engines/engine.ts';
import { openEngine } from '../engine-session.ts';

/** Threads of workers that have finished. */
export class SpareThreads {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  give(count: number): void {
    this.#count += count;
  }

  take(): number {
    const all = this.#count;
    this.#count = 0;
    return all;
  }
}

export class TrainingEngine implements AsyncDisposable {
  readonly #name: EngineInfo['name'];
  readonly #spare: SpareThreads;
  readonly #say: Say;
  #threads: number;
  #engine: Engine;

  private constructor(name: EngineInfo['name'], threads: number, spare: SpareThreads, say: Say, engine: Engine) {
    this.#name = name;
    this.#spare = spare;
    this.#say = say;
    this.#threads = threads;
    this.#engine = engine;
  }

  /** `say` hears what `auto` has picked, and why. */
  static async open(name: EngineInfo['name'], threads: number, spare: SpareThreads, say: Say): Promise<TrainingEngine> {
    return new TrainingEngine(name, threads, spare, say, await openEngine({ engine: name, threads }, say));
  }

  get engine(): Engine {
    return this.#engine;
  }

  get canGrow(): boolean {
    return this.#spare.count > 0;
  }

  /** Everything compiled before must be disposed of, and compiled again on the engine that is there now. */
  async grow(): Promise<void> {
    this.#threads += this.#spare.take();
    const before = this.#engine;
    this.#engine = await openEngine({ engine: this.#name, threads: this.#threads }, this.#say);
    await before.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.dispose();
    this.#spare.give(this.#threads);
  }
}
