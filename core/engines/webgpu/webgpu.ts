/**
 * The engine for graphics cards of any maker: a program becomes shaders (WGSL), and a loop of many steps stays on the
 * device, from which only what was recorded comes back. It takes a `GPUDevice` and knows nothing else of where it runs.
 */
import { ErgodicError } from '../../errors.ts';
import type { Engine, EngineInfo } from '../engine.ts';
import { Card } from './card.ts';
import { type DeviceOptions, findDevice, type Search } from './device.ts';
import { WebGpuExecutable } from './executable.ts';

export function webgpuEngine(options: DeviceOptions = {}): Engine {
  let search: Promise<Search> | undefined;
  const find = () => {
    search ??= findDevice(options);
    return search;
  };
  let card: Card | undefined;
  return {
    name: 'webgpu',
    describe: async (): Promise<EngineInfo> => {
      const found = await find();
      const common = { name: 'webgpu', threads: 1, precision: 2 ** -24 } as const;
      if ('reason' in found) return { ...common, available: false, device: 'none', reason: found.reason };
      const device = `WebGPU, ${found.name}`;
      if (!found.isSoftware) return { ...common, available: true, device };
      const reason = 'It is a graphics card in software, slower than the engine wasm.';
      return { ...common, available: true, device, reason };
    },
    compile: async (program) => {
      // One that is lost may have come back, as another device.
      if (card?.isLost) [search, card] = [undefined, undefined];
      const found = await find();
      if ('reason' in found) throw new ErgodicError(found.reason);
      card ??= new Card(found, options.mostBytes);
      return await WebGpuExecutable.create(program, card);
    },
    dispose: async () => {
      if (search === undefined) return;
      const found = await search;
      if ('device' in found) found.device.destroy();
      search = undefined;
      card = undefined;
    },
  };
}
