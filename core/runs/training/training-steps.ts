/**
 * Training steps of one network on an engine (method §5): compiled for every phase and every size of molecule there is,
 * run in chunks of one phase and one size. The caller keeps the
 * state.
 */

import type { Engine, Executable, Numbers } from '../../engines/engine.ts';
import type { TrainableNetwork, TrainingPhase } from '../../methods/method.ts';
import { scheduleInputs } from '../../optimiser/schedule.ts';
import { type Batches, strataOf } from '../data/batches.ts';
import { type NetworkProgress, VECTORS } from './checkpoint.ts';
import type { StepTerms } from './training-log.ts';

/** The state after the last step, and what the steps handed out. */
export interface StepOutputs {
  readonly vectors: NetworkProgress['vectors'];
  readonly chunks: readonly StepTerms[];
}

export interface StepSettings {
  readonly batches: Batches;
  readonly seed: number;
  /** Samples of a step; the network's own unless given. */
  readonly batch?: number;
}

export class TrainingSteps {
  readonly #network: TrainableNetwork;
  readonly #settings: StepSettings;
  readonly #engine: Engine;
  /** One for each size; compiled when they are first needed. */
  readonly #executables = new Map<TrainingPhase, readonly Executable[]>();

  constructor(network: TrainableNetwork, settings: StepSettings, engine: Engine) {
    this.#network = network;
    this.#settings = settings;
    this.#engine = engine;
  }

  /** Bytes that the engine holds for them by now, where it knows. */
  get bytes(): number {
    return [...this.#executables.values()].flat().reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  }

  async run(before: NetworkProgress['vectors'], from: number, count: number): Promise<StepOutputs> {
    const { batches, seed } = this.#settings;
    const { learningRate, steps, firstRound = steps, phases } = this.#network;
    const batch = this.#settings.batch ?? this.#network.batch;
    const rate = { first: learningRate[0], last: learningRate[1] };
    let vectors = before;
    const chunks: StepTerms[] = [];
    for (let done = 0; done < count; ) {
      const step = from + done;
      const index = phases.findLastIndex((phase) => phase.from <= step);
      const phase = phases[index]!;
      const end = phases[index + 1]?.from ?? Number.POSITIVE_INFINITY;
      const chunk = batches.chunk(step, Math.min(count - done, end - step));
      const executables = await this.#compiled(phase);
      const results: Readonly<Record<string, Numbers>> = await executables[chunk.size]!.run({
        samples: this.#network.wholeBatch ? 1 : batch,
        steps: chunk.count,
        seed,
        firstStep: step,
        inputs: {
          ...vectors,
          ...scheduleInputs(step, chunk.count, firstRound, rate, this.#network.averages),
          ...batches.inputs(step, chunk),
          inverseSamples: [1 / batch],
          stratum: strataOf(batch, chunk.count),
        },
      });
      vectors = Object.fromEntries(VECTORS.map((name) => [name, results[name]!])) as NetworkProgress['vectors'];
      const terms = Object.fromEntries(phase.terms.map((name) => [name, results[name]!]));
      chunks.push({ accepted: results.accepted!, terms });
      done += chunk.count;
    }
    return { vectors, chunks };
  }

  dispose(): void {
    for (const executable of [...this.#executables.values()].flat()) executable.dispose();
  }

  async #compiled(phase: TrainingPhase): Promise<readonly Executable[]> {
    const there = this.#executables.get(phase);
    if (there) return there;
    const { sizes } = this.#settings.batches;
    const executables = await Promise.all(sizes.map((size) => this.#engine.compile(phase.program(size))));
    this.#executables.set(phase, executables);
    return executables;
  }
}
