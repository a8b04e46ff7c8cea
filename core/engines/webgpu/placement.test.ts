import { describe, expect, test } from 'vitest';
import { add, matmul, mul, normal, sum, sumOverSamples, tanh } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import { referenceEngine } from '../reference/reference.ts';
import type { DeviceProgram } from './device-program.ts';
import type { Gpu } from './gpu.ts';
import { type Placement, placementOf } from './placement.ts';
import { devicePlan } from './plan-program.ts';
import { LANES } from './shaders.ts';
import { softwareGpu, whyNoSoftware } from './software.test-support.ts';
import { webgpuEngine } from './webgpu.ts';

/** Points that wander by what a network says of each. */
const wandering = (points: number, width: number, layers: number) =>
  trace(
    'wandering',
    {
      x: { shape: [points, 3], perSample: true, state: true },
      first: { shape: [3, width] },
      inner: { shape: [width, width] },
      last: { shape: [width, 3] },
    },
    ({ x, first, inner, last }) => {
      let y = tanh(matmul(x!, first!));
      for (let layer = 0; layer < layers; layer++) y = tanh(matmul(y, inner!));
      const moved = add(x!, add(mul(matmul(y, last!), 0.1), mul(normal([points, 3], 1), 0.01)));
      return { state: { x: moved }, stride: { frame: moved } };
    },
  );

describe('where samples are worked on', () => {
  const placements = (program: ReturnType<typeof wandering>): Record<number, Placement> => {
    const plan = devicePlan(program);
    return Object.fromEntries([1, 64, 1000].map((samples) => [samples, placementOf(plan, samples, LANES.gpu)]));
  };

  test('a small network keeps them in workgroups, however many', () => {
    expect(placements(wandering(1, 96, 3))).toEqual({ 1: 'resident', 64: 'resident', 1000: 'resident' });
  });

  test('a large one has the whole GPU, however few', () => {
    expect(placements(wandering(28, 512, 24))).toEqual({ 1: 'few', 64: 'spread', 1000: 'spread' });
  });

  test('between them it depends on how many workgroups there are', () => {
    expect(placements(wandering(5, 128, 24))).toEqual({ 1: 'resident', 64: 'resident', 1000: 'spread' });
  });

  test('samples that meet are spread', () => {
    const meeting = trace('meeting', { x: { shape: [3], perSample: true } }, ({ x }) => ({
      end: { total: sumOverSamples(sum(x!)) },
    }));
    expect(placementOf(devicePlan(meeting), 1, LANES.gpu)).toBe('spread');
  });
});

test('a real GPU is given the form that a call asks for, when it does, and all forms compute the same', {
  tags: ['full'],
}, async (context) => {
  const missing = await whyNoSoftware();
  if (missing) return context.skip(missing);
  const software = softwareGpu();
  const given: DeviceProgram[] = [];
  const gpu: Gpu = {
    ...software,
    describe: async () => ({ name: 'as if it were real', isSoftware: false }),
    compile: async (program) => {
      given.push(program);
      return await software.compile(program);
    },
  };
  const program = wandering(12, 160, 24);
  const engine = webgpuEngine(gpu);
  const executable = await engine.compile(program);
  const before = given.length;
  const oracle = await referenceEngine().compile(program);
  const weights = (count: number, rows: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i) / Math.sqrt(rows));
  const made: number[] = [];
  for (const samples of [2, 40, 3]) {
    const x = Float32Array.from({ length: 36 * samples }, (_, i) => Math.sin(i));
    const inputs = { x, first: weights(480, 3), inner: weights(25600, 160), last: weights(480, 160) };
    const call = { samples, steps: 2, stride: 1, seed: 5, inputs };
    const [found, expected] = [await executable.run(call), await oracle.run(call)];
    for (const name of ['x', 'frame']) {
      const worst = Math.max(...Array.from(expected[name]!, (value, i) => Math.abs(value - found[name]![i]!)));
      expect(worst, `${name} of ${samples}`).toBeLessThan(1e-5);
    }
    made.push(given.length - before);
  }
  expect(given.slice(before).map(({ loops }) => loops)).toEqual([false, true]);
  expect(made).toEqual([1, 2, 2]);
  expect(executable.bytes).toBeGreaterThan(0);
  executable.dispose();
  await engine.dispose();
});
