/**
 * Independent samples of a trained model by reverse diffusion (method §6), in batches that bound memory.
 * A sample's random numbers are named by its number, so how samples are batched changes none of them.
 * What becomes of the samples is the caller's business.
 */

import { type Solver, samplingProgram, samplingStart } from '../diffusion/samplers.ts';
import { samplingPlan } from '../diffusion/sampling-plan.ts';
import type { Engine, Results } from '../engines/engine.ts';
import { ErgodicError } from '../errors.ts';
import { pacedCalls } from './paced-calls.ts';
import type { Continuation, TakeRows } from './result-file.ts';
import type { Task } from './task.ts';
import { modelInputs, type TrainedExpert } from './trained-model.ts';

export interface SampleOptions {
  readonly count: number;
  readonly solver: Solver;
  readonly steps: number;
  readonly seed: number;
  /** What positions were divided by for the model; 1 for toys. */
  readonly scale: number;
  /** Samples at once. */
  readonly batch?: number;
}

/** Hands out sample after sample, in the units of the system. */
export async function drawSamples(
  experts: readonly TrainedExpert[],
  { count, solver, steps, seed, scale, batch = 8192 }: SampleOptions,
  engine: Engine,
  task: Task,
  take: TakeRows,
  continuation?: Continuation,
): Promise<void> {
  if (steps < experts.length) {
    throw new ErgodicError(
      `Sampling across ${experts.length} experts needs at least ${experts.length} steps, not ${steps}.`,
    );
  }
  const plan = samplingPlan(
    experts.map(({ expert }) => expert),
    solver,
    steps,
  );
  const report = (done: number) => task.report({ done, total: count, unit: 'samples' });
  const done = continuation?.mark?.step ?? 0;
  report(done);
  const start = await engine.compile(samplingStart(experts[0]!.model.shape));
  const programs = await Promise.all(experts.map(({ model }) => engine.compile(samplingProgram(model, solver))));
  try {
    for (let first = done; first < count; first += batch) {
      const size = Math.min(batch, count - first);
      const common = { samples: size, seed, firstSample: first };
      const { x } = await start.run({ ...common, inputs: {} });
      let state: Results = { x: x!, ...(solver === 'dpm' ? { previous: new Float32Array(x!.length) } : {}) };
      for (const stage of plan) {
        const fixed = modelInputs(experts[stage.expert]!);
        await pacedCalls({ total: stage.steps }, task, async (from, some) => {
          const coefficients = Object.entries(stage.inputs).map(([name, values]) => [
            name,
            values.subarray(from, from + some),
          ]);
          const inputs = { ...fixed, ...state, ...Object.fromEntries(coefficients) };
          const firstStep = stage.firstStep + from;
          state = await programs[stage.expert]!.run({ ...common, steps: some, firstStep, inputs });
          report(first + Math.floor((size * (firstStep + some)) / steps));
        });
      }
      await take(Float32Array.from(state.x!, (value) => value * scale));
      await continuation?.keep({ step: first + size, state: { samples: Float32Array.of(first + size) } });
    }
  } finally {
    for (const program of [start, ...programs]) program.dispose();
  }
}
