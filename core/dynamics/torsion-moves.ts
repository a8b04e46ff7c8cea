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
import type { RotatableTorsion } from '../models/conformation-statistics.ts';
import { centred, type ScoreModel } from '../models/score-model.ts';
import { rowOfBeads, turnedOne, turnedTogether } from '../models/turns.ts';
import { add, concat, greater, log, mul, reshape, select, slice, sub, uniform } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';

/** So many torsions are turned at once; of more, one. */
const MOST_AT_ONCE = 2;
const WHOLE_TURN = 2 * Math.PI;

const fixed = { evaluationTime: { shape: [] }, inverseScale: { shape: [] } } as const;

/**
 * One trial a step. State: `x` in nm, its `energy` in kT, and how many trials were `accepted`; a replica with `alive` 0
 * does not move. Inputs beside: the model's own and those of `modelForceInputs`.
 */
export function torsionProgram(model: ScoreModel, torsions: readonly RotatableTorsion[]): Program {
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

function trialOf(x: Tensor, torsions: readonly RotatableTorsion[]): Tensor {
  const position = rowOfBeads(x);
  const angle = (draw: Tensor) => reshape(mul(draw, WHOLE_TURN), [1, 1]);
  const draws = uniform([MOST_AT_ONCE], streams.torsionAngle);
  const trial =
    torsions.length > MOST_AT_ONCE
      ? turnedOne(position, torsions, uniform([1, 1], streams.torsionChoice), angle(slice(draws, 0, 0, 1)))
      : turnedTogether(position, torsions, (i) => angle(slice(draws, 0, i, i + 1)));
  return concat(
    trial.map((values) => reshape(values, [x.shape[0]!, 1])),
    1,
  );
}
