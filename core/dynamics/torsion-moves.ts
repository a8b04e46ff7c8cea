/**
 * Metropolis moves that turn torsions, between the steps of Langevin dynamics (method §7). They sample across barriers
 * that dynamics does not cross; what results is no dynamics and has no time.
 *
 * A trial turns by uniform angles: all torsions where there are few, else one that is drawn. A turn keeps volumes, turning
 * back is as likely, and turns about different bonds commute (the smaller side turns), so that accepting with
 * min(1, exp(−ΔE)) leaves exp(−E) as it is; E is the model's −log q at the evaluation time. Velocities at a whole step are
 * independent of positions and stay; those of the integrators lag by half a kick, which `movedVelocities` exchanges.
 */
import { streams } from '../diffusion/streams.ts';
import { centred, type ScoreModel } from '../models/score-model.ts';
import {
  add,
  constant,
  greater,
  log,
  matmul,
  mul,
  reshape,
  select,
  slice,
  sub,
  uniform,
} from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import { turned } from './turn.ts';

/** As systems/torsions.ts finds them. */
export interface Torsion {
  /** The bond is that of the second and the third bead. */
  readonly atoms: readonly [number, number, number, number];
  /** Beads that turn about it. */
  readonly moved: readonly number[];
}

/** So many torsions are turned at once; of more, one. */
const MOST_AT_ONCE = 2;
const WHOLE_TURN = 2 * Math.PI;

const fixed = { evaluationTime: { shape: [] }, inverseScale: { shape: [] } } as const;

/**
 * One trial a step. State: `x` in nm, its `energy` in kT, and how many trials were `accepted`; a replica with `alive` 0
 * does not move. Inputs beside: the model's own and those of `modelForceInputs`.
 */
export function torsionProgram(model: ScoreModel, torsions: readonly Torsion[]): Program {
  const { shape } = model;
  const perSample = { shape: [], perSample: true } as const;
  const specs = {
    ...model.inputs,
    ...fixed,
    x: { shape, perSample: true, state: true },
    energy: { ...perSample, state: true },
    accepted: { ...perSample, state: true },
    alive: perSample,
  };
  return trace('torsion moves', specs, (inputs) => {
    const { x, energy, accepted, alive, inverseScale, evaluationTime } = inputs;
    const trial = centred(trialOf(x, torsions));
    const after = model.field(inputs).energy!(mul(trial, inverseScale), evaluationTime);
    const chance = log(uniform([], streams.torsionAcceptance));
    const taken = mul(alive, greater(sub(energy, after), chance));
    return {
      state: {
        x: select(taken, trial, x),
        energy: select(taken, after, energy),
        accepted: add(accepted, taken),
      },
    };
  });
}

/** What the moves ask before and after: outputs `energy` in kT and `force` in kJ/(mol·nm), of `x` in nm. */
export const energyAndForceProgram = (model: ScoreModel): Program => {
  const x = { shape: model.shape, perSample: true } as const;
  return trace('energy and force', { ...model.inputs, ...fixed, forceScale: { shape: [] }, x }, (inputs) => {
    const { energy, score } = model.field(inputs);
    const scaled = mul(inputs.x, inputs.inverseScale);
    const { evaluationTime, forceScale } = inputs;
    return { end: { energy: energy!(scaled, evaluationTime), force: mul(score(scaled, evaluationTime), forceScale) } };
  });
};

/**
 * Velocities that belong to positions after moves, nm/ps: between two steps they lack half a kick of their force,
 * `v + push F(x)/2` is independent of x. `push`: what a unit of force adds in a step; `before`, `after`: the forces.
 */
export function movedVelocities(
  v: ArrayLike<number>,
  push: ArrayLike<number>,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  alive: ArrayLike<number>,
): Float32Array {
  return Float32Array.from(v, (value, i) => {
    if (!alive[Math.floor(i / push.length)]) return value;
    return value + 0.5 * push[i % push.length]! * (before[i]! - after[i]!);
  });
}

function trialOf(x: Tensor, torsions: readonly Torsion[]): Tensor {
  const beads = x.shape[0]!;
  if (torsions.length > MOST_AT_ONCE) return oneTurned(x, torsions);
  const angles = mul(uniform([torsions.length], streams.torsionAngle), WHOLE_TURN);
  return torsions.reduce((now, { atoms: [, j, k], moved }, index) => {
    const angle = reshape(slice(angles, 0, index, index + 1), []);
    const [from, to] = [slice(now, 0, j, j + 1), slice(now, 0, k, k + 1)];
    return turned(now, { from, to, moved: constant(members(moved, beads), [beads, 1]), angle });
  }, x);
}

function oneTurned(x: Tensor, torsions: readonly Torsion[]): Tensor {
  const count = torsions.length;
  const beads = x.shape[0]!;
  const at = mul(uniform([], streams.torsionChoice), count);
  const edges = Array.from({ length: count }, (_, i) => i);
  // Rounding must not leave a draw outside.
  const low = constant(edges.map((edge) => edge || -1));
  const high = constant(edges.map((edge) => (edge + 1 === count ? count + 1 : edge + 1)));
  const chosen = reshape(sub(greater(at, low), greater(at, high)), [1, count]);
  const table = (rows: readonly (readonly number[])[]) =>
    matmul(
      chosen,
      constant(
        rows.flatMap((row) => members(row, beads)),
        [count, beads],
      ),
    );
  const from = matmul(table(torsions.map(({ atoms }) => [atoms[1]])), x);
  const to = matmul(table(torsions.map(({ atoms }) => [atoms[2]])), x);
  const moved = reshape(table(torsions.map((torsion) => torsion.moved)), [beads, 1]);
  return turned(x, { from, to, moved, angle: mul(uniform([], streams.torsionAngle), WHOLE_TURN) });
}

function members(beads: readonly number[], count: number): number[] {
  const row = Array<number>(count).fill(0);
  for (const bead of beads) row[bead] = 1;
  return row;
}
