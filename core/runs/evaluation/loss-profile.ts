/** The denoising loss of a trained model by noise level (diffusion/loss-profile.ts), on data of its own system. */
import { lossProfile, profileGrid } from '../../diffusion/loss-profile.ts';
import type { Engine, Executable } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { EvaluatedModel } from '../../methods/method.ts';
import { methodOf } from '../../methods/methods.ts';
import type { ScoreModel } from '../../models/score-model.ts';
import type { Task } from '../../task.ts';
import { type DataSet, spaced } from '../data/data-set.ts';
import type { Scored } from './evaluate-run.ts';

export interface LossProfile {
  /** log(m/σ), rising. */
  readonly lambda: number[];
  readonly t: number[];
  /** ⟨‖ε + σ s‖²⟩. */
  readonly loss: number[];
}

export interface ProfileOptions {
  readonly points: number;
  /** Data points, at most. */
  readonly samples: number;
}

export async function measureProfile(
  { specification, system, networks }: Scored,
  data: DataSet,
  { points, samples: most }: ProfileOptions,
  engine: Engine,
  task: Task,
): Promise<LossProfile> {
  const { force, title } = methodOf(specification);
  if (!force)
    throw new ErgodicError(`The method ${title} has no score, and without one there is no loss by noise level.`);
  const { lambda, t } = profileGrid(points);
  const samples = Math.min(most, data.count);
  const x0 = spaced(data, samples).map((value) => value / system.scale);
  const programs = new Map<ScoreModel, Executable>();
  const loss: number[] = [];
  const compiled = async ({ model }: EvaluatedModel) => {
    if (!programs.has(model)) programs.set(model, await engine.compile(lossProfile(model)));
    return programs.get(model)!;
  };
  try {
    for (const [step, time] of t.entries()) {
      task.signal.throwIfAborted();
      const own = force(networks, time);
      const program = await compiled(own);
      // One seed for all models: the same noise, so that what differs is the model.
      const call = { samples, seed: 0, firstStep: step };
      const inputs = { ...own.inputs, x0, t: [time], inverseSamples: [1 / samples] };
      loss.push((await program.run({ ...call, inputs })).loss![0]!);
      task.report({ done: step + 1, total: points, unit: 'noise levels' });
    }
  } finally {
    for (const program of programs.values()) program.dispose();
  }
  return { lambda, t, loss };
}
