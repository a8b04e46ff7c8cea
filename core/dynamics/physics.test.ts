/**
 * Langevin dynamics at length on the wasm engine: a harmonic well has ⟨x²⟩ = kT/k and ⟨v²⟩ = kT/m, and forgets its
 * past as a damped oscillator does. Float32, many replicas; the oracle's short runs are in `langevin.test.ts`.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { wasmEngine } from '../engines/wasm/wasm.ts';
import { mul } from '../program/primitives.ts';
import type { ForceField } from './force-field.ts';
import { langevinInputs, langevinProgram, velocityInputs, velocityProgram } from './langevin.ts';

const kT = 2.5;
const K = 40;
const MASSES = [2, 0.5];
const FRICTION = 4;
const TIME_STEP = 0.01;
const REPLICAS = 2000;

const harmonic: ForceField = {
  shape: [2],
  inputs: {},
  translationInvariant: false,
  force: (x) => mul(x, -K),
};

const engine = wasmEngine({ threads: 2 });
afterAll(() => engine.dispose());

async function frames(integrator: 'langevin' | 'baoab', steps: number, stride: number) {
  const settings = { integrator, timeStep: TIME_STEP, friction: FRICTION, kT, masses: MASSES };
  const velocities = await engine.compile(velocityProgram([2]));
  const { v } = await velocities.run({ samples: REPLICAS, seed: 3, inputs: velocityInputs(settings) });
  const program = await engine.compile(langevinProgram(integrator, harmonic));
  const inputs = {
    ...langevinInputs(settings),
    x: new Float32Array(2 * REPLICAS),
    v: v!,
    alive: new Float32Array(REPLICAS).fill(1),
  };
  // Long enough for the start at the bottom of the well to be forgotten.
  const settled = await program.run({ samples: REPLICAS, steps: 500, seed: 3, inputs });
  const state = { x: settled.x!, v: settled.v!, alive: settled.alive! };
  return program.run({ samples: REPLICAS, steps, stride, seed: 3, firstStep: 500, inputs: { ...inputs, ...state } });
}

/** Mean of f over all frames and replicas for one coordinate. */
function average(values: ArrayLike<number>, axis: number, f: (value: number, i: number) => number): number {
  let total = 0;
  for (let i = axis; i < values.length; i += 2) total += f(values[i]!, i);
  return total / (values.length / 2);
}

describe.each(['langevin', 'baoab'] as const)('a harmonic well, %s', (integrator) => {
  it('has ⟨x²⟩ = kT/k and ⟨v²⟩ = kT/m', async () => {
    const { frame, v } = await frames(integrator, 4000, 200);
    // Frames 2 time units apart are independent: 20 · 2000 squares of normals.
    const tolerance = 5 * Math.sqrt(2 / (frame!.length / 2));
    // The older integrator is right to first order of the time step only.
    const bias = integrator === 'langevin' ? 0.03 : 0.001;
    for (const [axis, mass] of MASSES.entries()) {
      const position = average(frame!, axis, (x) => x * x) / (kT / K);
      expect(Math.abs(position - 1)).toBeLessThan(tolerance + bias);
      const speed = average(v!, axis, (value) => value * value) / (kT / mass);
      expect(Math.abs(speed - 1)).toBeLessThan(5 * Math.sqrt(2 / REPLICAS) + bias);
    }
  });

  it('forgets its past as a damped oscillator', async () => {
    const stride = 5;
    const { frame } = await frames(integrator, 400, stride);
    const row = 2 * REPLICAS;
    const lag = 4;
    for (const [axis, mass] of MASSES.entries()) {
      const [origin, later] = [frame!.subarray(0, frame!.length - lag * row), frame!.subarray(lag * row)];
      const found = average(origin, axis, (x, i) => x * later[i]!) / (kT / K);
      const time = lag * stride * TIME_STEP;
      const omega = Math.sqrt(K / mass - FRICTION ** 2 / 4);
      const expected =
        Math.exp((-FRICTION * time) / 2) * (Math.cos(omega * time) + (FRICTION / (2 * omega)) * Math.sin(omega * time));
      expect(Math.abs(found - expected)).toBeLessThan(0.03);
    }
  });
});
