/**
 * The force convention of molecules end to end, without a network (method §3): a model in closed form, a simulation of
 * what a run knows of its beads, positions out in nm. F = kT s(x/c)/c, so that a model which is right at its own scale
 * is right in nm, at the temperature of the specification, whatever the masses.
 */
import { afterAll, expect, test } from 'vitest';
import { gaussianModel } from '../../diffusion/gaussian-model.test-support.ts';
import { loadEngine } from '../../engines/registry.ts';
import type { EvaluatedModel } from '../../methods/method.ts';
import { conservativeField, type ScoreModel } from '../../models/score-model.ts';
import { square } from '../../program/functions.ts';
import { add, mul, slice, sqrt, sub, sum } from '../../program/primitives.ts';
import { thermalEnergy } from '../../units.ts';
import type { RunSystem } from '../data/run-system.ts';
import {
  BOND,
  bondMoments,
  chainFrames,
  chainSystem,
  smallMolecularSpecification,
} from '../small-molecule.test-support.ts';
import { gathered, Listener } from '../small-run.test-support.ts';
import { simulateReplicas } from './simulate.ts';

const engine = await loadEngine('wasm', { threads: 2 });
afterAll(() => engine.dispose());

const MASSES = [12, 16, 1.5];
const TEMPERATURE = 350;
const source = { structure: 'chain.pdb', trajectories: [] };
const specification = smallMolecularSpecification([source], { temperature: TEMPERATURE });
const system = chainSystem(3, specification, MASSES);

const forceOf = (model: ScoreModel): EvaluatedModel => ({ model, inputs: {}, hasEnergy: true });

async function simulate(model: ScoreModel, { kT, masses, scale }: RunSystem, integrator: 'baoab' | 'langevin') {
  const replicas = 600;
  const starts = chainFrames(3, replicas, 6);
  const settings = { replicas, steps: 1000, equilibration: 600, stride: 200, timeStep: 0.004, friction: 5, integrator };
  const { take, values } = gathered();
  const options = { ...specification.simulate, ...settings, seed: 3, kT, masses, scale };
  const task = new Listener().task('simulating');
  const { stopped } = await simulateReplicas(forceOf(model), async () => starts, options, engine, task, take);
  expect(stopped).toBe(0);
  return values();
}

test('the record of a chain says kT in kJ/mol, masses for every coordinate, and a scale in nm', () => {
  expect(system.kT).toBeCloseTo(0.0083144626 * TEMPERATURE, 6);
  expect([...system.masses]).toEqual(MASSES.flatMap((mass) => [mass, mass, mass]));
  const all = chainFrames(3, 200, 1);
  let squares = 0;
  for (let start = 0; start < all.length; start += 9) {
    for (let axis = 0; axis < 3; axis++) {
      const own = [0, 3, 6].map((bead) => all[start + bead + axis]!);
      const mean = (own[0]! + own[1]! + own[2]!) / 3;
      for (const value of own) squares += (value - mean) ** 2;
    }
  }
  expect(system.scale).toBeCloseTo(Math.sqrt(squares / all.length), 6);
});

test.each(['baoab', 'langevin'] as const)(
  'a Gaussian of width w c has ⟨r²⟩ = (N − 1)/N · 3 w² c², by %s',
  async (integrator) => {
    const width = 0.6;
    const values = await simulate(gaussianModel([3, 3], new Float64Array(9), width), system, integrator);
    const expected = (2 / 3) * 3 * (width * system.scale) ** 2;
    for (let bead = 0; bead < 3; bead++) {
      let total = 0;
      let frames = 0;
      for (let start = 0; start < values.length; start += 9, frames++) {
        for (let axis = 0; axis < 3; axis++) total += values[start + 3 * bead + axis]! ** 2;
      }
      // 600 replicas, half of their five frames independent: three standard errors of a mean over 1500 are 6 %.
      expect(Math.abs(total / frames / expected - 1)).toBeLessThan(0.08);
    }
  },
);

/** Harmonic bonds of k in kJ/(mol·nm²), as a model sees them: energies in kT, lengths in c. */
function bonded(k: number, kT: number, scale: number): ScoreModel {
  return {
    shape: [3, 3],
    inputs: {},
    field: () =>
      conservativeField((x) => {
        const bond = (i: number) => {
          const between = sub(slice(x, 0, i + 1, i + 2), slice(x, 0, i, i + 1));
          const stretch = sub(mul(sqrt(sum(square(between))), scale), BOND.rest);
          return mul(square(stretch), k / (2 * kT));
        };
        return add(bond(0), bond(1));
      }),
  };
}

test('harmonic bonds have the lengths, in nm, that k, T and nothing else ask for', async () => {
  const kT = thermalEnergy(TEMPERATURE);
  const values = await simulate(bonded(kT / BOND.width ** 2, kT, system.scale), system, 'baoab');
  const { mean, deviation } = bondMoments();
  for (const bond of [0, 1]) {
    const lengths: number[] = [];
    for (let start = 3 * bond; start < values.length; start += 9) {
      lengths.push(Math.hypot(...[0, 1, 2].map((axis) => values[start + 3 + axis]! - values[start + axis]!)));
    }
    const found = lengths.reduce((total, length) => total + length, 0) / lengths.length;
    const spread = Math.sqrt(lengths.reduce((total, length) => total + (length - found) ** 2, 0) / lengths.length);
    expect(Math.abs(found - mean)).toBeLessThan(0.005);
    expect(Math.abs(spread / deviation - 1)).toBeLessThan(0.06);
  }
});
