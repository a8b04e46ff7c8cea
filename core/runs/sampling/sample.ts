/**
 * Independent samples by a method's plan (method §6), in batches that bound memory.
 * A sample's random numbers are named by its number, so how samples are batched changes none of them. A few that are
 * broken are drawn again; many are kept.
 * The caller stores the samples.
 */
import type { Engine, Executable, Results } from '../../engines/engine.ts';
import type { SamplingPlan, SamplingStage } from '../../methods/method.ts';
import type { Program } from '../../program/program.ts';
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
  /** Whether a sample, in units of the system, cannot be meant; it is then drawn again. */
  readonly isBroken?: ((sample: Float32Array) => boolean) | undefined;
}

/** How many were made, without those from before an interruption. */
export interface Drawn {
  readonly samples: number;
  /** Broken ones that were drawn again. */
  readonly redrawn: number;
  /** Broken ones that were kept, because there were too many. */
  readonly kept: number;
}

/** Of a batch: more broken ones tell of the model, and are kept to be seen. */
const MOST_REDRAWN = 0.01;
/** Draws of one sample. */
const MOST_TURNS = 20;

/** A checkpoint is of one batch, so the size follows from the count alone: small enough that some are seen early. */
const batchFor = (count: number): number => Math.min(8192, Math.max(512, Math.ceil(count / 16)));

/** A sampling plan, compiled. */
class Solution implements Disposable {
  readonly #plan: SamplingPlan;
  readonly #seed: number;
  readonly #executables: ReadonlyMap<Program, Executable>;

  private constructor(plan: SamplingPlan, seed: number, executables: ReadonlyMap<Program, Executable>) {
    this.#plan = plan;
    this.#seed = seed;
    this.#executables = executables;
  }

  static async of(plan: SamplingPlan, seed: number, engine: Engine): Promise<Solution> {
    const programs = [...new Set([plan.start, ...plan.stages.map(({ program }) => program)])];
    const compiled = await Promise.all(programs.map((program) => engine.compile(program)));
    return new Solution(plan, seed, new Map(programs.map((program, i) => [program, compiled[i]!])));
  }

  /** Samples that are numbered from `first` on, before their first step. */
  async begin(first: number, samples: number): Promise<Results> {
    const inputs = this.#plan.startInputs?.(first, samples) ?? {};
    const given = { samples, seed: this.#seed, firstSample: first, inputs };
    const { x } = await this.#executables.get(this.#plan.start)!.run(given);
    return { x: x!, ...Object.fromEntries(this.#plan.zeros.map((name) => [name, new Float32Array(x!.length)])) };
  }

  /** Some of a stage's steps, from step `from` of it on. */
  advance(state: Results, stage: SamplingStage, steps: Span, { first, samples }: Numbered): Promise<Results> {
    const { from, count } = steps;
    const coefficients = Object.entries(stage.perStep).map(([name, all]) => [name, all.subarray(from, from + count)]);
    return this.#executables.get(stage.program)!.run({
      samples,
      seed: this.#seed,
      firstSample: first,
      steps: count,
      firstStep: stage.firstStep + from,
      inputs: { ...stage.inputs, ...state, ...Object.fromEntries(coefficients) },
    });
  }

  /** One sample, all steps at once. */
  async whole(number: number): Promise<Results> {
    let state = await this.begin(number, 1);
    for (const stage of this.#plan.stages) {
      state = await this.advance(state, stage, { from: 0, count: stage.steps }, { first: number, samples: 1 });
    }
    return state;
  }

  [Symbol.dispose](): void {
    for (const executable of this.#executables.values()) executable.dispose();
  }
}

interface Span {
  readonly from: number;
  readonly count: number;
}

interface Numbered {
  /** Number of the first sample, which names its random numbers. */
  readonly first: number;
  readonly samples: number;
}

/** Hands out samples in the units of the system. */
export async function drawSamples(
  plan: SamplingPlan,
  { count, seed, scale, batch = batchFor(count), isBroken }: SampleOptions,
  engine: Engine,
  task: Task,
  take: TakeRows,
  continuation?: Continuation,
  view?: SamplingView,
): Promise<Drawn> {
  const steps = Math.max(1, ...plan.stages.map((stage) => stage.firstStep + stage.steps));
  // A checkpoint counts the steps of whole batches and those of the one that is being made.
  const before = continuation?.checkpoint;
  let index = Math.floor((before?.step ?? 0) / steps);
  let stepsDone = (before?.step ?? 0) % steps;
  let state: Results | undefined = stepsDone > 0 ? before?.state : undefined;
  const sizeOf = (index: number) => Math.max(0, Math.min(batch, count - index * batch));
  const drawn = () => Math.min(count, index * batch) + Math.floor((sizeOf(index) * stepsDone) / steps);
  const report = () => task.report({ done: drawn(), total: count, unit: 'samples' });
  const drawnBefore = drawn();
  let [redrawn, kept] = [0, 0];
  report();
  using solution = await Solution.of(plan, seed, engine);
  const inUnits = ({ x }: Results): Float32Array => {
    const rows = new Float32Array(x!.length);
    for (let i = 0; i < rows.length; i++) rows[i] = x![i]! * scale;
    return rows;
  };
  for (; index * batch < count; index++) {
    const own: Numbered = { first: index * batch, samples: sizeOf(index) };
    state ??= await solution.begin(own.first, own.samples);
    for (const stage of plan.stages) {
      const from = Math.max(0, Math.min(stage.steps, stepsDone - stage.firstStep));
      await pacedCalls({ from, total: stage.steps }, task, async (from, some) => {
        state = await solution.advance(state!, stage, { from, count: some }, own);
        stepsDone = stage.firstStep + from + some;
        report();
        if (stepsDone < steps) await continuation?.keep({ step: index * steps + stepsDone, state });
      });
    }
    const rows = inUnits(state);
    if (isBroken) {
      const broken = brokenIn(rows, own.samples, isBroken);
      if (broken.length > Math.max(1, MOST_REDRAWN * own.samples)) kept += broken.length;
      else {
        redrawn += broken.length;
        for (const { i, sample } of broken) {
          // Another number is another sample.
          for (let turn = 1; turn <= MOST_TURNS && isBroken(sample); turn++) {
            task.signal.throwIfAborted();
            sample.set(inUnits(await solution.whole(own.first + i + turn * count)));
          }
        }
      }
    }
    await take(rows);
    await continuation?.keep({ step: (index + 1) * steps, state: {} });
    await view?.see(rows, Math.min(count, (index + 1) * batch));
    state = undefined;
    stepsDone = 0;
    // A generator has no steps that would have said so.
    task.report({ done: Math.min(count, (index + 1) * batch), total: count, unit: 'samples' });
  }
  return { samples: count - drawnBefore, redrawn, kept };
}

/** Broken samples, each with its index in `rows`. */
function brokenIn(rows: Float32Array, samples: number, isBroken: (sample: Float32Array) => boolean) {
  const size = rows.length / samples;
  return Array.from({ length: samples }, (_, i) => ({ i, sample: rows.subarray(i * size, (i + 1) * size) })).filter(
    ({ sample }) => isBroken(sample),
  );
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
