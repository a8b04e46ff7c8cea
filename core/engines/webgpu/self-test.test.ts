import { describe, expect, test } from 'vitest';
import { mul } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import type { Call, Engine, Results } from '../engine.ts';
import { referenceEngine } from '../reference/reference.ts';
import { wasmEngine } from '../wasm/wasm.ts';
import type { Gpu } from './gpu.ts';
import { selfTest } from './self-test.ts';
import { softwareEngine, softwareGpu, whyNoSoftware } from './software.test-support.ts';
import { webgpuEngine } from './webgpu.ts';

describe('a GPU that is asked what it can do', () => {
  test('passes when it computes as it should', async (context) => {
    const wasm = wasmEngine({ threads: 1 });
    expect(await selfTest(wasm)).toBeUndefined();
    await wasm.dispose();
    const missing = await whyNoSoftware();
    if (missing) return context.skip(missing);
    const engine = softwareEngine();
    expect(await selfTest(engine)).toBeUndefined();
    await engine.dispose();
  });

  test.each<[string, number, number]>([
    ['sines', 3, 2 ** -11],
    ['exponentials', 119, 40],
    ['what is not a number', 122, 1],
    ['random numbers', 50, 1e-3],
  ])('fails for %s that are off', async (name, place, by) => {
    const change = (results: Results) => {
      results[name]![place]! += by;
      return results;
    };
    expect(await selfTest(doctored(change))).toBe(name);
  });

  test('is refused in a sentence if it fails, and asked once if it does not', async (context) => {
    const missing = await whyNoSoftware();
    if (missing) return context.skip(missing);
    const software = softwareGpu();
    let error = 2 ** -11;
    const compiled: string[] = [];
    const gpu: Gpu = {
      ...software,
      describe: async () => ({ name: 'Fast GPU', isSoftware: false }),
      compile: async (program) => {
        compiled.push(program.name);
        const own = await software.compile(program);
        const run = async (call: Required<Call>) => {
          const results = await own.run(call);
          results.cosines?.forEach((number, i, all) => {
            all[i] = number + error;
          });
          return results;
        };
        return { bytes: own.bytes, run, dispose: () => own.dispose() };
      },
    };
    const engine = webgpuEngine(gpu);
    await expect(engine.compile(doubling)).rejects.toThrow('WebGPU, Fast GPU computes cosines wrongly.');
    error = 0;
    for (const times of [1, 2]) {
      const executable = await engine.compile(doubling);
      expect([...(await executable.run({ samples: 1, inputs: { x: [times] } })).y!]).toEqual([2 * times]);
      executable.dispose();
    }
    expect(compiled).toEqual(['self-test', 'self-test', 'doubling', 'doubling']);
    await engine.dispose();
  });
});

const doubling = trace('doubling', { x: { shape: [], perSample: true } }, ({ x }) => ({ end: { y: mul(x, 2) } }));

function doctored(change: (results: Results) => Results): Engine {
  const oracle = referenceEngine();
  return {
    ...oracle,
    compile: async (program) => {
      const own = await oracle.compile(program);
      return { run: async (call) => change(await own.run(call)), dispose: () => own.dispose() };
    },
  };
}
