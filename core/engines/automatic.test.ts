/** The choice between CPU and GPU, among engines that are the oracle with something done to it. */
import { expect, test } from 'vitest';
import { DeviceError } from '../errors.ts';
import { add, mul, normal } from '../program/primitives.ts';
import { trace } from '../program/program.ts';
import { automaticEngine } from './automatic.ts';
import type { Call, Engine, Executable, Results } from './engine.ts';
import { referenceEngine } from './reference/reference.ts';
import { chooseEngine } from './registry.ts';
import { wasmEngine } from './wasm/wasm.ts';
import { softwareEngine, whyNoSoftware } from './webgpu/software.test-support.ts';

/** A random walk whose steps have a length each. */
const walk = trace(
  'a walk',
  { x: { shape: [2], perSample: true, state: true }, length: { shape: [1], perStep: true } },
  (i) => {
    const x = add(i.x, mul(i.length, normal([2], 0)));
    return { state: { x }, stride: { frame: x }, step: { twice: mul(i.length, 2) } };
  },
);
const call: Call = {
  ...{ samples: 3, steps: 12, stride: 4, seed: 7, firstStep: 30 },
  inputs: { x: new Float32Array(6), length: Float32Array.from({ length: 12 }, (_, i) => 1 + i) },
};
const truth = await (await referenceEngine().compile(walk)).run(call);

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Deed {
  /** Per step. */
  readonly milliseconds?: number;
  readonly change?: (results: Results) => Results;
  readonly failure?: DeviceError;
}

/** `compiled` are its executables that are not disposed of. */
function doctored({ milliseconds = 0, change = (results) => results, failure }: Deed) {
  const oracle = referenceEngine();
  const calls: Call[] = [];
  const compiled = new Set<Executable>();
  const engine: Engine = {
    ...oracle,
    compile: async (program) => {
      const own = await oracle.compile(program);
      const executable: Executable = {
        run: async (asked) => {
          if (failure) throw failure;
          calls.push(asked);
          await wait(milliseconds * (asked.steps ?? 1));
          return change(await own.run(asked));
        },
        dispose: () => compiled.delete(executable),
      };
      compiled.add(executable);
      return executable;
    },
    describe: async () => ({ ...(await oracle.describe()), device: 'the GPU' }),
  };
  return { engine, calls, compiled };
}

async function picked(cpuDeed: Deed, gpuDeed: Deed, moment = 0) {
  const [cpu, gpu] = [doctored(cpuDeed), doctored(gpuDeed)];
  const said: string[] = [];
  const engine = automaticEngine(cpu.engine, gpu.engine, (sentence) => said.push(sentence), moment);
  const executable = await engine.compile(walk);
  expect(await executable.run(call)).toEqual(truth);
  const left = { onCpu: cpu.compiled.size, onGpu: gpu.compiled.size };
  const before = cpu.calls.length + gpu.calls.length;
  expect(await executable.run(call)).toEqual(truth);
  expect(cpu.calls.length + gpu.calls.length, 'the second call is not tried again').toBe(before + 1);
  executable.dispose();
  expect(cpu.compiled.size + gpu.compiled.size).toBe(0);
  await engine.dispose();
  return { left, said };
}

const STAYS = { onCpu: 1, onGpu: 0 };

test('a program runs on a GPU that is clearly faster, which is said with both times', async () => {
  const { left, said } = await picked({ milliseconds: 20 }, {});
  expect(left).toEqual({ onCpu: 0, onGpu: 1 });
  expect(said).toEqual([
    expect.stringMatching(/^The program "a walk" runs on the GPU: \S+ ms a step, \d+ on the CPU\.$/),
  ]);
});

test('a slower GPU is left alone', async () => {
  const { left, said } = await picked({ milliseconds: 2 }, { milliseconds: 20 });
  expect(left).toEqual(STAYS);
  expect(said).toEqual([expect.stringMatching(/runs on the CPU: the GPU takes \d+ ms a step, the CPU \S+\.$/)]);
});

test.each<[string, (results: Results) => Results]>([
  ['numbers that are off by a few hundredths', ({ x, ...rest }) => ({ ...rest, x: x!.map((value) => 1.03 * value) })],
  ['what is no number', ({ x, ...rest }) => ({ ...rest, x: x!.map((value, i) => (i === 4 ? Number.NaN : value)) })],
  ['a result too few', ({ x, ...rest }) => ({ ...rest, x: x!.slice(1) })],
])('a faster GPU is not trusted with %s', async (_, change) => {
  const { left, said } = await picked({ milliseconds: 20 }, { change });
  expect(left).toEqual(STAYS);
  expect(said).toEqual(['The program "a walk" runs on the CPU: the GPU computes something else.']);
});

test('for the work of a moment no GPU is tried', async () => {
  const { left, said } = await picked({}, { failure: new DeviceError('It is not to be asked.') }, 60_000);
  expect(left).toEqual(STAYS);
  expect(said).toEqual([]);
});

test('a GPU that fails is left alone, with its own words', async () => {
  const failure = new DeviceError('There is not enough memory on it.');
  const { left, said } = await picked({ milliseconds: 20 }, { failure });
  expect(left).toEqual(STAYS);
  expect(said).toEqual([
    'The program "a walk" runs on the CPU: the GPU fails at it. There is not enough memory on it.',
  ]);
});

const noSoftware = await whyNoSoftware();

test.skipIf(noSoftware)('a GPU that is a program is not taken, and that is said', async () => {
  const engine = await chooseEngine('auto', { threads: 1, gpus: true });
  const { name, reason } = await engine.describe();
  expect(name).toBe('wasm');
  expect(reason).toMatch(/WebGPU has no GPU, only SwiftShader/);
  await engine.dispose();
});

test.skipIf(noSoftware)('the engines that there are compute the same, so that the quicker one is taken', async () => {
  const said: string[] = [];
  const engine = automaticEngine(wasmEngine({ threads: 1 }), softwareEngine(), (line) => said.push(line), 0);
  expect(await engine.describe()).toMatchObject({ name: 'auto', available: true });
  const executable = await engine.compile(walk);
  for (const _ of ['first the CPU', 'then what was chosen']) {
    const results = await executable.run(call);
    for (const [name, numbers] of Object.entries(truth)) {
      for (const [i, number] of numbers.entries()) expect(results[name]![i]).toBeCloseTo(number, 4);
    }
  }
  expect(said).toEqual([expect.stringMatching(/SwiftShader.* ms a step/)]);
  executable.dispose();
  await engine.dispose();
});

test.skipIf(noSoftware)('the choice among all engines has a GPU beside the CPU where one will do', async () => {
  const engine = await chooseEngine('auto', { threads: 1, gpus: true, software: true });
  expect(await engine.describe()).toMatchObject({ name: 'auto', device: expect.stringMatching(/SwiftShader.*CPU/) });
  await engine.dispose();
});
