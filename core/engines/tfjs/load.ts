/**
 * Finds TensorFlow.js at run time, if the user has installed any of it.
 *
 * Preferred first: the CUDA binding, the native CPU binding, then plain tfjs-core with its wasm or its JavaScript
 * back end. All of them are optional peer dependencies, imported through variables so that neither the bundler nor
 * the compiler needs them. Whether it computes correctly is decided elsewhere (`ergodic gradcheck`).
 */
import type * as TensorFlow from '@tensorflow/tfjs-core';

export type { TensorFlow };

/** `tensorflow` is the native library of tfjs-node and tfjs-node-gpu. */
export type Backend = 'tensorflow' | 'wasm' | 'cpu';

export interface Loaded {
  readonly tf: typeof TensorFlow;
  readonly backend: Backend;
  readonly device: string;
}

export type LoadOutcome = Loaded | { readonly reason: string };

const NATIVE = [
  { specifier: '@tensorflow/tfjs-node-gpu', device: 'TensorFlow on CUDA (tfjs-node-gpu)' },
  { specifier: '@tensorflow/tfjs-node', device: 'TensorFlow on the CPU (tfjs-node)' },
];

const PORTABLE: readonly { backend: Backend; specifier: string; device: string }[] = [
  { backend: 'wasm', specifier: '@tensorflow/tfjs-backend-wasm', device: 'WebAssembly (tfjs-backend-wasm)' },
  { backend: 'cpu', specifier: '@tensorflow/tfjs-backend-cpu', device: 'JavaScript (tfjs-backend-cpu)' },
];

const CORE: string = '@tensorflow/tfjs-core';

/** The first back end that works; only `wanted` when that is given. */
export async function loadTensorFlow(wanted?: Backend): Promise<LoadOutcome> {
  const failures: string[] = [];
  const attempt = async (specifier: string): Promise<unknown> => {
    try {
      return await import(specifier);
    } catch (error) {
      // A package that is simply not there needs no explanation; one that is there and fails does.
      if (!/Cannot find|Failed to (load|resolve)/.test(String(error)))
        failures.push(`${specifier}: ${sentence(error)}`);
      return undefined;
    }
  };
  if (wanted === undefined || wanted === 'tensorflow') {
    for (const { specifier, device } of NATIVE) {
      const tf = (await attempt(specifier)) as typeof TensorFlow | undefined;
      if (tf) return { tf, backend: 'tensorflow', device };
    }
  }
  const tf = (await attempt(CORE)) as typeof TensorFlow | undefined;
  for (const { backend, specifier, device } of PORTABLE) {
    if (tf === undefined || (wanted !== undefined && wanted !== backend)) continue;
    if ((await attempt(specifier)) === undefined) continue;
    // Otherwise its JavaScript back end advertises tfjs-node on the console.
    tf.enableProdMode();
    if (await tf.setBackend(backend)) return { tf, backend, device };
    failures.push(`${specifier}: the back end does not start.`);
  }
  const hint = 'Install @tensorflow/tfjs-node-gpu, or @tensorflow/tfjs-core with @tensorflow/tfjs-backend-wasm.';
  return { reason: ['TensorFlow.js is not usable here.', ...failures, hint].join(' ') };
}

const sentence = (error: unknown): string =>
  `${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`;
