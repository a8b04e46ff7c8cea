/**
 * The loss of a network on held-out conformations, during its training: the same ones, with the same noise, every time.
 */
import type { Engine, Executable, Numbers } from '../../engines/engine.ts';
import type { TrainableNetwork } from '../../methods/method.ts';
import { columnNames, columns } from '../../models/columns.ts';
import { Batches, type Chunk, strataOf } from '../data/batches.ts';
import { alike, sizeOfSet, type TrainingSet } from '../data/data-set.ts';
import type { LossTerms } from './checkpoint.ts';

/** Conformations of each size that the loss is a mean over, at most. */
const MOST = 2048;

/** Conformations of one size. */
interface SizeClass {
  readonly program: Executable;
  readonly inputs: ReturnType<Batches['inputs']>;
  readonly samples: number;
}

export class Validation {
  readonly #sizes: readonly SizeClass[];

  private constructor(sizes: readonly SizeClass[]) {
    this.#sizes = sizes;
  }

  /** Undefined where nothing is held out, or the network has no loss to measure on it. */
  static async prepare(
    sets: readonly TrainingSet[],
    { validation }: Pick<TrainableNetwork, 'validation'>,
    engine: Engine,
  ): Promise<Validation | undefined> {
    if (sets.length === 0 || !validation) return undefined;
    const sizes = alike(sets).map(async (own): Promise<SizeClass> => {
      const samples = Math.min(
        MOST,
        own.reduce((sum, { count }) => sum + count, 0),
      );
      const all: Chunk = { size: 0, count: 1 };
      const program = validation(sizeOfSet(own[0]!));
      const wanted = columnNames.filter((name) => program.inputs.some((each) => each.name === columns[name].input));
      const inputs = new Batches(own, samples, SEED, wanted).inputs(0, all);
      return { program: await engine.compile(program), inputs, samples };
    });
    return new Validation(await Promise.all(sizes));
  }

  async loss(parameters: Numbers): Promise<LossTerms> {
    const totals: Record<string, number> = {};
    let count = 0;
    for (const { program, inputs, samples } of this.#sizes) {
      const stratum = strataOf(samples);
      const call = { samples, seed: SEED, inputs: { ...inputs, parameters, stratum, inverseSamples: [1 / samples] } };
      for (const [name, [mean]] of Object.entries(await program.run(call))) {
        totals[name] = (totals[name] ?? 0) + mean! * samples;
      }
      count += samples;
    }
    return Object.fromEntries(Object.entries(totals).map(([name, total]) => [name, total / count]));
  }

  dispose(): void {
    for (const { program } of this.#sizes) program.dispose();
  }
}

const SEED = 0;
