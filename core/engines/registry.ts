/**
 * Every engine by name, loaded when it is first wanted, and the choice among them.
 *
 * `auto` takes the CPU, and a real GPU beside it for the programs that it is faster at. Never the oracle,
 * which is slow by design, and never TensorFlow.js, which is slower than ours unless a person has set it up on purpose.
 */
import { DeviceError, ErgodicError } from '../errors.ts';
import { automaticEngine, type Say } from './automatic.ts';
import type { Engine, EngineInfo, EngineName } from './engine.ts';
import type { Gpu } from './webgpu/gpu.ts';

export interface EngineOptions {
  /** Worker threads; as many as the machine offers by default. Engines without threads ignore it. */
  readonly threads?: number;
  /** A software adapter will do: right, and slower than the CPU by itself. For checks only. */
  readonly software?: boolean;
  /** Whether a GPU is looked for unasked, which starts drivers that tell the console what they think. */
  readonly gpus?: boolean;
  /** Hears what `auto` has picked, and why. */
  readonly say?: Say;
}

/** Where a thread has no GPU of its own but is lent one. */
let lender: (() => Gpu) | undefined;

/** From now on the engine `webgpu` of this thread computes on GPUs that it is lent. */
export function setGpuProvider(from: () => Gpu): void {
  lender = from;
}

type Loader = (options: EngineOptions) => Promise<Engine>;

const LOADERS: Readonly<Partial<Record<EngineInfo['name'], Loader>>> = {
  wasm: async (options) => (await import('./wasm/wasm.ts')).wasmEngine(options),
  webgpu: async ({ software = false }) => {
    const [{ webgpuEngine }, { localGpu }] = await Promise.all([
      import('./webgpu/webgpu.ts'),
      import('./webgpu/local-gpu.ts'),
    ]);
    return webgpuEngine(lender ? lender() : localGpu({ software }));
  },
  tfjs: async () => (await import('./tfjs/tfjs.ts')).tfjsEngine(),
  reference: async () => (await import('./reference/reference.ts')).referenceEngine(),
};

/** In the order in which a person should see them. */
export const engineNames = Object.keys(LOADERS) as EngineName[];

export async function loadEngine(name: EngineInfo['name'], options: EngineOptions = {}): Promise<Engine> {
  const load = LOADERS[name];
  if (!load) {
    throw new ErgodicError(`There is no engine '${name}'; there are auto, ${engineNames.join(', ')}.`, { usage: true });
  }
  return load(options);
}

/** The named engine, or the one that chooses among those available; the caller disposes of it. */
export async function chooseEngine(name: EngineInfo['name'], options: EngineOptions = {}): Promise<Engine> {
  if (name === 'auto') return bestEngine(options);
  const engine = await loadEngine(name, options);
  const { available, reason } = await engine.describe();
  if (available) return engine;
  await engine.dispose();
  throw new DeviceError(`The engine '${name}' is not available: ${reason ?? 'it does not say why.'}`);
}

async function bestEngine({ gpus = false, say = () => undefined, ...options }: EngineOptions): Promise<Engine> {
  const cpu = await chooseEngine('wasm', options);
  if (!gpus) return cpu;
  try {
    return automaticEngine(cpu, await chooseEngine('webgpu', options), say);
  } catch (error) {
    const describe = async () => {
      const own = await cpu.describe();
      return { ...own, reason: [messageOf(error), own.reason].filter(Boolean).join(' ') };
    };
    return { ...cpu, describe };
  }
}

/** What an engine says of itself; one that cannot even be loaded is unavailable, not an error. */
export async function describeEngine(name: EngineName, options: EngineOptions = {}): Promise<EngineInfo> {
  try {
    const engine = await loadEngine(name, options);
    const info = await engine.describe();
    await engine.dispose();
    return info;
  } catch (error) {
    return unavailable(name, messageOf(error));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unavailable = (name: EngineName, reason: string): EngineInfo => ({
  ...{ name, available: false, device: 'none', threads: 0, precision: 0, reason },
});

const NOT_YET = 'It is looked for when there is work for it; in Node it needs the package `webgpu`.';

/** All of them; a GPU that is not looked for, with the reason. */
export const describeAll = ({ gpus = false, ...options }: EngineOptions = {}, noGpu = NOT_YET): Promise<EngineInfo[]> =>
  Promise.all(
    engineNames.map(async (name) =>
      name === 'webgpu' && !gpus ? unavailable(name, noGpu) : describeEngine(name, options),
    ),
  );
