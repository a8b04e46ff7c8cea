/**
 * Finds a device: the browser's own, or through the `webgpu` package (Dawn), if the user has installed it. A software
 * adapter is slower than the `wasm` engine and is taken only by those who ask for it.
 */

export interface Found {
  readonly device: GPUDevice;
  /** What a person calls it. */
  readonly name: string;
  readonly isSoftware: boolean;
}

export type Search = Found | { readonly reason: string };

/** Where a GPU is looked for. */
export type Source = () => Promise<GPU | undefined>;

export interface DeviceOptions {
  /** Also a software adapter: for tests. */
  readonly software?: boolean;
  readonly source?: Source;
  /** Every device that is found: for tests, which take it away. */
  readonly onDevice?: (device: GPUDevice) => void;
  /** Of one buffer, if less than the device has: for tests. */
  readonly mostBytes?: number;
}

const PACKAGE: string = 'webgpu';
/** Dawn's own; a device does not keep it alive. */
let dawn: GPU | undefined;

export async function findDevice({
  software = false,
  source = usualSource,
  onDevice,
}: DeviceOptions = {}): Promise<Search> {
  let gpu: GPU | undefined;
  try {
    gpu = await source();
  } catch (error) {
    return { reason: `WebGPU does not start: ${sentence(error)}` };
  }
  if (!gpu) return { reason: 'There is no WebGPU here. In Node, install the package `webgpu`.' };
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return { reason: 'WebGPU finds no GPU.' };
  const { info, limits } = adapter;
  const isSoftware =
    info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${info.architecture} ${info.description}`);
  const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'a GPU';
  if (isSoftware && !software) {
    return { reason: `WebGPU has no GPU, only ${name}, which is slower than the engine wasm.` };
  }
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
    },
  });
  onDevice?.(device);
  return { device, name, isSoftware };
}

async function usualSource(): Promise<GPU | undefined> {
  const own = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
  if (own) return own;
  try {
    const { create } = (await import(/* @vite-ignore */ PACKAGE)) as { create(options: string[]): GPU };
    // Shaders come from here and not from strangers, and stay within their arrays without a guard around each access.
    dawn ??= create(['enable-dawn-features=disable_robustness']);
    return dawn;
  } catch (error) {
    if (/Cannot find (package|module)/.test(String(error))) return undefined;
    throw error;
  }
}

const sentence = (error: unknown): string =>
  `${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`;
