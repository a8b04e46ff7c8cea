import { expect, test } from 'vitest';
import type { CommandContext } from '../context.ts';
import { run } from './bench.ts';

const context = (): CommandContext => {
  const { signal } = new AbortController();
  return { signal, task: (name) => ({ name, signal, report: () => undefined }), say: () => undefined };
};
const size = { beads: 2, hidden: 8, layers: 1, batch: 4, json: true } as const;

test('one suite alone gives the machine and its own results', async () => {
  const { json, text } = await run({ ...size, suite: 'kernels', engine: 'auto', threads: 1 }, context());
  expect(json).toMatchObject({
    machine: { engine: 'wasm', threads: 1, cpu: expect.any(String), cores: expect.any(Number) },
    results: [
      { name: 'peak_gflops_1thread', value: expect.any(Number), unit: 'GFLOP/s' },
      { name: 'matmul_gflops_1thread', unit: 'GFLOP/s', fractionOfPeak: expect.any(Number) },
      { name: 'weight_gradient_gflops_1thread', unit: 'GFLOP/s' },
    ],
  });
  expect(text).toContain('matmul_gflops_1thread');
});

test('the kernels of an engine without kernels are not timed', async () => {
  const asked = run({ ...size, suite: 'kernels', engine: 'reference', threads: 0 }, context());
  await expect(asked).rejects.toThrow('The suite `kernels` is about the engine wasm, or the limits of a GPU.');
});
