/** What is TensorFlow.js's own: nothing is left on the device, and its absence is a sentence. Of the full set. */
import { expect, test } from 'vitest';
import { gradients } from '../../program/differentiate.ts';
import { silu } from '../../program/functions.ts';
import { add, gather, matmul, mul, normal, select, sum, sumOverSamples } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import { loadTensorFlow } from './load.ts';
import { tfjsEngine } from './tfjs.ts';

const program = trace(
  'training with noise',
  {
    W: { shape: [4, 4], state: true },
    x: { shape: [2, 4], perSample: true, state: true },
    row: { shape: [], perSample: true },
    rate: { shape: [], perStep: true },
  },
  ({ W, x, row, rate }) => {
    const picked = gather(x, row);
    const energy = add(sum(silu(matmul(x, W))), sum(select(picked, picked, 1)));
    const [slope] = gradients(sumOverSamples(energy), [W]);
    const [force] = gradients(energy, [x]);
    return {
      state: { W: add(W, mul(slope!, mul(rate, -1))), x: add(add(x, mul(force!, -0.1)), mul(normal([2, 4], 0), 0.1)) },
      end: { energy },
      step: { slope: slope! },
      stride: { x0: x },
    };
  },
);

const FULL = { tags: ['full'] };

test.each(['wasm', 'cpu'] as const)('no tensor outlives a call (%s)', FULL, async (backend) => {
  const tf = await import('@tensorflow/tfjs-core');
  const executable = await tfjsEngine({ backend }).compile(program);
  const numbers = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.cos(i));
  const call = (steps: number) => ({
    ...{ samples: 3, steps, stride: 2 },
    inputs: { W: numbers(16), x: numbers(24), row: [0, 1, 1], rate: numbers(steps) },
  });
  await executable.run(call(1));
  const before = tf.memory();
  for (const steps of [1, 5, 20]) await executable.run(call(steps));
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  expect(tf.memory().numBytes).toBe(before.numBytes);
  await expect(executable.run({ samples: 3, inputs: {} })).rejects.toThrow(/needs 16 numbers/);
  expect(tf.memory().numTensors).toBe(before.numTensors);
});

test('two engines with different back ends take turns', FULL, async () => {
  const [a, b] = [tfjsEngine({ backend: 'wasm' }), tfjsEngine({ backend: 'cpu' })];
  const double = trace('double', { x: { shape: [2] } }, ({ x }) => ({ end: { y: mul(x, 2) } }));
  const [onA, onB] = [await a.compile(double), await b.compile(double)];
  for (const executable of [onA, onB, onA, onB]) {
    const { y } = await executable.run({ samples: 1, inputs: { x: [1, 2] } });
    expect(Array.from(y!)).toEqual([2, 4]);
  }
});

test('what is not installed is said, with what to install', FULL, async () => {
  const outcome = await loadTensorFlow('tensorflow');
  if ('tf' in outcome) expect(outcome.backend).toBe('tensorflow');
  else expect(outcome.reason).toMatch(/^TensorFlow\.js is not usable here\. .*Install @tensorflow\/tfjs-node-gpu, or /);
});
