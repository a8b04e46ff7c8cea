/** What is the graphics card's own: where it is looked for, what it says where there is none, and what it is given. */
import { expect, test } from 'vitest';
import { exp, mul, sum, sumOverSamples } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import { findDevice } from './device.ts';
import { printShaders } from './kernels.ts';
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
  ['no adapter', async () => ({ requestAdapter: async () => null }), /^WebGPU finds no graphics card\.$/],
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
  const engine = webgpuEngine({ source: source as never });
  expect(await engine.describe()).toMatchObject({ available: false, reason: expect.stringMatching(reason) });
  await expect(engine.compile(program)).rejects.toThrow(reason);
  await engine.dispose();
});

test('a person can read what the card is given, with the names of the program', () => {
  const text = printShaders(program);
  for (const words of ["input 'x'", "output 'total'", "output 'x2'", 'weighing, step 1', 'fn exp_of', '@compute'])
    expect(text).toContain(words);
});

test('what does not fit the card is a sentence, and the next call is answered', async (context) => {
  const missing = await whyNoSoftware();
  if (missing) return context.skip(missing);
  const engine = softwareEngine();
  const wide = trace('wide', { x: { shape: [65536], perSample: true } }, ({ x }) => ({ end: { y: sum(mul(x, x)) } }));
  const executable = await engine.compile(wide);
  const samples = 4100;
  await expect(executable.run({ samples, inputs: { x: new Float32Array(65536 * samples) } })).rejects.toThrow(
    /^This call needs \d+ MB in one piece, where this graphics card has \d+ MB: use fewer samples at once\.$/,
  );
  const { y } = await executable.run({ samples: 2, inputs: { x: new Float32Array(2 * 65536).fill(0.5) } });
  expect(Array.from(y!)).toEqual([16384, 16384]);
  executable.dispose();
  await engine.dispose();
});
