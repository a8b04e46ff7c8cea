/** The gate opens for engines that are right, and for no others. */
import { expect, test } from 'vitest';
import { softmax } from '../program/functions.ts';
import { add, matmul, mul, reshape, stopGradient, sub, sum, tanh } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Engine, Results } from './engine.ts';
import { relativeError } from './gradcheck/differences.ts';
import { remembered } from './gradcheck/remembered.ts';
import { type GradcheckSubject, gradcheck, gradcheckTolerance } from './gradcheck.ts';
import { referenceEngine } from './reference/reference.ts';
import { tfjsEngine } from './tfjs/tfjs.ts';
import { wasmEngine } from './wasm/wasm.ts';

const oracle = remembered(referenceEngine());

/** At all widths and on the GPU: `ergodic gradcheck`, which is a part of `npm run test:full`. */
async function expectPass(engine: Engine) {
  oracle.again();
  const { precision } = await engine.describe();
  const { cases, maxRelativeError } = await gradcheck(engine, oracle, { widths: [3, 4] });
  const failed = cases.filter(({ relativeError: error }) => !(error <= gradcheckTolerance(precision)));
  expect(failed).toEqual([]);
  expect(maxRelativeError).toBe(Math.max(...cases.map((c) => c.relativeError)));
  await engine.dispose();
}

test('wasm passes at an odd and an even width', { timeout: 120_000 }, async () => {
  await expectPass(wasmEngine({ threads: 1 }));
});

test('tfjs, cpu passes at an odd and an even width', { tags: ['full'] }, async () => {
  await expectPass(tfjsEngine({ backend: 'cpu' }));
});

/** An energy behind one linear layer, checked alone. */
const behind = (layer: (x: Tensor) => Tensor): GradcheckSubject => ({
  what: 'subject',
  build: (width) => ({
    inputs: { x: { shape: [1, width], perSample: true }, W: { shape: [width, 4] }, c: { shape: [4] } },
    energy: ({ x, W, c }) => sum(mul(layer(reshape(matmul(x!, W!), [4])), c!)),
    x: ['x'],
    theta: ['W', 'c'],
  }),
});

async function errorsOf(engine: Engine, subject: GradcheckSubject) {
  const { cases } = await gradcheck(engine, oracle, { widths: [3], subjects: [subject] });
  return Object.fromEntries(
    cases.filter(({ what }) => what.startsWith('subject: ')).map((c) => [c.what.slice(9), c.relativeError]),
  );
}

test('a rule that takes its saved output for a constant is found, though every first derivative is right', async () => {
  // The defect of TensorFlow.js (tfjs#3252), built on purpose.
  const frozenSlope = (x: Tensor) => {
    const y = stopGradient(tanh(x));
    return add(y, mul(sub(x, stopGradient(x)), sub(1, mul(y, y))));
  };
  const errors = await errorsOf(oracle, behind(frozenSlope));
  for (const what of ['E', '∇ₓE', 'tangent', '∂E/∂θ']) expect(errors[what], what).toBeLessThan(1e-6);
  for (const what of ['L E', '∂‖∇ₓE‖²/∂θ', '∂(LE)²/∂θ']) expect(errors[what], what).toBeGreaterThan(1e-2);
});

test('a softmax whose shift is differentiated by mistake, or not at all where it should be, is told apart', async () => {
  const right = await errorsOf(oracle, behind(softmax));
  for (const [what, error] of Object.entries(right)) expect(error, what).toBeLessThan(1e-6);
  const frozen = await errorsOf(
    oracle,
    behind((x) => stopGradient(softmax(x))),
  );
  expect(frozen['∇ₓE']).toBeGreaterThan(0.1);
});

test('an engine that computes one primitive a little wrong at wide tensors is found', async () => {
  const careless: Engine = {
    ...oracle,
    compile: async (program) => {
      const executable = await oracle.compile(program);
      return {
        ...executable,
        run: async (call) => {
          const results: Results = await executable.run(call);
          if (!program.name.startsWith('tanh')) return results;
          return Object.fromEntries(Object.entries(results).map(([name, v]) => [name, v.map((x) => x * 1.001)]));
        },
      };
    },
  };
  const { cases, maxRelativeError } = await gradcheck(careless, oracle, { widths: [4] });
  expect(maxRelativeError).toBeGreaterThan(9e-4);
  const wrong = new Set(cases.filter((c) => c.relativeError > 1e-6).map((c) => c.what.split(/[,:]/)[0]));
  expect([...wrong]).toEqual(['tanh']);
});

test('the relative error is of the whole tensor, and never passes what is not a number', () => {
  expect(relativeError([1, 2.1], [1, 2])).toBeCloseTo(0.05);
  expect(relativeError([1e-9, 2], [0, 2])).toBeCloseTo(5e-10);
  expect(relativeError([1e-7], [0])).toBeCloseTo(1e-3);
  expect(relativeError([Number.NaN], [1])).toBe(Number.MAX_VALUE);
  expect(relativeError([1], [Number.NaN])).toBe(Number.MAX_VALUE);
  expect(relativeError([1], [1, 2])).toBe(Number.MAX_VALUE);
});
