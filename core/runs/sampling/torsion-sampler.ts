/**
 * Torsion moves of the replicas of a simulation (method §7), between calls of the Langevin program: after every so many
 * steps, counted over the whole simulation, so that it does not matter where the work is cut. Also here: how a call is cut
 * for them. What a move is stands in dynamics/torsion-moves.ts.
 */
import { energyAndForceProgram, movedVelocities, torsionProgram } from '../../dynamics/torsion-moves.ts';
import type { Engine, Numbers, Results } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { EvaluatedModel } from '../../methods/method.ts';
import type { Topology } from '../../systems/topology.ts';
import { torsionsOf } from '../../systems/torsions.ts';
import type { TorsionMoves } from './simulation.ts';

interface MoveSettings {
  readonly torsionMoves: number;
  readonly torsionMovesEvery: number;
}

/** The moves that settings ask for, if they do; an error where there is nothing to turn. */
export function movesAskedFor(
  { torsionMoves, torsionMovesEvery }: MoveSettings,
  topology: Topology | undefined,
): TorsionMoves | undefined {
  if (torsionMoves === 0) return undefined;
  const torsions = topology ? torsionsOf({ beads: topology.atoms.length, bonds: topology.bonds }) : [];
  if (torsions.length === 0) {
    throw new ErgodicError(
      `\`simulate.torsionMoves\` is ${torsionMoves}, but no bond between the beads can turn: set it to 0, or choose more beads.`,
    );
  }
  return { trials: torsionMoves, every: torsionMovesEvery, torsions };
}

export interface TorsionSampler extends Disposable {
  /** Trials of all replicas after step `step`, a multiple of `every`. */
  move(state: Results, step: number): Promise<{ state: Results; tried: number; accepted: number }>;
}

interface Setting {
  readonly samples: number;
  readonly seed: number;
  /** Those of `modelForceInputs`, and `push` of `langevinInputs`. */
  readonly constants: Readonly<Record<string, ArrayLike<number>>> & { readonly push: Float64Array };
}

export async function torsionSampler(
  { model, inputs: fixed }: EvaluatedModel,
  { trials, every, torsions }: TorsionMoves,
  { samples, seed, constants }: Setting,
  engine: Engine,
): Promise<TorsionSampler> {
  const ask = await engine.compile(energyAndForceProgram(model));
  const moves = await engine.compile(torsionProgram(model, torsions));
  const common = { samples, seed };
  const asked = (x: Numbers) => ask.run({ ...common, inputs: { ...fixed, ...constants, x } });
  return {
    async move({ x, v, alive }, step) {
      const before = await asked(x!);
      const state = { x: x!, energy: before.energy!, accepted: new Float32Array(samples), alive: alive! };
      const firstStep = (step / every - 1) * trials;
      const moved = await moves.run({
        ...common,
        steps: trials,
        firstStep,
        inputs: { ...fixed, ...constants, ...state },
      });
      const after = await asked(moved.x!);
      const velocities = movedVelocities(v!, constants.push, before.force!, after.force!, alive!);
      return {
        state: { x: moved.x!, v: velocities, alive: alive! },
        tried: trials * total(alive!),
        accepted: total(moved.accepted!),
      };
    },
    [Symbol.dispose]() {
      ask.dispose();
      moves.dispose();
    },
  };
}

function total(values: Numbers): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Steps of one call of the Langevin program. */
export interface Piece {
  readonly steps: number;
  readonly stride: number;
  /** Its frames are wanted; without, it ends between two of them. */
  readonly hasFrames: boolean;
  /** Moves come after it. */
  readonly moves: boolean;
}

/** `count` steps after step `first`, with a frame after each `stride` of them and moves after each multiple of `every`. */
export function piecesOf(first: number, count: number, stride: number, every = Number.POSITIVE_INFINITY): Piece[] {
  const pieces: Piece[] = [];
  for (let done = 0; done < count; ) {
    const toMoves = every === Number.POSITIVE_INFINITY ? every : every - ((first + done) % every);
    const toFrame = stride - (done % stride);
    const room = Math.min(count - done, toMoves);
    const whole = toFrame === stride ? room - (room % stride) : 0;
    const steps = whole || Math.min(room, toFrame);
    pieces.push({
      steps,
      stride: whole ? stride : steps,
      hasFrames: (done + steps) % stride === 0,
      moves: steps === toMoves,
    });
    done += steps;
  }
  return pieces;
}
