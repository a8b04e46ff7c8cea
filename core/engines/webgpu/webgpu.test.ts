/** What is the GPU's own: where it is looked for, what it says where there is none, and what it is given. */
import { describe, expect, test } from 'vitest';
import {
  add,
  broadcastTo,
  constant,
  exp,
  matmul,
  mul,
  normal,
  reshape,
  sum,
  sumOverSamples,
  tanh,
} from '../../program/primitives.ts';
import { type Program, trace } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { Call, Results } from '../engine.ts';
import { referenceEngine } from '../reference/reference.ts';
import { findDevice } from './device.ts';
import { localGpu } from './local-gpu.ts';
import { devicePlan, deviceProgram, printShaders } from './plan-program.ts';
import { softwareEngine, whyNoSoftware } from './software.test-support.ts';
import { webgpuEngine } from './webgpu.ts';

const program = trace('weighing', { x: { shape: [3], perSample: true }, w: { shape: [3] } }, ({ x, w }) => ({
  end: { total: sumOverSamples(sum(mul(exp(x), w))) },
  step: { x2: mul(x, x) },
}));

const none = {
  info: { isFallbackAdapter: false, architecture: 'swiftshader', description: 'SwiftShader' },
  limits: {},
};

test.each([
  ['no WebGPU at all', async () => undefined, /There is no WebGPU here\. In Node, install the package `webgpu`\.$/],
  ['no adapter', async () => ({ requestAdapter: async () => null }), /^WebGPU finds no GPU\.$/],
  [
    'software only',
    async () => ({ requestAdapter: async () => none }),
    /only SwiftShader, .* slower than the engine wasm\.$/,
  ],
  [
    'a driver that fails',
    async () => {
      throw new Error('no Vulkan\n    at Instance');
    },
    /^WebGPU does not start: no Vulkan\.?$/,
  ],
])('%s is a sentence', async (_, source, reason) => {
  const found = await findDevice({ source: source as never });
  expect(found).toEqual({ reason: expect.stringMatching(reason) });
  const engine = webgpuEngine(localGpu({ source: source as never }));
  expect(await engine.describe()).toMatchObject({ available: false, reason: expect.stringMatching(reason) });
  await expect(engine.compile(program)).rejects.toThrow(reason);
  await engine.dispose();
});

test('a person can read what the GPU is given, with the names of the program', () => {
  const text = printShaders(program);
  for (const words of [
    "input 'x'",
    "output 'total'",
    "output 'x2'",
    'weighing, step of samples 1',
    'fn exp_of',
    '@compute',
  ])
    expect(text).toContain(words);
});

describe('samples for which there is no room at once', () => {
  const weights = constant(
    Float64Array.from({ length: 192 }, (_, i) => Math.sin(i)),
    [3, 64],
  );
  const wide = (x: Tensor) => tanh(matmul(reshape(x, [1, 3]), weights));
  const energy = (x: Tensor) => sum(mul(wide(x), wide(x)));
  /** Each sample on its own way: state, a draw, records of steps and strides. */
  const wandering = trace(
    'wandering',
    { x: { shape: [3], perSample: true, state: true }, push: { shape: [], perStep: true } },
    ({ x, push }) => {
      const moved = add(mul(add(x, normal([3], 1)), push), mul(broadcastTo(energy(x), [3]), 0.01));
      return { state: { x: moved }, step: { energy: energy(moved) }, stride: { frame: moved } };
    },
  );
  /** Samples that meet in every step: a sum over them moves what all share. */
  const learning = trace(
    'learning',
    {
      w: { shape: [3], state: true },
      x: { shape: [3], perSample: true, perStep: true },
      by: { shape: [3], perSample: true },
    },
    ({ w, x, by }) => {
      const own = energy(mul(add(x, by), w));
      return { state: { w: add(w, mul(sumOverSamples(mul(x, broadcastTo(own, [3]))), 1e-4)) }, step: { own } };
    },
  );
  const samples = 701;
  /** Bytes: of a fraction of them. */
  const FEW = 80_000;
  const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(3 * i) / 2);
  const calls: [string, Program, Call][] = [
    [
      'that never meet',
      wandering,
      { samples, steps: 5, stride: 2, seed: 7, firstSample: 3, inputs: { x: numbers(3 * samples), push: numbers(5) } },
    ],
    [
      'that meet',
      learning,
      { samples, steps: 3, inputs: { w: [1, 2, 3], x: numbers(9 * samples), by: numbers(3 * samples) } },
    ],
  ];
  test.for(calls)('%s', async ([, program, call], context) => {
    const missing = await whyNoSoftware();
    if (missing) return context.skip(missing);
    expect(4 * samples * deviceProgram(devicePlan(program), 'resident').perSample).toBeGreaterThan(2 * FEW);
    const answers: Results[] = [];
    // For all of them, and for a few.
    for (const mostBytes of [2 ** 30, FEW]) {
      const engine = softwareEngine({ mostBytes });
      const executable = await engine.compile(program);
      answers.push(await executable.run(call));
      answers.push(await executable.run(call));
      executable.dispose();
      await engine.dispose();
    }
    const reference = await (await referenceEngine().compile(program)).run(call);
    for (const [name, expected] of Object.entries(reference)) {
      for (const answer of answers) {
        const worst = Math.max(...Array.from(expected, (x, i) => Math.abs(x - answer[name]![i]!) / (1 + Math.abs(x))));
        expect(worst, name).toBeLessThan(1e-5);
      }
    }
  });
});

test('a GPU that goes away is a sentence, and looked for anew', async (context) => {
  const missing = await whyNoSoftware();
  if (missing) return context.skip(missing);
  const devices: GPUDevice[] = [];
  const engine = softwareEngine({ onDevice: (device) => devices.push(device) });
  const call: Call = { samples: 2, steps: 2_000_000, inputs: { x: new Float32Array(6), w: [1, 2, 3] } };
  const executable = await engine.compile(program);
  const running = executable.run(call);
  setTimeout(() => devices[0]!.destroy(), 200);
  await expect(running).rejects.toThrow(/^The GPU \(.*\) is gone: .* use the CPU \(engine wasm\)\.$/);
  await expect(executable.run({ ...call, steps: 1 })).rejects.toThrow(/is gone/);
  const again = await engine.compile(program);
  const { total } = await again.run({ ...call, steps: 1 });
  expect(total![0]).toBeCloseTo(12, 4);
  expect(devices).toHaveLength(2);
  await engine.dispose();
});

test('what does not fit the GPU is a sentence, and the next call is answered', async (context) => {
  const missing = await whyNoSoftware();
  if (missing) return context.skip(missing);
  const engine = softwareEngine({ mostBytes: 2 ** 20 });
  const wide = trace('wide', { x: { shape: [65536], perSample: true } }, ({ x }) => ({ end: { y: sum(mul(x, x)) } }));
  const executable = await engine.compile(wide);
  const of = (samples: number) => ({ samples, inputs: { x: new Float32Array(65536 * samples).fill(0.5) } });
  await expect(executable.run(of(5))).rejects.toThrow(
    /^This call needs 2 MB in one piece, where this GPU has 1 MB: use fewer samples or recorded steps at once\.$/,
  );
  const { y } = await executable.run(of(2));
  expect(Array.from(y!)).toEqual([16384, 16384]);
  executable.dispose();
  await engine.dispose();
});
