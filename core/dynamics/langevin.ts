/**
 * Langevin dynamics of many replicas as one program (method §7). nm, ps, amu, kJ/mol.
 *
 * `baoab` is OpenMM's LangevinMiddleIntegrator: `v += dt F/m`, half a drift, Ornstein–Uhlenbeck, half a drift; one
 * force per step, velocities are offset from the positions by half a kick. `langevin` is OpenMM's LangevinIntegrator.
 *
 * State: `x`, `v`, and `alive` per replica: one that diverges (non-finite coordinates) stays at its last finite
 * state with alive 0, and the others go on. Each stride hands out `frame` and `frameAlive`.
 */
import { streams } from '../diffusion/streams.ts';
import { centred } from '../models/score-model.ts';
import { allWithin } from '../program/functions.ts';
import { add, mul, normal, select } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import type { ForceField } from './force-field.ts';

export type Integrator = 'langevin' | 'baoab';

/** nm: a replica with a coordinate beyond this has diverged. */
const FARTHEST = 1e3;

export interface LangevinSettings {
  readonly integrator: Integrator;
  /** ps. */
  readonly timeStep: number;
  /** γ, 1/ps. */
  readonly friction: number;
  /** kJ/mol. */
  readonly kT: number;
  /** amu, one for each coordinate of the configuration. */
  readonly masses: ArrayLike<number>;
}

/** The program's inputs that come from the settings: numbers computed in float64. */
export function langevinInputs({ integrator, timeStep, friction, kT, masses }: LangevinSettings) {
  const lost = -Math.expm1(-friction * timeStep);
  const impulse = integrator === 'baoab' || friction === 0 ? timeStep : lost / friction;
  const heat = -Math.expm1(-2 * friction * timeStep);
  return {
    timeStep: [timeStep],
    decay: [1 - lost],
    push: Float64Array.from(masses, (mass) => impulse / mass),
    kick: Float64Array.from(masses, (mass) => Math.sqrt((kT * heat) / mass)),
  };
}

/** Inputs beside the state: `langevinInputs` and the force field's own. */
export function langevinProgram(integrator: Integrator, field: ForceField): Program {
  const { shape } = field;
  const specs = {
    ...field.inputs,
    timeStep: { shape: [] },
    decay: { shape: [] },
    push: { shape },
    kick: { shape },
    x: { shape, perSample: true, state: true },
    v: { shape, perSample: true, state: true },
    alive: { shape: [], perSample: true, state: true },
  };
  return trace(`dynamics, ${integrator}`, specs, (inputs) => {
    const { x, v, timeStep, decay, push, kick } = inputs;
    const pushed = mul(push, field.force(x, inputs));
    const kicked = mul(kick, normal(shape, streams.thermostat));
    const moved = { langevin, baoab }[integrator]({ x, v, pushed, kicked, decay, timeStep });
    const here = field.translationInvariant ? centred(moved.x) : moved.x;
    const alive = mul(inputs.alive, mul(allWithin(here, FARTHEST), allWithin(moved.v)));
    const next = { x: select(alive, here, x), v: select(alive, moved.v, v), alive };
    return { state: next, stride: { frame: next.x, frameAlive: alive } };
  });
}

interface Step {
  readonly x: Tensor;
  readonly v: Tensor;
  /** The force's change of velocity. */
  readonly pushed: Tensor;
  /** The bath's change of velocity. */
  readonly kicked: Tensor;
  readonly decay: Tensor;
  readonly timeStep: Tensor;
}

function langevin({ x, v, pushed, kicked, decay, timeStep }: Step) {
  const next = add(add(mul(decay, v), pushed), kicked);
  return { x: add(x, mul(timeStep, next)), v: next };
}

function baoab({ x, v, pushed, kicked, decay, timeStep }: Step) {
  const before = add(v, pushed);
  const after = add(mul(decay, before), kicked);
  return { x: add(x, mul(mul(timeStep, 0.5), add(before, after))), v: after };
}

/** Maxwell–Boltzmann velocities, output `v`; input `thermalSpeed` from `velocityInputs`. */
export const velocityProgram = (shape: Shape): Program =>
  trace('velocities', { thermalSpeed: { shape } }, ({ thermalSpeed }) => ({
    end: { v: mul(thermalSpeed, normal(shape, streams.velocities)) },
  }));

/** √(kT/m), nm/ps. */
export const velocityInputs = ({ kT, masses }: Pick<LangevinSettings, 'kT' | 'masses'>) => ({
  thermalSpeed: Float64Array.from(masses, (mass) => Math.sqrt(kT / mass)),
});
