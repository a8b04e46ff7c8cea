import { expect, test } from 'vitest';
import type { EngineName } from './engine.ts';
import { chooseEngine, describeAll, engineNames } from './registry.ts';

test('every engine describes itself, available or not', async () => {
  const infos = await describeAll({ threads: 1 });
  expect(infos.map(({ name }) => name)).toEqual(engineNames);
  for (const { available, device, reason } of infos) {
    if (available) expect(device).not.toBe('');
    else expect(reason).toMatch(/\.$/);
  }
});

test('auto never takes the oracle or TensorFlow.js', async () => {
  const engine = await chooseEngine('auto', { threads: 1 });
  expect(engine.name).toBe('wasm');
  await engine.dispose();
});

test.each(['reference', 'wasm'] as const)('an engine can be had by its name: %s', async (name) => {
  const engine = await chooseEngine(name, { threads: 1 });
  expect(engine.name).toBe(name);
  await engine.dispose();
});

test('an unknown name is answered with those there are', async () => {
  await expect(chooseEngine('cuda' as EngineName)).rejects.toThrow(
    "There is no engine 'cuda'; there are auto, wasm, webgpu, tfjs, reference.",
  );
});
