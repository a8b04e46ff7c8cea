/**
 * Reverse diffusion from noise to data (method §6), one program per solver and expert. What changes from step to
 * step are only coefficients, computed in float64 by `sampling-plan.ts` and given as per-step inputs.
 *
 * State: `x`, and for the multistep solvers also `previous`, the last data prediction. After each step a molecule's
 * centre is put back to the origin, and the noise of the step with it: the score does not depend on it, and without its
 * pull it would drift by 1/m(1) = 150 data scales.
 */
import { centred, isMolecular, type ScoreModel } from '../models/score-model.ts';
import { add, mul, normal, sub } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import { noised } from './process.ts';
import { streams } from './streams.ts';

export const solvers = ['sde-dpm', 'em', 'heun', 'dpm'] as const;
/**
 * `sde-dpm`: reverse SDE, SDE-DPM-Solver++ 2M, data prediction. `em`: reverse SDE, Euler–Maruyama. `heun`:
 * probability-flow ODE. `dpm`: the same, DPM-Solver++ 2M, data prediction.
 */
export type Solver = (typeof solvers)[number];

/** Evaluations of the network in one step. */
export const callsPerStep: Readonly<Record<Solver, number>> = { 'sde-dpm': 1, em: 1, heun: 2, dpm: 1 };

/** State beside x, zero at first. */
export const furtherState = (solver: Solver): readonly string[] =>
  solver === 'dpm' || solver === 'sde-dpm' ? ['previous'] : [];

/** The per-step inputs of each solver. */
export const coefficientNames = {
  'sde-dpm': ['t', 'keep', 'dataWeight', 'dataFromX', 'dataFromScore', 'history', 'noiseWeight'],
  em: ['t', 'keep', 'scoreWeight', 'noiseWeight'],
  heun: ['t', 'keep', 'scoreWeight', 'nextTime', 'nextScoreWeight'],
  dpm: ['t', 'keep', 'dataWeight', 'dataFromX', 'dataFromScore', 'history'],
} as const satisfies Record<Solver, readonly string[]>;

/** Where sampling starts, t = 1: independent standard normals. Output `x`. */
export const samplingStart = (shape: Shape): Program =>
  trace('sampling start', {}, () => ({ end: { x: normal(shape, streams.samplingStart) } }));

/** In place of pure noise: data `x0` with the noise of time `t`. */
export function noisedStart(shape: Shape): Program {
  const specs = { x0: { shape, perSample: true }, t: { shape: [] } } as const;
  return trace('noised data', specs, ({ x0, t }) => {
    const x = noised(x0, normal(shape, streams.samplingStart), t);
    return { end: { x: isMolecular(shape) ? centred(x) : x } };
  });
}

export function samplingProgram(model: ScoreModel, solver: Solver): Program {
  const { shape } = model;
  const state = { shape, perSample: true, state: true };
  const specs = {
    ...model.inputs,
    ...Object.fromEntries(coefficientNames[solver].map((name) => [name, { shape: [], perStep: true }])),
    x: state,
    ...Object.fromEntries(furtherState(solver).map((name) => [name, state])),
  };
  return trace(`sampling, ${solver}`, specs, (inputs) => {
    const { score } = model.field(inputs);
    const next = { 'sde-dpm': sdeDpm, em: eulerMaruyama, heun, dpm }[solver](score, inputs);
    return { state: isMolecular(shape) ? { ...next, x: centred(next.x) } : next };
  });
}

type Score = (x: Tensor, t: Tensor) => Tensor;
type Inputs = Readonly<Record<string, Tensor>>;
interface Next {
  readonly x: Tensor;
  readonly [name: string]: Tensor;
}

/** `x ← x + h (½β x + β s) + √(βh) z`. */
function eulerMaruyama(score: Score, { x, t, keep, scoreWeight, noiseWeight }: Inputs): Next {
  const drifted = add(mul(keep!, x!), mul(scoreWeight!, score(x!, t!)));
  return { x: add(drifted, mul(noiseWeight!, normal(x!.shape, streams.samplingNoise))) };
}

/**
 * Heun's method for the probability flow in x/m against ν = σ/m, where `d(x/m)/dν = −σ s` and the linear part is
 * exact: `x′ = (m′/m) x − m′ (ν′−ν) · ½ [σ s(x, t) + σ′ s(x̃, t′)]`, x̃ the Euler step.
 */
function heun(score: Score, { x, t, keep, scoreWeight, nextTime, nextScoreWeight }: Inputs): Next {
  const kept = mul(keep!, x!);
  const push = mul(scoreWeight!, score(x!, t!));
  const guess = add(kept, push);
  const nextPush = mul(nextScoreWeight!, score(guess, nextTime!));
  return { x: add(kept, mul(add(push, nextPush), 0.5)) };
}

/**
 * DPM-Solver++ 2M (Lu et al. 2022): `x′ = (σ′/σ) x + m′ (1 − e^{−h}) D` with h the step in λ = log(m/σ) and D the data
 * prediction `(x + σ² s)/m`, extrapolated by `history` times its last change.
 */
function dpm(score: Score, inputs: Inputs): Next {
  const { x, t, previous, keep, dataWeight, dataFromX, dataFromScore, history } = inputs;
  const data = add(mul(dataFromX!, x!), mul(dataFromScore!, score(x!, t!)));
  const extrapolated = add(data, mul(history!, sub(data, previous!)));
  return { x: add(mul(keep!, x!), mul(dataWeight!, extrapolated)), previous: data };
}

/**
 * SDE-DPM-Solver++ 2M (Lu et al. 2022): `x′ = (σ′/σ) e^{−h} x + m′ (1 − e^{−2h}) D + σ′ √(1 − e^{−2h}) z`. The noise lets go
 * of what earlier steps got wrong, which the flow would carry to the end: between basins, for instance.
 */
function sdeDpm(score: Score, inputs: Inputs): Next {
  const { x, previous } = dpm(score, inputs) as Next & { readonly previous: Tensor };
  return { x: add(x, mul(inputs.noiseWeight!, normal(x.shape, streams.samplingNoise))), previous };
}
