/**
 * Langevin dynamics of many replicas with a trained model's force (method §7).
 * Frames are handed out as they are made; the caller stores them.
 */
import { modelForce, modelForceInputs } from '../../dynamics/force-field.ts';
import { langevinInputs, langevinProgram, velocityInputs, velocityProgram } from '../../dynamics/langevin.ts';
import type { Engine, Numbers, Results } from '../../engines/engine.ts';
import type { EvaluatedModel } from '../../methods/method.ts';
import type { Continuation, TakeRows } from '../../storage/row-sink.ts';
import type { Task } from '../../task.ts';
import { pacedCalls, TARGET_CALL_SECONDS } from '../paced-calls.ts';
import type { SimulationView } from '../spectator.ts';
import type { SimulateOptions, Simulation } from './simulation.ts';
import { piecesOf, torsionSampler } from './torsion-sampler.ts';

/** Of a call while it is watched: the view lags by this much, and many short calls would cost speed. */
const TARGET_WATCHED_CALL_SECONDS = 0.25;

/**
 * `starts`: one position for each replica, nm, asked for at the beginning only. Hands out frame after frame, replica
 * after replica, nm; NaN once a replica has stopped.
 */
export async function simulateReplicas(
  force: EvaluatedModel,
  starts: () => Promise<ArrayLike<number>>,
  options: SimulateOptions,
  engine: Engine,
  task: Task,
  take: TakeRows,
  continuation?: Continuation,
  view?: SimulationView,
): Promise<Simulation> {
  const { model, inputs: fixed } = force;
  const { replicas, steps, equilibration, stride, integrator, seed, moves } = options;
  const velocities = await engine.compile(velocityProgram(model.shape));
  const program = await engine.compile(langevinProgram(integrator, modelForce(model)));
  const constants = { ...fixed, ...langevinInputs(options), ...modelForceInputs(options) };
  const common = { samples: replicas, seed };
  const sampler = moves && (await torsionSampler(force, moves, { ...common, constants }, engine));
  const report = (done: number) => task.report({ done, total: equilibration + steps, unit: 'steps' });
  try {
    const before = continuation?.checkpoint;
    const done = before?.step ?? 0;
    report(done);
    const begin = async (): Promise<Results> => {
      const { v } = await velocities.run({ ...common, inputs: velocityInputs(options) });
      return { x: Float32Array.from(await starts()), v: v!, alive: new Float32Array(replicas).fill(1) };
    };
    let state: Results = before ? before.state : await begin();
    let [tried, accepted] = before?.state.torsionMoves ?? [0, 0];
    const begun = performance.now();
    let secondsPerStep = 0;
    const counts = () => (moves ? { torsionMoves: Float64Array.of(tried!, accepted!) } : {});
    const keep = async (step: number) => continuation?.keep({ step, state: { ...state, ...counts() } });
    /** `unit`: steps between two frames that are wanted, unless a view wants more of them. */
    const advance = async (firstStep: number, count: number, unit: number): Promise<Chunk> => {
      const every = view?.interval === undefined ? unit : largestDivisor(unit, view.interval / secondsPerStep);
      const start = performance.now();
      const frames: Results[] = [];
      let step = firstStep;
      for (const piece of piecesOf(firstStep, count, every, moves?.every)) {
        const inputs = { ...constants, ...state };
        const results = await program.run({
          ...common,
          steps: piece.steps,
          stride: piece.stride,
          firstStep: step,
          inputs,
        });
        step += piece.steps;
        state = { x: results.x!, v: results.v!, alive: results.alive! };
        if (piece.hasFrames) frames.push(results);
        if (!piece.moves || !sampler) continue;
        const moved = await sampler.move(state, step);
        state = moved.state;
        tried! += moved.tried;
        accepted! += moved.accepted;
      }
      const seconds = (performance.now() - start) / 1000;
      secondsPerStep = seconds / count;
      return { firstStep, every, seconds, frames: joined(frames, 'frame'), alive: joined(frames, 'frameAlive') };
    };
    // Frames that are not stored are for the view; where calls are cut and what they record changes no number.
    const callSeconds = () => (view?.interval === undefined ? TARGET_CALL_SECONDS : TARGET_WATCHED_CALL_SECONDS);
    const show = async ({ firstStep, every, seconds, frames }: Chunk, end: number) => {
      if (view?.interval === undefined) return;
      const isLast = end === equilibration + steps;
      await view.see({ firstStep, every, seconds, frames, velocities: state.v!, alive: state.alive!, isLast });
    };
    const settling = { from: Math.min(done, equilibration), total: equilibration, callSeconds };
    await pacedCalls(settling, task, async (from, count) => {
      const chunk = await advance(from, count, count);
      await keep(from + count);
      report(from + count);
      await show(chunk, from + count);
    });
    const producing = { from: Math.max(0, done - equilibration), total: steps, stride, callSeconds };
    await pacedCalls(producing, task, async (from, count) => {
      const end = equilibration + from + count;
      const chunk = await advance(equilibration + from, count, Math.min(count, stride));
      // A call within a stride has a frame only if it is the one that completes it.
      if ((from + count) % stride === 0) {
        await take(storedFrames(chunk, replicas, from, stride));
        await keep(end);
      }
      report(end);
      await show(chunk, end);
    });
    const stopped = Array.from(state.alive!).filter((running) => !running).length;
    return {
      stopped,
      steps: equilibration + steps - done,
      seconds: (performance.now() - begun) / 1000,
      ...(tried! > 0 ? { torsionAcceptance: accepted! / tried! } : {}),
    };
  } finally {
    sampler?.[Symbol.dispose]();
    velocities.dispose();
    program.dispose();
  }
}

/** What the calls handed out under a name, one after the other. */
function joined(results: readonly Results[], name: 'frame' | 'frameAlive'): Numbers {
  if (results.length === 1) return results[0]![name]!;
  const all = new Float32Array(results.reduce((length, each) => length + each[name]!.length, 0));
  let filled = 0;
  for (const each of results) {
    all.set(each[name]!, filled);
    filled += each[name]!.length;
  }
  return all;
}

/** The frames of one call. */
interface Chunk {
  /** Steps before it. */
  readonly firstStep: number;
  /** Steps from one frame to the next. */
  readonly every: number;
  /** Wall time. */
  readonly seconds: number;
  /** Frame after frame, replica after replica. */
  readonly frames: Numbers;
  readonly alive: Numbers;
}

/** Those that complete a stride; `from`: steps before the call, without equilibration. */
function storedFrames({ every, frames, alive }: Chunk, replicas: number, from: number, stride: number): Float32Array {
  const dimension = frames.length / alive.length;
  const width = replicas * dimension;
  const count = alive.length / replicas;
  const completing = Array.from({ length: count }, (_, i) => i).filter((i) => (from + (i + 1) * every) % stride === 0);
  const stored = new Float32Array(completing.length * width);
  for (const [row, frame] of completing.entries()) {
    stored.set(frames.subarray(frame * width, (frame + 1) * width), row * width);
    for (let replica = 0; replica < replicas; replica++) {
      if (alive[frame * replicas + replica]) continue;
      stored.fill(Number.NaN, row * width + replica * dimension, row * width + (replica + 1) * dimension);
    }
  }
  return stored;
}

/** The largest divisor of `whole` that is not above `most`; 1 at least. */
function largestDivisor(whole: number, most: number): number {
  for (let divisor = Math.min(whole, Math.floor(most)); divisor > 1; divisor--)
    if (whole % divisor === 0) return divisor;
  return 1;
}
