/**
 * Independent samples by a method's plan (method §6), in batches that bound memory.
 * A sample's random numbers are named by its number, so how samples are batched changes none of them.
 * The caller stores the samples.
 */
import type { Engine, Results } from '../../engines/engine.ts';
import type { SamplingPlan } from '../../methods/method.ts';
import type { Continuation, TakeRows } from '../../storage/row-sink.ts';
import type { Task } from '../../task.ts';
import { pacedCalls } from '../paced-calls.ts';
import type { SamplingView } from '../spectator.ts';

export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  /** What positions were divided by for the model; 1 for toys. */
  readonly scale: number;
  /** Samples drawn together; the next batch begins when all steps of this one are done. */
  readonly batch?: number;
}

/** A checkpoint is of one batch, so the size follows from the count alone: small enough that some are seen early. */
const batchFor = (count: number): number => Math.min(8192, Math.max(512, Math.ceil(count / 16)));

/** Hands out samples in the units of the system. Returns how many it drew, without those from before an interruption. */
export async function drawSamples(
  plan: SamplingPlan,
  { count, seed, scale, batch = batchFor(count) }: SampleOptions,
  engine: Engine,
  task: Task,
  take: TakeRows,
  continuation?: Continuation,
  view?: SamplingView,
): Promise<number> {
  const steps = Math.max(0, ...plan.stages.map((stage) => stage.firstStep + stage.steps));
  // A checkpoint counts the steps of whole batches and those of the one that is being made.
  const before = continuation?.checkpoint;
  let index = Math.floor((before?.step ?? 0) / steps);
  let stepsDone = (before?.step ?? 0) % steps;
  let state: Results | undefined = stepsDone > 0 ? before?.state : undefined;
  const sizeOf = (index: number) => Math.max(0, Math.min(batch, count - index * batch));
  const drawn = () => Math.min(count, index * batch) + Math.floor((sizeOf(index) * stepsDone) / steps);
  const report = () => task.report({ done: drawn(), total: count, unit: 'samples' });
  const drawnBefore = drawn();
  report();
  const start = await engine.compile(plan.start);
  const distinct = [...new Set(plan.stages.map(({ program }) => program))];
  const compiled = await Promise.all(distinct.map((program) => engine.compile(program)));
  const executables = new Map(distinct.map((program, i) => [program, compiled[i]!]));
  try {
    for (; index * batch < count; index++) {
      const common = { samples: sizeOf(index), seed, firstSample: index * batch };
      if (!state) {
        const { x } = await start.run({ ...common, inputs: plan.startInputs?.(index * batch, common.samples) ?? {} });
        state = { x: x!, ...Object.fromEntries(plan.zeros.map((name) => [name, new Float32Array(x!.length)])) };
      }
      for (const stage of plan.stages) {
        const from = Math.max(0, Math.min(stage.steps, stepsDone - stage.firstStep));
        await pacedCalls({ from, total: stage.steps }, task, async (first, some) => {
          const coefficients = Object.entries(stage.perStep).map(([name, values]) => [
            name,
            values.subarray(first, first + some),
          ]);
          const inputs = { ...stage.inputs, ...state, ...Object.fromEntries(coefficients) };
          const firstStep = stage.firstStep + first;
          state = await executables.get(stage.program)!.run({ ...common, steps: some, firstStep, inputs });
          stepsDone = firstStep + some;
          report();
          if (stepsDone < steps) await continuation?.keep({ step: index * steps + stepsDone, state });
        });
      }
      const rows = Float32Array.from(state.x!, (value) => value * scale);
      await take(rows);
      await continuation?.keep({ step: (index + 1) * steps, state: {} });
      await view?.see(rows, Math.min(count, (index + 1) * batch));
      state = undefined;
      stepsDone = 0;
    }
    return count - drawnBefore;
  } finally {
    for (const executable of [start, ...compiled]) executable.dispose();
  }
}

/** Samples in memory, one after the other. */
export async function samplesOf(
  plan: SamplingPlan,
  options: SampleOptions,
  engine: Engine,
  task: Task,
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  await drawSamples(plan, options, engine, task, async (rows) => void parts.push(rows));
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  return all;
}
