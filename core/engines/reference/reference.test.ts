/** The oracle against numbers worked out by hand: everything else is compared with it. */
import { expect, test } from 'vitest';
import * as p from '../../program/primitives.ts';
import { type InputSpec, type Traced, trace } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { Call } from '../engine.ts';
import { referenceEngine } from './reference.ts';

const engine = referenceEngine();

async function run<S extends Record<string, InputSpec>>(
  specs: S,
  body: (inputs: { readonly [K in keyof S]: Tensor }) => Traced,
  call: Call,
): Promise<Record<string, number[]>> {
  const results = await (await engine.compile(trace('test', specs, body))).run(call);
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, Array.from(values)]));
}

const matrix = [1, 2, 3, 4, 5, 6];

test.each<[string, (x: Tensor) => Tensor, number[]]>([
  ['transpose', (x) => p.transpose(x, [1, 0]), [1, 4, 2, 5, 3, 6]],
  ['sum of rows', (x) => p.sum(x, [1]), [6, 15]],
  ['sum of columns', (x) => p.sum(x, [0]), [5, 7, 9]],
  ['max of columns', (x) => p.max(x, [0]), [4, 5, 6]],
  ['slice', (x) => p.slice(x, 1, 1, 3), [2, 3, 5, 6]],
  ['concat columns', (x) => p.concat([x, p.slice(x, 1, 0, 1)], 1), [1, 2, 3, 1, 4, 5, 6, 4]],
  ['reshape', (x) => p.reshape(x, [3, 2]), matrix],
  ['broadcast', (x) => p.broadcast(p.sum(x, [1]), [2, 2], [0]), [6, 6, 15, 15]],
  ['matmul', (x) => p.matmul(x, x, false, true), [14, 32, 32, 77]],
  ['matmul transposed', (x) => p.matmul(x, x, true), [17, 22, 27, 22, 29, 36, 27, 36, 45]],
  ['gather', (x) => p.gather(x, p.constant([1, 0, 9, -3, 0.9])), [4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 1, 2, 3]],
  ['comparison', (x) => p.greater(x, 3), [0, 0, 0, 1, 1, 1]],
  ['select', (x) => p.select(p.equal(x, 2), 9, x), [1, 9, 3, 4, 5, 6]],
  ['oneHot', () => p.oneHot(p.constant([2, 0]), 3), [0, 0, 1, 1, 0, 0]],
])('%s', async (_, f, expected) => {
  const { y } = await run({ x: { shape: [2, 3] } }, ({ x }) => ({ end: { y: f(x) } }), {
    samples: 1,
    inputs: { x: matrix },
  });
  expect(y).toEqual(expected);
});

test('samples come first, shared tensors once, and only sumOverSamples mixes samples', async () => {
  const specs = { x: { shape: [2], perSample: true }, w: { shape: [2] } };
  const found = await run(
    specs,
    ({ x, w }) => ({
      end: { y: p.mul(x, w), total: p.sumOverSamples(x), wide: p.spread(w), count: p.sumOverSamples(w) },
    }),
    { samples: 3, inputs: { x: matrix, w: [10, 100] } },
  );
  expect(found).toEqual({
    y: [10, 200, 30, 400, 50, 600],
    total: [9, 12],
    wide: [10, 100, 10, 100, 10, 100],
    count: [30, 300],
  });
});

const counter = {
  n: { shape: [], state: true },
  x: { shape: [], state: true, perSample: true },
  add: { shape: [], perStep: true },
  each: { shape: [], perSample: true, perStep: true },
};
const count = ({ n, x, add, each }: { readonly [K in keyof typeof counter]: Tensor }): Traced => ({
  state: { n: p.add(n, 1), x: p.add(x, p.add(add, each)) },
  end: { lastN: n },
  step: { n2: p.mul(n, n) },
  stride: { frame: x, at: n },
});
const inputs = { n: [0], x: [100, 200], add: [10, 20, 30, 40, 50], each: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };

test('state moves on, per-step inputs advance, outputs are recorded when they should be', async () => {
  const found = await run(counter, count, { samples: 2, steps: 5, stride: 2, inputs });
  expect(found).toEqual({
    n: [5],
    x: [100 + 150 + 1 + 3 + 5 + 7 + 9, 200 + 150 + 2 + 4 + 6 + 8 + 10],
    lastN: [4],
    n2: [0, 1, 4, 9, 16],
    // After the second and the fourth step: the values of those steps, before the state moves on.
    at: [1, 3],
    frame: [111, 212, 111 + 23 + 35, 212 + 24 + 36],
  });
});

test('a stride beyond the last step records nothing', async () => {
  const { frame, n2 } = await run(counter, count, { samples: 2, steps: 5, stride: 6, inputs });
  expect(frame).toEqual([]);
  expect(n2).toHaveLength(5);
});

test('a run cut into calls is the same run, random numbers included', async () => {
  const specs = { x: { shape: [3], state: true, perSample: true } };
  const walk = ({ x }: { x: Tensor }): Traced => {
    const moved = p.add(p.mul(x, 0.9), p.add(p.normal([3], 0), p.uniform([3], 1)));
    return { state: { x: moved }, step: { moved } };
  };
  const start = [1, 2, 3, 4, 5, 6];
  const whole = await run(specs, walk, { samples: 2, steps: 5, seed: 3, firstStep: 7, inputs: { x: start } });
  const head = await run(specs, walk, { samples: 2, steps: 2, seed: 3, firstStep: 7, inputs: { x: start } });
  const tail = await run(specs, walk, { samples: 2, steps: 3, seed: 3, firstStep: 9, inputs: { x: head.x! } });
  expect(tail.x).toEqual(whole.x);
  expect([...head.moved!, ...tail.moved!]).toEqual(whole.moved);
  const second = await run(specs, walk, {
    ...{ samples: 1, steps: 5, seed: 3, firstStep: 7, firstSample: 1 },
    inputs: { x: start.slice(3) },
  });
  expect(second.x).toEqual(whole.x!.slice(3));
});

test('a call with a wrong length or number is refused with a sentence', async () => {
  const call = { samples: 2, steps: 5, inputs };
  await expect(run(counter, count, { ...call, inputs: { ...inputs, each: [1, 2] } })).rejects.toThrow(
    "Program 'test': input 'each' needs 10 numbers, not 2.",
  );
  await expect(run(counter, count, { ...call, steps: 0 })).rejects.toThrow(
    "Program 'test': steps must be a whole number of at least 1, not 0.",
  );
  await expect(run(counter, count, { ...call, stride: 1.5 })).rejects.toThrow(/stride must be a whole number/);
});
