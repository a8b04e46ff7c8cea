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
import { ErgodicError } from '../errors.ts';
import { expertAt } from '../models/time-experts.ts';
import { sizeOf } from '../program/tensor.ts';
import { pacedCalls } from './paced-calls.ts';
import type { Task } from './task.ts';
import type { TrainedExpert } from './trained-model.ts';

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
  /** [frames, replicas, coordinates], nm; NaN once a replica has stopped. */
  readonly frames: Float32Array;
  readonly frameCount: number;
  /** Replicas that left the finite world. */
  readonly stopped: number;
}

/** `starts`: one position for each replica, nm. */
export async function simulateReplicas(
  experts: readonly TrainedExpert[],
  starts: ArrayLike<number>,
  options: SimulateOptions,
  engine: Engine,
  task: Task,
): Promise<Simulation> {
  const { replicas, steps, equilibration, stride, integrator, seed } = options;
  const { model, parameters } =
    experts[
      expertAt(
        experts.map(({ expert }) => expert),
        options.evaluationTime,
      )
    ]!;
  const dimension = sizeOf(model.shape);
  const frameCount = Math.floor(steps / stride);
  const field = modelForce(model);
  const velocities = await engine.compile(velocityProgram(model.shape));
  const program = await engine.compile(langevinProgram(integrator, field));
  const constants = { parameters, ...langevinInputs(options), ...modelForceInputs(options) };
  const frames = allocate(frameCount * replicas * dimension);
  const common = { samples: replicas, seed };
  const advance = async (state: Results, from: number, count: number, every: number) =>
    program.run({ ...common, steps: count, stride: every, firstStep: from, inputs: { ...constants, ...state } });
  try {
    const { v } = await velocities.run({ ...common, inputs: velocityInputs(options) });
    let state: Results = { x: Float32Array.from(starts), v: v!, alive: new Float32Array(replicas).fill(1) };
    const keep = ({ x, v: velocity, alive: still }: Results) => {
      state = { x: x!, v: velocity!, alive: still! };
    };
    const total = equilibration + steps;
    const report = (done: number) => task.report({ done, total, unit: 'steps' });
    await pacedCalls({ total: equilibration }, task, async (from, count) => {
      keep(await advance(state, from, count, count));
      report(from + count);
    });
    await pacedCalls({ total: frameCount * stride, multiple: stride }, task, async (from, count) => {
      const results = await advance(state, equilibration + from, count, stride);
      keep(results);
      const first = from / stride;
      frames.set(results.frame!, first * replicas * dimension);
      Array.from(results.frameAlive!).forEach((running, i) => {
        const at = (first * replicas + i) * dimension;
        if (!running) frames.fill(Number.NaN, at, at + dimension);
      });
      report(equilibration + from + count);
    });
    const stopped = Array.from(state.alive!).filter((running) => !running).length;
    return { frames, frameCount, stopped };
  } finally {
    velocities.dispose();
    program.dispose();
  }
}

function allocate(numbers: number): Float32Array {
  try {
    return new Float32Array(numbers);
  } catch {
    throw new ErgodicError(
      `The frames of this simulation would take ${(numbers * 4e-9).toFixed(1)} GB: use a longer \`stride\` or fewer \`replicas\`.`,
    );
  }
}
