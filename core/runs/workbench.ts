/**
 * The engine on which a worker trains one expert after the other. When another worker has nothing left to do, its
 * threads are taken over: results are the same bits for any number of them.
 */
import type { Engine, EngineName } from '../engines/engine.ts';
import { chooseEngine } from '../engines/registry.ts';

/** Threads that nobody uses any more. */
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

export class Workbench implements AsyncDisposable {
  readonly #name: EngineName | 'auto';
  readonly #spare: SpareThreads;
  #threads: number;
  #engine: Engine;

  private constructor(name: EngineName | 'auto', threads: number, spare: SpareThreads, engine: Engine) {
    this.#name = name;
    this.#threads = threads;
    this.#spare = spare;
    this.#engine = engine;
  }

  static async open(name: EngineName | 'auto', threads: number, spare: SpareThreads): Promise<Workbench> {
    return new Workbench(name, threads, spare, await chooseEngine(name, { threads }));
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
    this.#engine = await chooseEngine(this.#name, { threads: this.#threads });
    await before.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.dispose();
    this.#spare.give(this.#threads);
  }
}
