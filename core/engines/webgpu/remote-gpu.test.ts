/** A GPU in another process computes what a local one does; its failures and its loss are reported here. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { ErgodicError } from '../../errors.ts';
import { add, mul, normal } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import type { Gpu, GpuDescription } from './gpu.ts';
import { type Door, remoteGpu, serveGpu } from './remote-gpu.ts';
import { softwareGpu, whyNoSoftware } from './software.test-support.ts';
import { webgpuEngine } from './webgpu.ts';

/** Everything that crosses is copied, as between processes. */
const doorOf = (port: MessagePort): Door => ({
  send: (message) => port.postMessage(message),
  receive: (listener) => port.on('message', listener),
});

function behindADoor(gpu: Gpu) {
  const { port1, port2 } = new MessageChannel();
  serveGpu(doorOf(port2), gpu);
  return { gpu: remoteGpu(doorOf(port1)), close: () => port1.close() };
}

const walk = trace('walk', { x: { shape: [3], perSample: true, state: true }, by: { shape: [] } }, ({ x, by }) => ({
  state: { x: add(x, mul(by, normal([3], 1))) },
  stride: { frame: x },
}));

test('the same numbers, and calls that are wrong are answered', { tags: ['full'] }, async (context) => {
  const missing = await whyNoSoftware();
  if (missing) return context.skip(missing);
  const own = softwareGpu({ mostBytes: 2 ** 20 });
  const far = behindADoor(own);
  const call = { samples: 5, steps: 7, stride: 2, seed: 3, inputs: { x: new Float32Array(15).fill(1), by: [0.1] } };
  const [near, distant] = [webgpuEngine(own), webgpuEngine(far.gpu)];
  expect(await distant.describe()).toEqual(await near.describe());
  expect(Object.keys(await distant.ceilings!())).toEqual(Object.keys(await near.ceilings!()));
  const [here, there] = [await near.compile(walk), await distant.compile(walk)];
  expect(await there.run(call)).toEqual(await here.run(call));
  expect(there.bytes).toBe(here.bytes);
  await expect(there.run({ ...call, samples: 4 })).rejects.toThrow(
    "Program 'walk': input 'x' needs 12 numbers, not 15.",
  );
  for (const executable of [here, there]) executable.dispose();
  await distant.dispose();
  await near.dispose();
  far.close();
});

test('a sentence stays a sentence, a defect a defect, and an end is one for all who wait', async () => {
  const reasons = [new ErgodicError('The GPU is asleep.'), new TypeError('x is not a function')];
  const late: ((error: Error) => void)[] = [];
  let facts: GpuDescription = { reason: 'There is none.' };
  const far = behindADoor({
    describe: async () => facts,
    ceilings: () => Promise.reject(new Error('not asked for')),
    compile: () => {
      const reason = reasons.shift();
      return reason ? Promise.reject(reason) : new Promise((_, reject) => late.push(reject));
    },
    dispose: async () => undefined,
  });
  const engine = webgpuEngine(far.gpu);
  expect(await engine.describe()).toMatchObject({ available: false, reason: 'There is none.' });
  await expect(engine.compile(walk)).rejects.toThrow('There is none.');
  facts = { name: 'a GPU', isSoftware: true };
  await expect(engine.compile(walk)).rejects.toThrow(ErgodicError);
  await expect(engine.compile(walk)).rejects.toThrow(/^x is not a function$/);
  const waiting = engine.compile(walk);
  setTimeout(() => far.gpu.close(), 20);
  await expect(waiting).rejects.toThrow(/^The window that has the GPU is gone\./);
  await expect(engine.compile(walk)).rejects.toThrow(/is gone/);
  late[0]!(new Error('too late for anyone'));
  far.close();
});
