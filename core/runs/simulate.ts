/**
 * Langevin dynamics of many replicas with a trained model's force (method §7). Only the expert at t ≈ 0 is loaded.
 * Frames come out as they are made; what becomes of them is the caller's business.
 */
import { modelForce, modelForceInputs } from '../dynamics/force-field.ts';
import {
  type Integrator,
  langevinInputs,
  langevinProgram,
  velocityInputs,
  velocityProgram,
} from '../dynamics/langevin.ts';
import type { Engine, Results } from '../engines/engine.ts';
import { expertAt } from '../models/time-experts.ts';
import { CALL_SECONDS, pacedCalls } from './paced-calls.ts';
import type { Continuation, TakeRows } from './result-file.ts';
import type { SimulationView } from './spectator.ts';
import type { Task } from './task.ts';
import { modelInputs, type TrainedExpert } from './trained-model.ts';

export interface SimulateOptions {
  readonly replicas: number;
  readonly steps: number;
  readonly equilibration: number;
  /** ps. */
  readonly timeStep: number;
  readonly stride: number;
  /** 1/ps. */
  readonly friction: number;
  readonly integrator: Integrator;
  readonly evaluationTime: number;
  readonly seed: number;
  /** kJ/mol. */
  readonly kT: number;
  /** amu, one for each coordinate. */
  readonly masses: ArrayLike<number>;
  /** The data's scale, nm. */
  readonly scale: number;
}

export interface Simulation {
  /** Replicas that left the finite world. */
  readonly stopped: number;
  /** Made now, without those of before an interruption. */
  readonly steps: number;
  /** Wall time of these steps alone. */
  readonly seconds: number;
}

export const frameCount = ({ steps, stride }: Pick<SimulateOptions, 'steps' | 'stride'>): number =>
  Math.floor(steps / stride);

/**
 * `starts`: one position for each replica, nm, asked for at the beginning only. Hands out frame after frame, replica
 * after replica, nm; NaN once a replica has stopped.
 */
export async function simulateReplicas(
  experts: readonly TrainedExpert[],
  starts: () => Promise<ArrayLike<number>>,
  options: SimulateOptions,
  engine: Engine,
  task: Task,
  take: TakeRows,
  continuation?: Continuation,
  view?: SimulationView,
): Promise<Simulation> {
  const { replicas, steps, equilibration, stride, integrator, seed } = options;
  const expert = forceExpert(experts, options);
  const { model } = expert;
  const velocities = await engine.compile(velocityProgram(model.shape));
  const program = await engine.compile(langevinProgram(integrator, modelForce(model)));
  const constants = { ...modelInputs(expert), ...langevinInputs(options), ...modelForceInputs(options) };
  const common = { samples: replicas, seed };
  const report = (done: number) => task.report({ done, total: equilibration + steps, unit: 'steps' });
  try {
    const before = continuation?.mark;
    const done = before?.step ?? 0;
    report(done);
    const begin = async (): Promise<Results> => {
      const { v } = await velocities.run({ ...common, inputs: velocityInputs(options) });
      return { x: Float32Array.from(await starts()), v: v!, alive: new Float32Array(replicas).fill(1) };
    };
    let state: Results = before ? before.state : await begin();
    const begun = performance.now();
    const mark = async (step: number) => continuation?.keep({ step, state });
    const advance = async (firstStep: number, count: number, every: number) => {
      const inputs = { ...constants, ...state };
      const results = await program.run({ ...common, steps: count, stride: every, firstStep, inputs });
      state = { x: results.x!, v: results.v!, alive: results.alive! };
      return results;
    };
    // Whoever looks sees where a call ends: calls are shorter then, and the frames that are stored the same.
    const callSeconds = () => view?.interval ?? CALL_SECONDS;
    const show = async (step: number) => {
      if (view?.interval === undefined) return;
      await view.see({ step, positions: state.x!, velocities: state.v!, isLast: step === equilibration + steps });
    };
    const settling = { from: Math.min(done, equilibration), total: equilibration, callSeconds };
    await pacedCalls(settling, task, async (from, count) => {
      await advance(from, count, count);
      await mark(from + count);
      report(from + count);
      await show(from + count);
    });
    const producing = { from: Math.max(0, done - equilibration), total: steps, stride, callSeconds };
    await pacedCalls(producing, task, async (from, count) => {
      const results = await advance(equilibration + from, count, Math.min(count, stride));
      // A call within a stride has a frame only if it is the one that completes it.
      if ((from + count) % stride === 0) {
        await take(framesOf(results));
        await mark(equilibration + from + count);
      }
      report(equilibration + from + count);
      await show(equilibration + from + count);
    });
    const stopped = Array.from(state.alive!).filter((running) => !running).length;
    return { stopped, steps: equilibration + steps - done, seconds: (performance.now() - begun) / 1000 };
  } finally {
    velocities.dispose();
    program.dispose();
  }
}

/** The one that is asked for forces. */
export const forceExpert = (
  experts: readonly TrainedExpert[],
  { evaluationTime }: Pick<SimulateOptions, 'evaluationTime'>,
): TrainedExpert => {
  const ranges = experts.map(({ expert }) => expert);
  return experts[expertAt(ranges, evaluationTime)]!;
};

function framesOf({ frame, frameAlive }: Results): Float32Array {
  const frames = Float32Array.from(frame!);
  const dimension = frames.length / frameAlive!.length;
  frameAlive!.forEach((running, row) => {
    if (!running) frames.fill(Number.NaN, row * dimension, (row + 1) * dimension);
  });
  return frames;
}
