/**
 * Every engine by name, loaded when it is first wanted, and the choice among them.
 *
 * `auto` takes the fastest engine that is always right to take. Never the oracle, which is slow by design, and never
 * TensorFlow.js, which is slower than ours unless a person has set it up on purpose.
 */
import { ErgodicError } from '../errors.ts';
import type { Engine, EngineInfo, EngineName } from './engine.ts';

export interface EngineOptions {
  /** Worker threads; as many as the machine offers by default. Engines without threads ignore it. */
  readonly threads?: number;
}

type Loader = (options: EngineOptions) => Promise<Engine>;

const LOADERS: Readonly<Partial<Record<EngineName, Loader>>> = {
  wasm: async (options) => (await import('./wasm/wasm.ts')).wasmEngine(options),
  tfjs: async () => (await import('./tfjs/tfjs.ts')).tfjsEngine(),
  reference: async () => (await import('./reference/reference.ts')).referenceEngine(),
};

/** In the order in which a person should see them. */
export const engineNames = Object.keys(LOADERS) as EngineName[];

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
  throw new ErgodicError(reasons.join(' '));
}

/** What each engine says of itself; one that cannot even be loaded is unavailable, not an error. */
export async function describeAll(options: EngineOptions = {}): Promise<EngineInfo[]> {
  return Promise.all(
    engineNames.map(async (name): Promise<EngineInfo> => {
      try {
        const engine = await loadEngine(name, options);
        const info = await engine.describe();
        await engine.dispose();
        return info;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { name, available: false, device: 'none', threads: 0, precision: 0, reason };
      }
    }),
  );
}
