/**
 * Every engine by name, loaded when it is first wanted, and the choice among them.
 *
 * `auto` takes the fastest engine that is always right to take. Never the oracle, which is slow by design, never
 * TensorFlow.js, which is slower than ours unless a person has set it up on purpose, and not yet the graphics card,
 * whose engine has not been measured on one.
 */
import { DeviceError, ErgodicError } from '../errors.ts';
import type { Engine, EngineInfo, EngineName } from './engine.ts';
import type { ComputeCard } from './webgpu/compute-card.ts';

export interface EngineOptions {
  /** Worker threads; as many as the machine offers by default. Engines without threads ignore it. */
  readonly threads?: number;
  /** A graphics card in software will do: right, and slower than the processor by itself. For checks only. */
  readonly software?: boolean;
}

/** Where a thread has no graphics card of its own but is lent one. */
let lender: (() => ComputeCard) | undefined;

/** From now on the engine `webgpu` of this thread computes on cards that it is lent. */
export function borrowCards(from: () => ComputeCard): void {
  lender = from;
}

type Loader = (options: EngineOptions) => Promise<Engine>;

const LOADERS: Readonly<Partial<Record<EngineName, Loader>>> = {
  wasm: async (options) => (await import('./wasm/wasm.ts')).wasmEngine(options),
  webgpu: async ({ software = false }) => {
    const [{ webgpuEngine }, { ownCard }] = await Promise.all([
      import('./webgpu/webgpu.ts'),
      import('./webgpu/own-card.ts'),
    ]);
    return webgpuEngine(lender ? lender() : ownCard({ software }));
  },
  tfjs: async () => (await import('./tfjs/tfjs.ts')).tfjsEngine(),
  reference: async () => (await import('./reference/reference.ts')).referenceEngine(),
};

/** In the order in which a person should see them. */
export const engineNames = Object.keys(LOADERS) as EngineName[];

/** The search alone starts the drivers of graphics cards, which tell the console what they think. */
const ON_REQUEST: Readonly<Partial<Record<EngineName, string>>> = {
  webgpu: 'It is looked for when it is chosen (`--engine webgpu`); in Node it needs the package `webgpu`.',
};

const AUTOMATIC: readonly EngineName[] = ['wasm'];

export async function loadEngine(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  const load = LOADERS[name];
  if (!load) {
    throw new ErgodicError(`There is no engine '${name}'; there are auto, ${engineNames.join(', ')}.`, { usage: true });
  }
  return load(options);
}

/** The named engine, or the best available one; whoever asks disposes of it. */
export async function chooseEngine(name: EngineName | 'auto', options: EngineOptions = {}): Promise<Engine> {
  const reasons: string[] = [];
  for (const candidate of name === 'auto' ? AUTOMATIC : [name]) {
    const engine = await loadEngine(candidate, options);
    const { available, reason } = await engine.describe();
    if (available) return engine;
    await engine.dispose();
    reasons.push(`The engine '${candidate}' is not available: ${reason ?? 'it does not say why.'}`);
  }
  throw new DeviceError(reasons.join(' '));
}

/** What an engine says of itself; one that cannot even be loaded is unavailable, not an error. */
export async function describeEngine(name: EngineName, options: EngineOptions = {}): Promise<EngineInfo> {
  try {
    const engine = await loadEngine(name, options);
    const info = await engine.describe();
    await engine.dispose();
    return info;
  } catch (error) {
    return unavailable(name, error instanceof Error ? error.message : String(error));
  }
}

const unavailable = (name: EngineName, reason: string): EngineInfo => ({
  ...{ name, available: false, device: 'none', threads: 0, precision: 0, reason },
});

/** All of them, but for those that have to be asked for: what they say of themselves begins with how. */
export const describeAll = (options: EngineOptions = {}): Promise<EngineInfo[]> =>
  Promise.all(
    engineNames.map(async (name) => {
      const how = ON_REQUEST[name];
      return how === undefined ? describeEngine(name, options) : unavailable(name, how);
    }),
  );
