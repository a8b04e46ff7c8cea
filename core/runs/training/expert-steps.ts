/**
 * Training steps of one expert on an engine (method §5): compiled for every size of molecule there is, run in stretches
 * of one size. What state they start from, and what becomes of the next one, is the caller's business.
 */
import { scheduleInputs } from '../../diffusion/schedule.ts';
import { trainingStep } from '../../diffusion/training-step.ts';
import type { Engine, Executable, Numbers } from '../../engines/engine.ts';
import type { Expert } from '../../diffusion/expert.ts';
import type { ExpertSpecification } from '../../specification/settings.ts';
import type { Batches } from '../data/batches.ts';
import type { ExpertProgress } from './checkpoint.ts';
import { forShape } from './trained-model.ts';

type StepOutput = 'accepted' | 'denoising' | 'fokkerPlanck';
/** The state after the last step, and what each step handed out. */
export type StepOutputs = ExpertProgress['vectors'] & Record<StepOutput, Numbers>;

export interface StepSettings {
  readonly specification: ExpertSpecification;
  readonly batches: Batches;
  readonly seed: number;
}

/** The first step with the regulariser; those before it are plain ones, and quicker. */
export const firstRegularised = ({ alpha, alphaFrom, steps }: ExpertSpecification): number =>
  alpha > 0 ? Math.round(alphaFrom * steps) : 0;

export class ExpertSteps {
  readonly #expert: Expert;
  readonly #settings: StepSettings;
  readonly #engine: Engine;
  /** By strength of the regulariser, one for each size; compiled when they are first needed. */
  readonly #executables = new Map<number, readonly Executable[]>();

  constructor(expert: Expert, settings: StepSettings, engine: Engine) {
    this.#expert = expert;
    this.#settings = settings;
    this.#engine = engine;
  }

  /** Bytes that the engine holds for them by now, where it knows. */
  get bytes(): number {
    return [...this.#executables.values()].flat().reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  }

  async run(before: ExpertProgress['vectors'], from: number, count: number): Promise<StepOutputs> {
    const { specification, batches, seed } = this.#settings;
    const { batch, learningRate, steps, alpha } = specification;
    const rate = { first: learningRate[0], last: learningRate[1] };
    const joins = firstRegularised(specification);
    let vectors = before;
    const stretches: StepOutputs[] = [];
    for (let done = 0; done < count; ) {
      const step = from + done;
      const isPlain = step < joins;
      const stretch = batches.stretch(step, Math.min(count - done, isPlain ? joins - step : count));
      const executables = await this.#compiled(isPlain ? 0 : alpha);
      const results = await executables[stretch.size]!.run({
        samples: batch,
        steps: stretch.count,
        seed,
        firstStep: step,
        inputs: {
          ...vectors,
          ...scheduleInputs(step, stretch.count, steps, rate),
          ...batches.inputs(step, stretch),
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
    for (const executable of [...this.#executables.values()].flat()) executable.dispose();
  }

  async #compiled(alpha: number): Promise<readonly Executable[]> {
    const there = this.#executables.get(alpha);
    if (there) return there;
    const { specification, batches } = this.#settings;
    const { weightDecay, clip, clipLength, ema } = specification;
    const optimiser = { weightDecay, clip, clipLength, averageDecay: ema };
    const executables = await Promise.all(
      batches.shapes.map((shape) =>
        this.#engine.compile(trainingStep(forShape({ ...this.#expert, alpha }, shape), optimiser)),
      ),
    );
    this.#executables.set(alpha, executables);
    return executables;
  }
}
