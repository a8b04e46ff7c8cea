/**
 * Independent samples of a trained model by reverse diffusion (method §6), in batches that bound memory.
 * A sample's random numbers are named by its number, so how samples are batched changes none of them.
 */

import { type Solver, samplingProgram, samplingStart } from '../diffusion/samplers.ts';
import { samplingPlan } from '../diffusion/sampling-plan.ts';
import type { Engine, Results } from '../engines/engine.ts';
import { ErgodicError } from '../errors.ts';
import { sizeOf } from '../program/tensor.ts';
import { pacedCalls } from './paced-calls.ts';
import type { Task } from './task.ts';
import type { TrainedExpert } from './trained-model.ts';

const BATCH = 8192;

export interface SampleOptions {
  readonly count: number;
  readonly solver: Solver;
  readonly steps: number;
  readonly seed: number;
}

/** Sample after sample, in the model's units. */
export async function drawSamples(
  experts: readonly TrainedExpert[],
  { count, solver, steps, seed }: SampleOptions,
  engine: Engine,
  task: Task,
): Promise<Float32Array> {
  if (steps < experts.length) {
    throw new ErgodicError(
      `Sampling across ${experts.length} experts needs at least ${experts.length} steps, not ${steps}.`,
    );
  }
  const { shape } = experts[0]!.model;
  const dimension = sizeOf(shape);
  const plan = samplingPlan(
    experts.map(({ expert }) => expert),
    solver,
    steps,
  );
  const start = await engine.compile(samplingStart(shape));
  const programs = await Promise.all(experts.map(({ model }) => engine.compile(samplingProgram(model, solver))));
  const samples = new Float32Array(count * dimension);
  try {
    for (let first = 0; first < count; first += BATCH) {
      const size = Math.min(BATCH, count - first);
      const common = { samples: size, seed, firstSample: first };
      const { x } = await start.run({ ...common, inputs: {} });
      let state: Results = { x: x!, ...(solver === 'dpm' ? { previous: new Float32Array(x!.length) } : {}) };
      for (const stage of plan) {
        const { parameters } = experts[stage.expert]!;
        await pacedCalls({ total: stage.steps }, task, async (from, some) => {
          const coefficients = Object.entries(stage.inputs).map(([name, values]) => [
            name,
            values.subarray(from, from + some),
          ]);
          const inputs = { parameters, ...state, ...Object.fromEntries(coefficients) };
          state = await programs[stage.expert]!.run({
            ...common,
            steps: some,
            firstStep: stage.firstStep + from,
            inputs,
          });
          const done = first * steps + size * (stage.firstStep + from + some);
          task.report({ done: Math.min(count, Math.floor(done / steps)), total: count, unit: 'samples' });
        });
      }
      samples.set(state.x!, first * dimension);
    }
  } finally {
    for (const program of [start, ...programs]) program.dispose();
  }
  return samples;
}
