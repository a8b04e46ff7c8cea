/** Torsion moves of chains whose law is known: the law they leave as it is, the wells they reach. */
import { afterAll, describe, expect, it } from 'vitest';
import { distances } from '../analysis/geometry/distances.ts';
import type { Executable, Numbers } from '../engines/engine.ts';
import { wasmEngine } from '../engines/wasm/wasm.ts';
import { run } from '../models/evaluated.test-support.ts';
import type { ScoreModel } from '../models/score-model.ts';
import { square } from '../program/functions.ts';
import { add, mul, sub } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { torsionsOf } from '../systems/torsions.ts';
import { chainModel, chainOf, chainPositions, torsionAngles } from './chain.test-support.ts';
import { modelForce, modelForceInputs } from './force-field.ts';
import { langevinInputs, langevinProgram, velocityInputs, velocityProgram } from './langevin.ts';
import { energyAndForceProgram, movedVelocities, torsionProgram } from './torsion-moves.ts';

const kT = 2.5;
const MASS = 12;
const engine = wasmEngine({ threads: 2 });
afterAll(() => engine.dispose());

const torsionsIn = (beads: number) => torsionsOf({ beads, bonds: [] });

interface Moved {
  readonly frames: Float64Array;
  readonly v: Numbers;
  /** Fraction of trials. */
  readonly accepted: number;
}

/** Rounds of dynamics and moves, as a simulation does them; frames are those after the moves. */
async function simulate(
  model: ScoreModel,
  { replicas = 500, rounds = 20, steps = 10, trials = 3, timeStep = 0.002, from = (_: number) => Math.PI } = {},
): Promise<Moved> {
  const beads = model.shape[0]!;
  const masses = Array<number>(3 * beads).fill(MASS);
  const langevin = langevinInputs({ integrator: 'baoab', timeStep, friction: 5, kT, masses });
  const constants = modelForceInputs({ kT, scale: 1 });
  const compiled: Executable[] = [];
  const compile = async (...args: Parameters<typeof engine.compile>) => {
    const executable = await engine.compile(...args);
    compiled.push(executable);
    return executable;
  };
  const dynamics = await compile(langevinProgram('baoab', modelForce(model)));
  const moves = await compile(torsionProgram(model, torsionsIn(beads)));
  const ask = await compile(energyAndForceProgram(model));
  const velocities = await compile(velocityProgram(model.shape));
  const common = { samples: replicas, seed: 5 };
  const { v: first } = await velocities.run({ ...common, inputs: velocityInputs({ kT, masses }) });
  const starts = Array.from({ length: replicas }, () => chainPositions(beads, from)).flat();
  let x: Numbers = Float32Array.from(starts);
  let v: Numbers = first!;
  const alive = new Float32Array(replicas).fill(1);
  const frames: number[] = [];
  let accepted = 0;
  for (let round = 0; round < rounds; round++) {
    if (steps > 0) {
      const inputs = { ...constants, ...langevin, x, v, alive };
      const out = await dynamics.run({ ...common, steps, stride: steps, firstStep: round * steps, inputs });
      [x, v] = [out.x!, out.v!];
      expect(out.alive!.every((one) => one === 1)).toBe(true);
    }
    if (trials > 0) {
      const { evaluationTime, inverseScale } = constants;
      const before = await ask.run({ samples: replicas, inputs: { ...constants, x } });
      const state = { x, energy: before.energy!, accepted: new Float32Array(replicas), alive };
      const inputs = { evaluationTime, inverseScale, ...state };
      const out = await moves.run({ ...common, steps: trials, firstStep: round * trials, inputs });
      x = out.x!;
      for (const count of out.accepted!) accepted += count / (replicas * rounds * trials);
      const after = await ask.run({ samples: replicas, inputs: { ...constants, x } });
      v = movedVelocities(v, langevin.push, before.force!, after.force!, alive);
    }
    frames.push(...x);
  }
  for (const each of compiled) each.dispose();
  return { frames: Float64Array.from(frames), v, accepted };
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: ArrayLike<number>) => {
  const centre = mean(values);
  return mean(Array.from(values, (value) => (value - centre) ** 2));
};

describe('torsion moves', () => {
  it('of free torsions are uniform and independent of one another, few or many', async () => {
    for (const beads of [5, 6]) {
      const replicas = 4000;
      const { frames, accepted } = await simulate(chainModel(beads), { replicas, rounds: 1, steps: 0, trials: 12 });
      // Rounding apart, no trial changes the energy.
      expect(accepted).toBeGreaterThan(0.999);
      const angles = torsionAngles(frames, beads);
      const tolerance = 4 / Math.sqrt(2 * replicas);
      for (const [i, own] of angles.entries()) {
        // One of three is drawn at a time: (2/3)¹² are still where they began.
        const rest = beads === 6 ? (2 / 3) ** 12 : 0;
        for (const order of [1, 2]) {
          expect(Math.abs(mean(own.map((angle) => Math.cos(order * angle))))).toBeLessThan(tolerance + rest);
          expect(Math.abs(mean(own.map((angle) => Math.sin(order * angle))))).toBeLessThan(tolerance);
        }
        const other = angles[(i + 1) % angles.length]!;
        const sums = own.map((angle, frame) => Math.cos(angle - other[frame]!));
        expect(Math.abs(mean(sums))).toBeLessThan(tolerance + 2 * rest);
      }
    }
  });

  /** Wells at ±90°, behind barriers of 12 kT at 0° and 180°; the one at −90° is deeper by 1 kT. */
  const energy = (cosine: number, sine: number) => 12 * cosine ** 2 + 0.5 * sine;
  const wells = (cosine: Tensor, sine: Tensor) => add(mul(square(cosine), 12), mul(sine, 0.5));
  const inUpperWell = () => {
    const [upper, all] = [0, 0].map((_, from) => {
      let sum = 0;
      for (let i = 0; i < 20_000; i++) {
        const angle = Math.PI * ((i + 0.5) / 10_000 - 1);
        if (from === 1 || angle > 0) sum += Math.exp(-energy(Math.cos(angle), Math.sin(angle)));
      }
      return sum;
    });
    return upper! / all!;
  };

  it('fill wells behind a barrier of 12 kT as their free energies say; dynamics alone stays where it began', async () => {
    const exact = inUpperWell();
    expect(exact).toBeCloseTo(0.271, 2);
    const replicas = 1500;
    const upper = ({ frames }: Moved) => {
      const last = frames.slice(-replicas * 12);
      return mean(torsionAngles(last, 4)[0]!.map((angle) => Number(angle > 0)));
    };
    const model = chainModel(4, wells);
    const moved = await simulate(model, { replicas, rounds: 12, from: () => Math.PI / 2 });
    expect(moved.accepted).toBeGreaterThan(0.1);
    expect(moved.accepted).toBeLessThan(0.9);
    expect(Math.abs(upper(moved) - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / replicas));
    const still = await simulate(model, { replicas, rounds: 12, trials: 0, from: () => Math.PI / 2 });
    expect(upper(still)).toBeGreaterThan(0.99);
  });

  it('leave bonds, angles and temperature to the dynamics, where every torsion moves and where one does', async () => {
    const replicas = 1500;
    // Coarse steps: velocities that kept the half kick of the forces before a move would heat the bonds.
    const settings = { replicas, rounds: 60, steps: 4, timeStep: 0.004 };
    for (const beads of [4, 6]) {
      const model = chainModel(beads, (cosine, sine) => sub(mul(cosine, 1.5), mul(sine, 0.5)));
      const [moved, still] = [
        await simulate(model, { ...settings, trials: 3 }),
        await simulate(model, { ...settings, trials: 0 }),
      ];
      expect(moved.accepted).toBeGreaterThan(0.2);
      const figures = ({ frames, v }: Moved) => {
        const last = frames.slice(-replicas * 3 * beads * 10);
        const pairs = [0, 1].map((i) => [i, i + 1] as const);
        const widths = distances(chainOf(last, beads), [...pairs, [0, 2]]).map(variance);
        return { widths, heat: (variance(v) * MASS) / kT };
      };
      const [a, b] = [figures(moved), figures(still)];
      for (const [i, width] of a.widths.entries()) expect(Math.abs(width / b.widths[i]! - 1)).toBeLessThan(0.05);
      expect(Math.abs(a.heat / b.heat - 1)).toBeLessThan(0.03);
    }
  });

  it('are those of the oracle as far as single precision goes', async () => {
    for (const beads of [5, 7]) {
      const model = chainModel(beads, (cosine) => mul(cosine, 2));
      const program = torsionProgram(model, torsionsIn(beads));
      const samples = 20;
      const x = Array.from({ length: samples }, (_, s) => chainPositions(beads, (i) => Math.sin(7 * s + i) * 3)).flat();
      const { forceScale: _, ...constants } = modelForceInputs({ kT, scale: 1 });
      const { energy } = await run(energyAndForceProgram(model), { ...constants, forceScale: [1], x }, { samples });
      const inputs = { ...constants, x, energy: energy!, accepted: new Array(samples).fill(0) };
      const state = { ...inputs, alive: new Array(samples).fill(1) };
      const exact = await run(program, state, { samples, steps: 6, seed: 2 });
      const fast = await engine.compile(program);
      const found = await fast.run({ samples, steps: 6, seed: 2, inputs: state });
      fast.dispose();
      expect([...found.accepted!]).toEqual([...exact.accepted!]);
      expect(found.accepted!.some((count) => count > 0)).toBe(true);
      found.x!.forEach((value, i) => {
        expect(Math.abs(value - exact.x![i]!)).toBeLessThan(1e-4);
      });
    }
  });

  it('move no replica that has diverged, and accept no energy that is not a number', async () => {
    const beads = 4;
    const model = chainModel(beads);
    const program = await engine.compile(torsionProgram(model, torsionsIn(beads)));
    const one = chainPositions(beads);
    const x = [...one, ...one, ...one];
    const inputs = { ...modelForceInputs({ kT, scale: 1 }), x, accepted: [0, 0, 0] };
    const state = { energy: [0, Number.NaN, 1e3], alive: [0, 1, 1] };
    const { forceScale: _, ...rest } = { ...inputs, ...state };
    const out = await program.run({ samples: 3, steps: 5, inputs: rest });
    program.dispose();
    expect([...out.accepted!.slice(0, 2)]).toEqual([0, 0]);
    expect(out.accepted![2]).toBeGreaterThan(0);
    expect(out.x!.slice(0, 24)).toEqual(Float32Array.from([...one, ...one]));
    expect(out.x!.slice(24)).not.toEqual(Float32Array.from(one));
  });
});
