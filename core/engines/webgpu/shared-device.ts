/**
 * A device as programs share it: their shaders, room for their numbers, and what becomes of them when it complains or
 * is gone.
 */
import { DeviceError } from '../../errors.ts';
import type { Found } from './device.ts';
import type { Shader } from './device-program.ts';

/** The numbers of the standard; Node has no globals for them. */
export const USAGE = { mapRead: 1, copyFrom: 4, copyTo: 8, uniform: 64, storage: 128 } as const;
const COMPUTE = 4;
export const READ = 1;

const BINDINGS: readonly GPUBufferBindingLayout[] = [
  { type: 'storage' },
  { type: 'storage' },
  { type: 'storage' },
  { type: 'read-only-storage' },
  { type: 'uniform', hasDynamicOffset: true },
  { type: 'uniform', hasDynamicOffset: true },
];

const COMMENT_LINES = /^ *\/\/.*\n/gm;

/** A device with what all programs on it share. */
export class SharedDevice {
  readonly device: GPUDevice;
  readonly bindings: GPUBindGroupLayout;
  /** Of one buffer. */
  readonly mostBytes: number;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #layout: GPUPipelineLayout;

  readonly #name: string;
  #complaint: string | undefined;
  #isLost = false;

  constructor({ device, name }: Found, mostBytes = Number.POSITIVE_INFINITY) {
    const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    this.device = device;
    this.mostBytes = Math.min(mostBytes, maxStorageBufferBindingSize, maxBufferSize);
    this.#name = name;
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#complaint ??= error.message;
    });
    void device.lost.then(() => {
      this.#isLost = true;
    });
    const entries = BINDINGS.map((buffer, binding) => ({ binding, visibility: COMPUTE, buffer }));
    this.bindings = device.createBindGroupLayout({ entries });
    this.#layout = device.createPipelineLayout({ bindGroupLayouts: [this.bindings] });
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** A driver that is restarted, a GPU that is taken away or goes to sleep: nothing that lay on it is left. */
  get loss(): DeviceError {
    return new DeviceError(
      `The GPU (${this.#name}) is gone: its driver was restarted, or it was removed. Stored results ` +
        'are safe: resume, or use the CPU (engine wasm).',
    );
  }

  /** What the device has complained of since it was asked last. */
  check(): void {
    if (this.#isLost) throw this.loss;
    const complaint = this.#complaint;
    this.#complaint = undefined;
    if (complaint !== undefined) throw new Error(complaint);
  }

  /** A buffer, or a sentence where there is no room for it. */
  async buffer(bytes: number, usage: number, what: string): Promise<GPUBuffer> {
    const megabytes = (size: number) => Math.ceil(size / 2 ** 20);
    if (bytes > this.mostBytes) {
      throw new DeviceError(
        `This call needs ${megabytes(bytes)} MB in one piece, where this GPU has ${megabytes(this.mostBytes)} MB: use fewer ${what} at once.`,
      );
    }
    this.device.pushErrorScope('out-of-memory');
    const buffer = this.device.createBuffer({ size: Math.max(16, Math.ceil(bytes / 16) * 16), usage });
    if (await this.device.popErrorScope()) {
      buffer.destroy();
      throw new DeviceError(
        `The GPU (${this.#name}) has no room left for ${megabytes(bytes)} MB: use fewer ${what} at once, or close what else uses it.`,
      );
    }
    return buffer;
  }

  /** Shaders that read alike, whatever their comments, are one. Drivers make several at a time, and take long. */
  pipeline({ title, code }: Shader): Promise<GPUComputePipeline> {
    const read = code.replace(COMMENT_LINES, '');
    const known = this.#pipelines.get(read);
    if (known) return known;
    const module = this.device.createShaderModule({ label: title, code });
    const wanted = { label: title, layout: this.#layout, compute: { module } };
    const made = this.device.createComputePipelineAsync(wanted).catch((error: unknown) => {
      throw this.#isLost ? this.loss : error;
    });
    this.#pipelines.set(read, made);
    return made;
  }
}
