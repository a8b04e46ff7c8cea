/**
 * Training steps of one expert on an engine (method §5): compiled for every size of molecule there is, run in stretches
 * of one size. What state they start from, and what becomes of the next one, is the caller's business.
 */
import { scheduleInputs } from '../diffusion/schedule.ts';
import { trainingStep } from '../diffusion/training-step.ts';
import type { Engine, Executable, Numbers } from '../engines/engine.ts';
import type { Expert } from '../models/expert.ts';
import type { Batches } from './batches.ts';
import type { ExpertProgress } from './checkpoint.ts';
import type { ExpertSpecification } from './parameters.ts';
import { forShape } from './trained-model.ts';

type StepOutput = 'accepted' | 'denoising' | 'fokkerPlanck';
/** The state after the last step, and what each step handed out. */
export type StepOutputs = ExpertProgress['vectors'] & Record<StepOutput, Numbers>;

export interface StepSettings {
  readonly specification: ExpertSpecification;
  readonly batches: Batches;
  readonly seed: number;
}

export class ExpertSteps {
  readonly #settings: StepSettings;
  /** One for each size. */
  readonly #executables: readonly Executable[];

  private constructor(settings: StepSettings, executables: readonly Executable[]) {
    this.#settings = settings;
    this.#executables = executables;
  }

  static async compile(expert: Expert, settings: StepSettings, engine: Engine): Promise<ExpertSteps> {
    const { weightDecay, clip, ema } = settings.specification;
    const optimiser = { weightDecay, clip, averageDecay: ema };
    const steps = settings.batches.shapes.map((shape) =>
      engine.compile(trainingStep(forShape(expert, shape), optimiser)),
    );
    return new ExpertSteps(settings, await Promise.all(steps));
  }

  /** Bytes that the engine holds for them by now, where it knows. */
  get bytes(): number {
    return this.#executables.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  }

  async run(before: ExpertProgress['vectors'], from: number, count: number): Promise<StepOutputs> {
    const { specification, batches, seed } = this.#settings;
    const { batch, learningRate, steps } = specification;
    const rate = { first: learningRate[0], last: learningRate[1] };
    let vectors = before;
    const stretches: StepOutputs[] = [];
    for (let done = 0; done < count; ) {
      const stretch = batches.stretch(from + done, count - done);
      const results = await this.#executables[stretch.size]!.run({
        samples: batch,
        steps: stretch.count,
        seed,
        firstStep: from + done,
        inputs: {
          ...vectors,
          ...scheduleInputs(from + done, stretch.count, steps, rate),
          ...batches.inputs(from + done, stretch),
          inverseSamples: [1 / batch],
        },
      });
      const { parameters, average, gradientMean, gradientSquare } = results as StepOutputs;
      vectors = { parameters, average, gradientMean, gradientSquare };
      stretches.push(results as StepOutputs);
      done += stretch.count;
    }
    const [only] = stretches;
    if (stretches.length === 1) return only!;
    const joined = (name: StepOutput) => Float64Array.from(stretches.flatMap((outputs) => [...outputs[name]]));
    return {
      ...vectors,
      accepted: joined('accepted'),
      denoising: joined('denoising'),
      fokkerPlanck: joined('fokkerPlanck'),
    };
  }

  dispose(): void {
    for (const executable of this.#executables) executable.dispose();
  }
}
