/**
 * One test body for every engine: what they compute must be what the oracle computes.
 *
 * Every primitive with its derivatives at sample counts around the usual vector and tile sizes, the features of the
 * loop, and the random numbers. Engines of another kind (threads, memory) test what is their own elsewhere.
 * The quick set has the engines that a person gets, and primitives at the width that fills no vector.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as f from '../program/functions.ts';
import * as p from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import type { Call, Engine, Results } from './engine.ts';
import { operationInputs, operationProgram } from './gradcheck/check-operation.ts';
import { relativeError } from './gradcheck/differences.ts';
import { operationCases } from './gradcheck/operation-cases.ts';
import { referenceEngine } from './reference/reference.ts';
import { tfjsEngine } from './tfjs/tfjs.ts';
import { wasmEngine } from './wasm/wasm.ts';
import { LANES } from './webgpu/shaders.ts';
import { softwareEngine, whyNoSoftware } from './webgpu/software.test-support.ts';

const ENGINES: Readonly<Record<string, () => Engine>> = {
  reference: referenceEngine,
  'wasm, 1 thread': () => wasmEngine({ threads: 1 }),
  'wasm, 2 threads': () => wasmEngine({ threads: 2 }),
  'tfjs, wasm': () => tfjsEngine({ backend: 'wasm' }),
  'tfjs, cpu': () => tfjsEngine({ backend: 'cpu' }),
};
const noWebGpu = await whyNoSoftware();
if (noWebGpu) console.error(`The engine webgpu is not tested: ${noWebGpu}`);
const GPUS: Readonly<Record<string, () => Engine>> = {
  'webgpu, as on a GPU': softwareEngine,
  'webgpu, in software': () => softwareEngine({ lanes: LANES.software }),
  'webgpu, spread': () => softwareEngine({ placement: 'spread' }),
  'webgpu, few samples': () => softwareEngine({ placement: 'few' }),
};
const engines = Object.entries({ ...ENGINES, ...(noWebGpu ? {} : GPUS) });

const SAMPLES = [1, 3, 4, 7, 8, 33, 200];
const WIDTHS = [5, 8];
/** What `npm test` runs of them; everything else is of the full set. */
const QUICK: Readonly<Record<string, readonly number[]>> = {
  reference: [],
  'wasm, 1 thread': [5],
  'wasm, 2 threads': [],
  'webgpu, as on a GPU': [],
};
const setOf = (isQuick: boolean) => (isQuick ? {} : { tags: ['full'] });
/** Shaders take long to be made for a CPU; with few lanes the gate has the same (`ergodic gradcheck`). */
const FEWER: Readonly<Record<string, readonly number[]>> = {
  'webgpu, as on a GPU': [5],
  'webgpu, in software': [],
  'webgpu, spread': [],
  'webgpu, few samples': [],
};

const oracle = referenceEngine();

async function evaluate(engine: Engine, program: Program, call: Call): Promise<Results> {
  const executable = await engine.compile(program);
  try {
    return await executable.run(call);
  } finally {
    executable.dispose();
  }
}

/** The oracle's answers, once for all engines. */
const answers = new Map<string, Promise<Results>>();
function answer(key: string, program: Program, call: Call): Promise<Results> {
  const known = answers.get(key) ?? evaluate(oracle, program, call);
  answers.set(key, known);
  return known;
}

const numbers = (count: number, phase = 0) => Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + phase));

for (const [name, create] of engines) {
  describe(name, setOf(name in QUICK), () => checked(name, create));
}

function checked(name: string, create: () => Engine): void {
  const engine = create();
  let precision = 0;

  beforeAll(async () => {
    const info = await engine.describe();
    expect(info.available, info.reason).toBe(true);
    precision = info.precision;
  });
  afterAll(() => engine.dispose());

  /** Every result of a call against the oracle's, `ulps` rounding units apart at most. */
  function expectSame(found: Results, expected: Results, ulps = 500, floors: Record<string, number> = {}) {
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, values] of Object.entries(expected)) {
      const error = relativeError(found[name]!, values, floors[name] ?? 1e-2);
      expect(error, `${name}: [${found[name]!.slice(0, 6)}] for [${values.slice(0, 6)}]`).toBeLessThanOrEqual(
        ulps * precision,
      );
    }
  }

  async function agrees(program: Program, call: Call, ulps?: number) {
    expectSame(await evaluate(engine, program, call), await evaluate(oracle, program, call), ulps);
  }

  for (const width of FEWER[name] ?? WIDTHS) {
    const isQuick = QUICK[name]?.includes(width) ?? false;
    describe(`primitives and their derivatives at width ${width}`, setOf(isQuick), () => primitives(width));
  }

  function primitives(width: number): void {
    test.each(operationCases(width).map((c) => [c.what, c] as const))('%s', async (what, operation) => {
      const program = operationProgram(operation);
      const executable = await engine.compile(program);
      for (const samples of SAMPLES) {
        const call = { samples, seed: 11, inputs: operationInputs(operation, program, samples, samples) };
        // Totals over all samples are sums of terms of either sign, and their rounding grows with the number of terms.
        const floor = Math.sqrt(samples * width);
        const expected = await answer(`${width} ${what} ${samples}`, program, call);
        expectSame(await executable.run(call), expected, 300 + 4 * samples, { loss: floor, tangent: floor });
      }
      executable.dispose();
    });
  }

  test.each([255, 256, 5000])('sums and maxima of %d numbers that all samples share', async (count) => {
    const program = trace(
      'many numbers',
      { w: { shape: [3, count] }, by: { shape: [], perStep: true }, x: { shape: [], perSample: true } },
      ({ w, by, x }) => {
        const scaled = p.mul(w, by);
        const after = p.mul(w, p.sumOverSamples(x));
        return {
          end: { sums: p.sum(w, [1]), maxima: p.max(w, [1]), all: p.sum(p.mul(w, w)) },
          step: {
            scaled: p.sum(p.tanh(scaled)),
            after: p.sum(after, [1]),
            largest: p.max(p.mul(after, after), [0, 1]),
          },
        };
      },
    );
    const call = { samples: 3, steps: 2, inputs: { w: numbers(3 * count), by: [0.5, 2], x: [1, 2, -0.5] } };
    const expected = await answer(`many numbers ${count}`, program, call);
    expectSame(await evaluate(engine, program, call), expected, 300, {
      ...{ sums: Math.sqrt(count), all: count, scaled: Math.sqrt(count), after: Math.sqrt(count) },
    });
  });

  /** Rows of one sample, also fewer and more than an engine takes of several samples together. */
  test.each([1, 2, 3, 5, 9])('products of %d rows and what is done with them', async (rows) => {
    const program = trace(
      'behind products',
      {
        x: { shape: [rows, 7], perSample: true },
        w: { shape: [7, 11] },
        b: { shape: [rows, 11] },
        v: { shape: [11, 7] },
      },
      ({ x, w, b, v }) => {
        const before = p.matmul(x, w);
        const hidden = p.tanh(p.add(before, b));
        const back = p.mul(p.matmul(hidden, v), x);
        const turned = p.exp(p.matmul(before, hidden, true));
        const slopes = p.sumOverSamples(p.mul(p.matmul(x, hidden, true), 0.5));
        return { end: { before, hidden, back, turned, slopes, shared: p.tanh(p.matmul(w, v)) } };
      },
    );
    for (const samples of SAMPLES) {
      const inputs = { x: numbers(7 * rows * samples), w: numbers(77, 1), b: numbers(11 * rows, 2), v: numbers(77, 3) };
      const call = { samples, inputs };
      const expected = await answer(`behind products ${rows} ${samples}`, program, call);
      expectSame(await evaluate(engine, program, call), expected, 300 + 4 * samples, { slopes: Math.sqrt(samples) });
    }
  });

  describe('random numbers', () => {
    const drawn = (shape: number[]) =>
      trace('draw', {}, () => ({
        step: { u: p.uniform(shape, 1), v: p.uniform(shape, 2), z: p.normal(shape, 1), y: p.normal(shape, 2) },
      }));

    test.each([[], [1], [2], [3], [4], [5], [9], [3, 4]])('shape [%s]', async (...shape: number[]) => {
      for (const samples of [1, 7, 33]) {
        const call = { samples, steps: 3, seed: 2 ** 33 + 5, firstStep: 1000, firstSample: 77, inputs: {} };
        const found = await evaluate(engine, drawn(shape), call);
        const expected = await evaluate(oracle, drawn(shape), call);
        for (const name of ['u', 'v']) expect(Array.from(found[name]!)).toEqual(Array.from(expected[name]!));
        for (const name of ['z', 'y']) {
          found[name]!.forEach((value, i) => {
            expect(Math.abs(value - expected[name]![i]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
          });
        }
      }
    });

    test('depend on neither where the steps nor where the samples are cut', async () => {
      const program = drawn([6]);
      const executable = await engine.compile(program);
      const call = { seed: 9, inputs: {} };
      const whole = await executable.run({ ...call, samples: 10, steps: 4 });
      const part = await executable.run({ ...call, samples: 3, steps: 1, firstStep: 2, firstSample: 5 });
      for (const name of ['u', 'z']) {
        expect(Array.from(part[name]!)).toEqual(Array.from(whole[name]!.slice((2 * 10 + 5) * 6, (2 * 10 + 8) * 6)));
      }
      executable.dispose();
    });

    test('the same stream is the same number, another seed or stream is another', async () => {
      const program = trace('twice', {}, () => ({
        end: { a: p.normal([8], 1), b: p.normal([8], 1), c: p.normal([8], 2) },
      }));
      const { a, b, c } = await evaluate(engine, program, { samples: 2, inputs: {} });
      expect(a).toEqual(b);
      expect(a).not.toEqual(c);
      const other = await evaluate(engine, program, { samples: 2, seed: 1, inputs: {} });
      expect(other.a).not.toEqual(a);
    });
  });

  describe('loops', () => {
    /** State of both kinds, per-step inputs of both kinds, outputs at all three times, noise, a gather. */
    const walk = trace(
      'walk',
      {
        x: { shape: [3], perSample: true, state: true },
        mean: { shape: [3], state: true },
        rate: { shape: [], perStep: true },
        kick: { shape: [3], perSample: true, perStep: true },
        table: { shape: [4, 3] },
        row: { shape: [], perSample: true },
      },
      ({ x, mean, rate, kick, table, row }) => {
        const pull = p.mul(p.sub(p.gather(table, row), x), rate);
        const moved = p.add(p.add(x, pull), p.add(p.mul(kick, 0.3), p.mul(p.normal([3], 0), 0.1)));
        const nextMean = p.add(p.mul(mean, 0.5), p.mul(p.sumOverSamples(moved), 0.05));
        return {
          state: { x: moved, mean: nextMean },
          end: { last: p.tanh(moved), before: x, row },
          step: { norm: p.sum(f.square(moved)), average: nextMean },
          stride: { frame: moved, early: mean },
        };
      },
    );
    const inputsFor = (samples: number, steps: number) => ({
      x: numbers(3 * samples),
      mean: numbers(3, 1),
      rate: numbers(steps, 2),
      kick: numbers(3 * samples * steps, 3),
      table: numbers(12, 4),
      row: Float32Array.from({ length: samples }, (_, i) => i % 4),
    });

    test.each(SAMPLES)('state, per-step inputs and all kinds of outputs, %i samples', async (samples) => {
      const steps = 7;
      for (const stride of [1, 3, 7, 8]) {
        await agrees(walk, { samples, steps, stride, seed: 4, inputs: inputsFor(samples, steps) });
      }
    });

    test('cut into calls it is the same run', async () => {
      const [samples, steps, cut] = [9, 6, 4];
      const inputs = inputsFor(samples, steps);
      const executable = await engine.compile(walk);
      const whole = await executable.run({ samples, steps, stride: 2, seed: 1, firstStep: 10, inputs });
      const head = await executable.run({
        ...{ samples, steps: cut, stride: 2, seed: 1, firstStep: 10 },
        inputs: { ...inputs, rate: inputs.rate.slice(0, cut), kick: inputs.kick.slice(0, cut * samples * 3) },
      });
      const tail = await executable.run({
        ...{ samples, steps: steps - cut, stride: 2, seed: 1, firstStep: 10 + cut },
        inputs: {
          ...inputs,
          ...{ rate: inputs.rate.slice(cut), kick: inputs.kick.slice(cut * samples * 3) },
          ...{ x: head.x!, mean: head.mean! },
        },
      });
      for (const name of ['x', 'mean', 'last', 'before']) expect(tail[name]).toEqual(whole[name]);
      for (const name of ['norm', 'average', 'frame', 'early']) {
        expect([...head[name]!, ...tail[name]!]).toEqual([...whole[name]!]);
      }
      executable.dispose();
    });

    test('two states may change places, and one may be constant', async () => {
      const specs = {
        a: { shape: [2], state: true, perSample: true },
        b: { shape: [2], state: true, perSample: true },
        c: { shape: [2], state: true },
      };
      const swap = trace('swap', specs, ({ a, b, c }) => ({ state: { a: b, b: a, c }, step: { a0: a } }));
      const inputs = { a: numbers(6), b: numbers(6, 1), c: numbers(2, 2) };
      await agrees(swap, { samples: 3, steps: 3, inputs }, 0);
    });

    test('per-sample state takes a shared next value', async () => {
      const program = trace('lift', { x: { shape: [2], state: true, perSample: true }, w: { shape: [2] } }, (x) => ({
        state: { x: p.mul(x.w, 2) },
      }));
      const { x } = await evaluate(engine, program, { samples: 5, steps: 2, inputs: { x: numbers(10), w: [1, 3] } });
      expect(Array.from(x!)).toEqual([2, 6, 2, 6, 2, 6, 2, 6, 2, 6]);
    });

    test('a hundred Langevin steps stay with the oracle', async () => {
      const program = trace('langevin', { x: { shape: [4, 3], perSample: true, state: true } }, ({ x }) => {
        const pull = p.mul(p.sub(x, f.square(x)), -0.01);
        return { state: { x: p.add(p.add(x, pull), p.mul(p.normal([4, 3], 5), 0.02)) }, stride: { frame: x } };
      });
      await agrees(program, { samples: 6, steps: 100, stride: 10, seed: 3, inputs: { x: numbers(72) } });
    });
  });

  describe('calls', () => {
    const simple = trace('simple', { x: { shape: [3], perSample: true }, w: { shape: [3] } }, ({ x, w }) => ({
      end: { y: p.mul(x, w), total: p.sumOverSamples(p.sum(p.mul(x, w))), same: x, shared: p.exp(w) },
    }));

    test('may follow each other with any number of samples, and leave their inputs alone', async () => {
      const executable = await engine.compile(simple);
      for (const samples of [200, 1, 33, 2, 200]) {
        const inputs = { x: numbers(3 * samples), w: numbers(3, 1) };
        const found = await executable.run({ samples, inputs });
        expectSame(found, await evaluate(oracle, simple, { samples, inputs }));
        expect(inputs).toEqual({ x: numbers(3 * samples), w: numbers(3, 1) });
      }
      executable.dispose();
    });

    test('may run side by side', async () => {
      const executable = await engine.compile(simple);
      const calls = [5, 8, 33].map((samples) => ({ samples, inputs: { x: numbers(3 * samples), w: numbers(3) } }));
      const found = await Promise.all(calls.map((call) => executable.run(call)));
      for (const [i, call] of calls.entries()) expectSame(found[i]!, await evaluate(oracle, simple, call));
      executable.dispose();
    });

    test('return arrays that a later call does not touch', async () => {
      const executable = await engine.compile(simple);
      const first = await executable.run({ samples: 2, inputs: { x: [1, 2, 3, 4, 5, 6], w: [1, 1, 1] } });
      await executable.run({ samples: 2, inputs: { x: [0, 0, 0, 0, 0, 0], w: [9, 9, 9] } });
      expect(Array.from(first.y!)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(Array.from(first.same!)).toEqual([1, 2, 3, 4, 5, 6]);
      executable.dispose();
    });

    test('with the wrong number of numbers are refused with a sentence', async () => {
      const executable = await engine.compile(simple);
      await expect(executable.run({ samples: 2, inputs: { x: [1, 2, 3], w: [1, 2, 3] } })).rejects.toThrow(
        "Program 'simple': input 'x' needs 6 numbers, not 3.",
      );
      await expect(executable.run({ samples: 2, inputs: { x: numbers(6) } })).rejects.toThrow(
        "Program 'simple': input 'w' needs 3 numbers, not none.",
      );
      await expect(executable.run({ samples: 0, inputs: { x: [], w: [1, 2, 3] } })).rejects.toThrow(/samples must be/);
      executable.dispose();
    });
  });

  describe('programs', () => {
    test('that only hand through their inputs and constants', async () => {
      const program = trace('through', { x: { shape: [2], perSample: true }, w: { shape: [] } }, ({ x, w }) => ({
        end: { x, w, one: p.constant(1), many: p.constant([1, 2, 3]), spread: p.spread(w), again: x },
      }));
      await agrees(program, { samples: 5, inputs: { x: numbers(10), w: [0.5] } }, 0);
    });

    test('with functions that saturate', async () => {
      const program = trace('saturate', { x: { shape: [6], perSample: true } }, ({ x }) => ({
        end: {
          ...{ tanh: p.tanh(x), sigmoid: f.sigmoid(x), silu: f.silu(x), gelu: f.gelu(x), softmax: f.softmax(x) },
          ...{ small: p.exp(p.neg(f.square(x))), clamp: f.clamp(x, -1, 2) },
        },
      }));
      await agrees(program, { samples: 2, inputs: { x: [-80, -9, -1e-4, 1e-4, 9, 80, 0, 1, 2, 3, 20, -20] } });
    });

    test('with an index outside the table, which is clamped', async () => {
      const program = trace('clamped', { t: { shape: [3] }, i: { shape: [5], perSample: true } }, ({ t, i }) => ({
        end: { y: p.gather(t, i) },
      }));
      const { y } = await evaluate(engine, program, { samples: 1, inputs: { t: [7, 8, 9], i: [-1e6, -1, 0, 3, 1e6] } });
      expect(Array.from(y!)).toEqual([7, 7, 7, 9, 9]);
    });

    test('of many axes', async () => {
      const program = trace('axes', { x: { shape: [2, 3, 2, 5], perSample: true }, w: { shape: [3, 5] } }, (i) => {
        const w = p.broadcast(i.w, [2, 3, 2, 5], [1, 3]);
        const turned = p.transpose(p.add(i.x, w), [2, 0, 3, 1]);
        return {
          end: { turned, sum: p.sum(turned, [1, 3]), max: p.max(turned, [0, 2]), part: p.slice(turned, 2, 1, 4) },
        };
      });
      for (const samples of [1, 7])
        await agrees(program, { samples, inputs: { x: numbers(60 * samples), w: numbers(15) } });
    });

    test('whose every tensor is shared', async () => {
      const program = trace('shared', { a: { shape: [5, 7] }, b: { shape: [7, 3] } }, ({ a, b }) => {
        const y = p.tanh(p.matmul(a, b));
        return { end: { y, twice: p.sumOverSamples(y), total: p.sum(y) } };
      });
      await agrees(program, { samples: 6, inputs: { a: numbers(35), b: numbers(21, 1) } });
    });

    test('without samples in the result', async () => {
      const program = trace('gram', { x: { shape: [3, 4], perSample: true } }, ({ x }) => ({
        end: { gram: p.sumOverSamples(p.matmul(x, x, true)), outer: p.sumOverSamples(p.matmul(x, x, false, true)) },
      }));
      for (const samples of [1, 7, 200]) await agrees(program, { samples, inputs: { x: numbers(12 * samples) } });
    });
  });
}
