/** The GPU of this process; one that was lost is looked for anew. */
import { DeviceError } from '../../errors.ts';
import { measureCeilings } from './ceilings.ts';
import { type DeviceOptions, findDevice, type Search } from './device.ts';
import { WebGpuExecutable } from './executable.ts';
import type { Gpu, GpuDescription } from './gpu.ts';
import { SharedDevice } from './shared-device.ts';

export function localGpu(options: DeviceOptions = {}): Gpu {
  let search: Promise<Search> | undefined;
  let gpu: SharedDevice | undefined;
  const find = () => {
    search ??= findDevice(options);
    return search;
  };
  const theGpu = async () => {
    if (gpu?.isLost) [search, gpu] = [undefined, undefined];
    const found = await find();
    if ('reason' in found) throw new DeviceError(found.reason);
    gpu ??= new SharedDevice(found, options.mostBytes);
    return gpu;
  };
  return {
    describe: async (): Promise<GpuDescription> => {
      const found = await find();
      return 'reason' in found ? found : { name: found.name, isSoftware: found.isSoftware };
    },
    compile: async (program) => await WebGpuExecutable.create(program, await theGpu()),
    ceilings: async () => await measureCeilings(await theGpu()),
    dispose: async () => {
      if (search === undefined) return;
      const found = await search;
      if ('device' in found) found.device.destroy();
      [search, gpu] = [undefined, undefined];
    },
  };
}
