/**
 * What the wasm engine promises beyond right numbers: the same bits for any number of threads, trajectories that do
 * not know the tile size, runs that can be cut into calls. (Right numbers: `../engines.test.ts` and `gradcheck`.)
 */
import { afterAll, describe, expect, it } from 'vitest';
import { gradients } from '../../program/differentiate.ts';
import { silu } from '../../program/functions.ts';
import { add, matmul, mul, normal, reshape, sub, sum, sumOverSamples } from '../../program/primitives.ts';
import { type Program, trace } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { Call, Engine, Results } from '../engine.ts';
import { type Schedule, threadsFor } from './driver.ts';
import { chooseVariant } from './kernels.ts';
import { type WasmOptions, wasmEngine } from './wasm.ts';

const WIDTH = 13;
const energy = (x: Tensor, w: Tensor, v: Tensor): Tensor =>
  reshape(sum(matmul(silu(matmul(reshape(x, [1, 3]), w)), v)), []);

const specs = { w: { shape: [3, WIDTH] }, v: { shape: [WIDTH, 7] } };

/** Overdamped motion in the energy, with noise: every sample on its own. */
const motion: Program = trace(
  'motion',
  { ...specs, x: { shape: [3], perSample: true, state: true } },
  ({ x, w, v }) => {
    const [slope] = gradients(energy(x, w, v), [x]) as [Tensor];
    const next = add(sub(x, mul(slope, 0.01)), mul(normal([3], 1), 0.05));
    return { state: { x: next }, stride: { frame: next } };
  },
);

/** Gradient descent on a noisy loss: every step sums over all samples. */
const descent: Program = trace(
  'descent',
  {
    w: { ...specs.w, state: true },
    v: { ...specs.v, state: true },
    x: { shape: [3], perSample: true, perStep: true },
    rate: { shape: [], perStep: true },
  },
  ({ w, v, x, rate }) => {
    const [slope] = gradients(energy(add(x, normal([3], 2)), w, v), [x]) as [Tensor];
    const loss = sumOverSamples(sum(mul(slope, slope)));
    const [gw, gv] = gradients(loss, [w, v]) as [Tensor, Tensor];
    return { state: { w: sub(w, mul(gw, rate)), v: sub(v, mul(gv, rate)) }, step: { loss } };
  },
);

const numbers = (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(1.7 * i + seed));
const weights = { w: numbers(3 * WIDTH, 1), v: numbers(7 * WIDTH, 2) };

const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

async function results(options: WasmOptions, program: Program, call: Call): Promise<Results> {
  const engine = wasmEngine(options);
  engines.push(engine);
  return (await engine.compile(program)).run(call);
}

const samples = 77;
const steps = 12;
const start = numbers(3 * samples, 3);
const moving: Call = { samples, steps, stride: 4, seed: 9, inputs: { ...weights, x: start } };
const descending: Call = {
  samples,
  steps,
  seed: 9,
  inputs: { ...weights, x: numbers(3 * samples * steps, 4), rate: new Float32Array(steps).fill(1e-4) },
};

describe('the wasm engine', () => {
  it('gives the same bits for any number of threads, training included', async () => {
    for (const [program, call] of [
      [motion, moving],
      [descent, descending],
    ] as const) {
      const one = await results({ threads: 1 }, program, call);
      for (const threads of [2, 3, 5]) expect(await results({ threads }, program, call)).toEqual(one);
    }
  });

  it('gives the same trajectory bits for any tile size', async () => {
    const whole = await results({ threads: 2, tile: 64 }, motion, moving);
    for (const tile of [4, 8, 16, 32]) expect(await results({ threads: 2, tile }, motion, moving)).toEqual(whole);
  });

  it('sums gradients alike for any tile size up to rounding', async () => {
    const whole = await results({ tile: 64 }, descent, descending);
    const parts = await results({ tile: 4 }, descent, descending);
    whole.w!.forEach((value, i) => {
      expect(Math.abs(parts.w![i]! - value)).toBeLessThan(1e-5);
    });
  });

  it('continues a run cut into calls with the same bits', async () => {
    const engine = wasmEngine({ threads: 2 });
    engines.push(engine);
    const executable = await engine.compile(motion);
    const whole = await executable.run(moving);
    const first = await executable.run({ ...moving, steps: 8 });
    const second = await executable.run({ ...moving, steps: 4, firstStep: 8, inputs: { ...weights, x: first.x! } });
    expect(second.x).toEqual(whole.x);
    expect([...first.frame!, ...second.frame!]).toEqual([...whole.frame!]);
  });

  it('gives a part of the samples the same numbers as the whole', async () => {
    const whole = await results({}, motion, moving);
    const part = await results({}, motion, {
      ...moving,
      samples: 10,
      firstSample: 60,
      inputs: { ...weights, x: start.slice(180, 210) },
    });
    expect(part.x).toEqual(whole.x!.slice(180, 210));
  });

  it('agrees between its two variants within rounding', async () => {
    if (chooseVariant() === 'simd') return;
    const fused = await results({ variant: 'relaxed' }, motion, moving);
    const plain = await results({ variant: 'simd' }, motion, moving);
    fused.x!.forEach((value, i) => {
      expect(Math.abs(plain.x![i]! - value)).toBeLessThan(1e-4);
    });
  });

  it('runs calls of different sizes one after another, also when they are started together', async () => {
    const engine = wasmEngine({ threads: 2 });
    engines.push(engine);
    const executable = await engine.compile(motion);
    const call = (n: number): Call => ({ ...moving, samples: n, inputs: { ...weights, x: start.slice(0, 3 * n) } });
    const together = await Promise.all([5, 77, 1, 40].map((n) => executable.run(call(n))));
    for (const result of together) expect(result.x).toEqual(together[1]!.x!.slice(0, result.x!.length));
  });
});

it('wakes no more threads than there are tiles, where tiles are on their own', () => {
  const alone = { tile: 4, hasSamples: true, independentTiles: true } as Schedule;
  expect([1, 4, 5, 100].map((samples) => threadsFor(alone, samples, 8))).toEqual([1, 1, 2, 8]);
  expect(threadsFor({ ...alone, independentTiles: false }, 1, 8)).toBe(8);
  expect(threadsFor({ ...alone, hasSamples: false }, 1, 8)).toBe(8);
});
