/**
 * The loss of an expert on conformations that are not trained on, during its training: the same ones, with the same
 * noise, every time.
 */
import { validationLoss } from '../../diffusion/validation-loss.ts';
import type { Engine, Executable, Numbers } from '../../engines/engine.ts';
import type { Expert } from '../../diffusion/expert.ts';
import { Batches, type Stretch } from '../data/batches.ts';
import type { TrainingSet } from '../data/data-set.ts';
import { forShape } from './trained-model.ts';

/** Conformations of each size that the loss is a mean over, at most. */
const MOST = 2048;

interface RunResult {
  readonly program: Executable;
  readonly inputs: ReturnType<Batches['inputs']>;
  readonly samples: number;
}

export class Validation {
  readonly #parts: readonly RunResult[];

  private constructor(parts: readonly RunResult[]) {
    this.#parts = parts;
  }

  /** Undefined where nothing is set aside. */
  static async prepare(sets: readonly TrainingSet[], expert: Expert, engine: Engine): Promise<Validation | undefined> {
    if (sets.length === 0) return undefined;
    const keys = [...new Set(sets.map(({ shape }) => String(shape)))];
    const parts = keys.map(async (key): Promise<RunResult> => {
      const own = sets.filter(({ shape }) => String(shape) === key);
      const samples = Math.min(
        MOST,
        own.reduce((sum, { count }) => sum + count, 0),
      );
      const all: Stretch = { size: 0, count: 1 };
      const inputs = new Batches(own, samples, SEED).inputs(0, all);
      return { program: await engine.compile(validationLoss(forShape(expert, own[0]!.shape))), inputs, samples };
    });
    return new Validation(await Promise.all(parts));
  }

  async loss(parameters: Numbers): Promise<number> {
    let total = 0;
    let count = 0;
    for (const { program, inputs, samples } of this.#parts) {
      const call = { samples, seed: SEED, inputs: { ...inputs, parameters, inverseSamples: [1 / samples] } };
      const { denoising } = await program.run(call);
      total += denoising![0]! * samples;
      count += samples;
    }
    return total / count;
  }

  dispose(): void {
    for (const { program } of this.#parts) program.dispose();
  }
}

const SEED = 0;
