import { describe, expect, it } from 'vitest';
import { expertModel } from '../diffusion/expert.ts';
import { evaluated, numbers, relativeError, run } from '../models/evaluated.test-support.ts';
import { initialValues } from '../models/parameters.ts';
import { square } from '../program/functions.ts';
import { mul } from '../program/primitives.ts';
import { type ForceField, modelForce, modelForceInputs } from './force-field.ts';
import { type Integrator, langevinInputs, langevinProgram, velocityInputs, velocityProgram } from './langevin.ts';

const kT = 2.5;
const K = 40;
const MASSES = [2, 0.5];

const harmonic: ForceField = {
  shape: [2],
  inputs: {},
  translationInvariant: false,
  force: (x) => mul(x, -K),
};

/** Stationary ⟨x²⟩ and ⟨v²⟩ of the linear recurrence that the integrator is for a harmonic force, by iterating it. */
function stationary(integrator: Integrator, mass: number, dt: number, friction: number) {
  const a = Math.exp(-friction * dt);
  const heat = (kT * (1 - a * a)) / mass;
  // [x, v] ← M [x, v] + n ξ
  const push = integrator === 'baoab' ? dt / mass : (1 - a) / friction / mass;
  const [m, n] =
    integrator === 'baoab'
      ? [
          [1 - 0.5 * dt * (1 + a) * push * K, 0.5 * dt * (1 + a), -a * push * K, a],
          [0.5 * dt, 1],
        ]
      : [
          [1 - dt * push * K, dt * a, -push * K, a],
          [dt, 1],
        ];
  const [p, q, r, s] = m as [number, number, number, number];
  const [nx, nv] = n as [number, number];
  let [xx, xv, vv] = [0, 0, 0];
  for (let i = 0; i < 20_000; i++) {
    [xx, xv, vv] = [
      p * p * xx + 2 * p * q * xv + q * q * vv + nx * nx * heat,
      p * r * xx + (p * s + q * r) * xv + q * s * vv + nx * nv * heat,
      r * r * xx + 2 * r * s * xv + s * s * vv + nv * nv * heat,
    ];
  }
  return { xx, vv };
}

async function simulate(
  integrator: Integrator,
  settings: { timeStep: number; friction: number },
  replicas: number,
  steps: number,
) {
  const all = { integrator, kT, masses: MASSES, ...settings };
  const { v } = await run(velocityProgram([2]), velocityInputs(all), { samples: replicas, seed: 1 });
  return run(
    langevinProgram(integrator, harmonic),
    { ...langevinInputs(all), x: new Float64Array(2 * replicas), v: v!, alive: new Float64Array(replicas).fill(1) },
    { samples: replicas, steps, stride: steps / 2, seed: 1 },
  );
}

describe('Langevin dynamics in a harmonic well', () => {
  const replicas = 2000;
  const settings = { timeStep: 0.1, friction: 5 };
  for (const integrator of ['langevin', 'baoab'] as const) {
    it(`has the temperature that the time step leaves it: ${integrator}`, async () => {
      const out = await simulate(integrator, settings, replicas, 40);
      MASSES.forEach((mass, axis) => {
        const { xx, vv } = stationary(integrator, mass, settings.timeStep, settings.friction);
        const meanSquare = (values: Float64Array) =>
          values.reduce((total, value, i) => total + (i % 2 === axis ? value * value : 0), 0) / replicas;
        const tolerance = 4 * Math.sqrt(2 / replicas);
        expect(Math.abs(meanSquare(out.x!) / xx - 1)).toBeLessThan(tolerance);
        expect(Math.abs(meanSquare(out.v!) / vv - 1)).toBeLessThan(tolerance);
      });
    });
  }

  it('of the middle scheme has exactly kT/k and kT/m at any stable step; the other has an error of order dt', () => {
    for (const mass of MASSES) {
      const middle = stationary('baoab', mass, 0.1, 5);
      expect(middle.xx / (kT / K)).toBeCloseTo(1, 10);
      expect(middle.vv / (kT / mass)).toBeCloseTo(1, 10);
      const [coarse, fine] = [0.02, 0.01].map((dt) => stationary('langevin', mass, dt, 5).xx / (kT / K) - 1);
      expect(Math.abs(coarse!)).toBeGreaterThan(1e-4);
      expect(coarse! / fine!).toBeGreaterThan(1.7);
    }
  });

  it('hands out a frame after every stride', async () => {
    const out = await simulate('baoab', settings, 3, 4);
    expect(out.frame!.length).toBe(2 * 3 * 2);
    expect(out.frame!.slice(6)).toEqual(out.x);
    expect([...out.frameAlive!]).toEqual(Array(6).fill(1));
  });

  it('without friction keeps the energy', async () => {
    const inputs = { ...langevinInputs({ integrator: 'baoab', timeStep: 0.005, friction: 0, kT, masses: MASSES }) };
    const state = { x: [0.3, -0.2], v: [0, 0], alive: [1] };
    const { x, v } = await run(langevinProgram('baoab', harmonic), { ...inputs, ...state }, { steps: 1000 });
    const energy = 0.5 * K * (x![0]! ** 2 + x![1]! ** 2) + 0.5 * (MASSES[0]! * v![0]! ** 2 + MASSES[1]! * v![1]! ** 2);
    expect(energy / (0.5 * K * 0.13)).toBeCloseTo(1, 1);
  });
});

describe('initial velocities', () => {
  it('are Maxwell–Boltzmann', async () => {
    const { v } = await run(velocityProgram([2]), velocityInputs({ kT, masses: MASSES }), { samples: 4000 });
    MASSES.forEach((mass, axis) => {
      const mean = v!.reduce((total, value, i) => total + (i % 2 === axis ? value * value : 0), 0) / 4000;
      expect(Math.abs((mean * mass) / kT - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000));
    });
  });
});

describe('a replica that diverges', () => {
  it('stays at its last finite state, is reported, and the others go on', async () => {
    // Pushed outward ever harder: from far enough out the position overflows within a few steps.
    const runaway: ForceField = { ...harmonic, force: (x) => mul(mul(square(x), x), 1e4) };
    const inputs = langevinInputs({ integrator: 'baoab', timeStep: 0.01, friction: 1, kT, masses: [1, 1] });
    const state = { x: [1, 1, 0, 0, Number.NaN, 0], v: [0, 0, 0, 0, 0, 0], alive: [1, 1, 1] };
    const out = await run(
      langevinProgram('baoab', runaway),
      { ...inputs, ...state, kick: [0, 0] },
      { samples: 3, steps: 20, stride: 1 },
    );
    expect([...out.alive!]).toEqual([0, 1, 0]);
    const last = out.x!.slice(0, 2);
    expect(last.every((value) => Number.isFinite(value) && Math.abs(value) <= 1e3)).toBe(true);
    const frames = Array.from({ length: 20 }, (_, f) => [...out.frame!.slice(6 * f, 6 * f + 2)]);
    const died = Array.from({ length: 20 }, (_, f) => out.frameAlive![3 * f]!).indexOf(0);
    expect(died).toBeGreaterThan(0);
    for (const frame of frames.slice(died - 1)) expect(frame).toEqual([...last]);
    expect([...out.x!.slice(2, 4)]).toEqual([0, 0]);
  });
});

describe('the force of a model', () => {
  const model = expertModel({
    range: [0, 0.1],
    network: { kind: 'graph-transformer', beads: 3, hidden: 8, layers: 1, heads: 2, headWidth: 4 },
    conservative: true,
    alpha: 0,
    residual: 'exact',
    midpoint: 0.03,
  });
  const parameters = initialValues(model.layout, 1);
  const settings = { kT, scale: 0.17, evaluationTime: 2e-3 };

  it('is −∂(kT E(x/c, t_eval))/∂x', async () => {
    const x = numbers(9, 3).map((value) => 0.2 * value);
    const h = 1e-6;
    const points = [x, ...Array.from(x, (_, k) => [x.with(k, x[k]! + h), x.with(k, x[k]! - h)]).flat()];
    const field = modelForce(model);
    const constants = modelForceInputs(settings);
    const { force, energy } = await evaluated(
      {
        parameters: { shape: [model.layout.size], values: parameters },
        x: { shape: [3, 3], values: points.flatMap((p) => [...p]), perSample: true },
        evaluationTime: { shape: [], values: constants.evaluationTime },
        inverseScale: { shape: [], values: constants.inverseScale },
        forceScale: { shape: [], values: constants.forceScale },
      },
      (inputs) => ({
        force: field.force(inputs.x, inputs),
        energy: mul(model.field(inputs).energy!(mul(inputs.x, 1 / 0.17), inputs.evaluationTime), kT),
      }),
      { samples: points.length },
    );
    const differences = Array.from(x, (_, k) => -(energy![1 + 2 * k]! - energy![2 + 2 * k]!) / (2 * h));
    expect(relativeError(force!.slice(0, 9), differences)).toBeLessThan(1e-6);
  });

  it('moves a molecule whose centre stays at the origin', async () => {
    const masses = Array(9).fill(12);
    const inputs = {
      ...langevinInputs({ integrator: 'baoab', timeStep: 0.002, friction: 1, kT, masses }),
      ...modelForceInputs(settings),
      ...{ parameters, x: numbers(9, 3).map((value) => 0.2 * value), v: new Float64Array(9), alive: [1] },
    };
    const { x, alive } = await run(langevinProgram('baoab', modelForce(model)), inputs, { steps: 10 });
    for (const axis of [0, 1, 2]) expect(x![axis]! + x![3 + axis]! + x![6 + axis]!).toBeCloseTo(0, 12);
    expect(alive![0]).toBe(1);
  });
});
