import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DeviceError } from '../errors.ts';
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

test('auto takes the CPU where no GPU answers, not TensorFlow.js, though it is installed here', async () => {
  vi.doMock('./webgpu/webgpu.ts', () => ({
    webgpuEngine: () => {
      throw new DeviceError('There is none.');
    },
  }));
  onTestFinished(() => vi.doUnmock('./webgpu/webgpu.ts'));
  const engine = await chooseEngine('auto', { threads: 1, gpus: true });
  expect(engine.name).toBe('wasm');
  expect((await engine.describe()).reason).toContain('There is none.');
  await engine.dispose();
});

test('TensorFlow.js is for those who install it: an optional peer, and no dependency', async () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const isTensorFlow = (name: string) => name.startsWith('@tensorflow/');
  const peers = Object.keys(manifest.peerDependencies).filter(isTensorFlow);
  expect(peers).toContain('@tensorflow/tfjs-node-gpu');
  for (const peer of peers) expect(manifest.peerDependenciesMeta[peer]).toEqual({ optional: true });
  expect(Object.keys(manifest.dependencies).filter(isTensorFlow)).toEqual([]);
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
