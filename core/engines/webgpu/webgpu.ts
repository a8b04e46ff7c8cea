/**
 * The engine for graphics cards of any maker: a program's units become shaders (WGSL), one dispatch each, and a loop
 * of many steps stays on the device, from which only what was recorded comes back. It takes a `GPUDevice` and knows
 * nothing else of where it runs.
 */
import { ErgodicError } from '../../errors.ts';
import { keyOf } from '../../program/philox.ts';
import type { Program } from '../../program/program.ts';
import { sizeOf } from '../../program/tensor.ts';
import { type Call, checkedCall, type Engine, type EngineInfo, type Executable, type Results } from '../engine.ts';
import { type DeviceOptions, type Found, findDevice, type Search } from './device.ts';
import type { Kernel } from './kernel.ts';
import { kernelsOf, type ProgramKernels } from './kernels.ts';
import { STEP_BYTES, WORKGROUP } from './wgsl.ts';

/** Of workgroups along one axis, on every device. */
const MOST_GROUPS = 65535;
/** Seconds of work handed to the device at once: far below what makes drivers reset it. */
const SUBMISSION_SECONDS = 0.1;
const MOST_STEPS = 256;

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
      const found = await find();
      if ('reason' in found) throw new ErgodicError(found.reason);
      card ??= new Card(found);
      return new WebGpuExecutable(program, card);
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

/** The numbers of the standard; Node has no globals for them. */
const USAGE = { mapRead: 1, copyFrom: 4, copyTo: 8, uniform: 64, storage: 128 } as const;
const COMPUTE = 4;
const READ = 1;

const BINDINGS: readonly GPUBufferBindingLayout[] = [
  { type: 'storage' },
  { type: 'storage' },
  { type: 'storage' },
  { type: 'read-only-storage' },
  { type: 'uniform', hasDynamicOffset: true },
];

/** A device with what all programs on it share. */
class Card {
  readonly device: GPUDevice;
  readonly bindings: GPUBindGroupLayout;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  readonly #layout: GPUPipelineLayout;

  /** What the device has complained of. */
  complaint: string | undefined;

  constructor({ device }: Found) {
    this.device = device;
    device.addEventListener('uncapturederror', ({ error }) => {
      this.complaint ??= error.message;
    });
    const entries = BINDINGS.map((buffer, binding) => ({ binding, visibility: COMPUTE, buffer }));
    this.bindings = device.createBindGroupLayout({ entries });
    this.#layout = device.createPipelineLayout({ bindGroupLayouts: [this.bindings] });
  }

  /** Shaders that read alike are one. */
  pipeline({ title, code }: Kernel): GPUComputePipeline {
    const known = this.#pipelines.get(code);
    if (known) return known;
    const module = this.device.createShaderModule({ label: title, code });
    const made = this.device.createComputePipeline({ label: title, layout: this.#layout, compute: { module } });
    this.#pipelines.set(code, made);
    return made;
  }
}

class WebGpuExecutable implements Executable {
  readonly #program: Program;
  readonly #kernels: ProgramKernels;
  readonly #card: Card;
  readonly #prepared = new Map<Kernel, GPUComputePipeline>();
  readonly #fixed: GPUBuffer;
  readonly #now: GPUBuffer;
  #arena: GPUBuffer | undefined;
  #arrays: GPUBuffer | undefined;
  #bases: GPUBuffer | undefined;
  #landing: GPUBuffer | undefined;
  #before: Promise<unknown> = Promise.resolve();
  #secondsPerStep = 0;

  constructor(program: Program, card: Card) {
    this.#program = program;
    this.#card = card;
    this.#kernels = kernelsOf(program);
    const { layout } = this.#kernels;
    this.#fixed = this.#buffer(4 * layout.shared, USAGE.storage | USAGE.copyTo);
    this.#now = this.#buffer(STEP_BYTES * MOST_STEPS, USAGE.uniform | USAGE.copyTo);
    for (const { at, values } of layout.constants) this.#write(this.#fixed, 4 * at, values);
  }

  get bytes(): number {
    const all = [this.#fixed, this.#now, this.#arena, this.#arrays, this.#bases, this.#landing];
    return all.reduce((sum, buffer) => sum + (buffer?.size ?? 0), 0);
  }

  /** One call after the other: they share the buffers. */
  run(call: Call): Promise<Results> {
    const next = this.#before.then(() => this.#run(checkedCall(this.#program, call)));
    this.#before = next.catch(() => undefined);
    return next;
  }

  dispose(): void {
    const all = [this.#fixed, this.#now, this.#arena, this.#arrays, this.#bases, this.#landing];
    void this.#before.then(() => {
      for (const buffer of all) buffer?.destroy();
    });
  }

  async #run(call: Required<Call>): Promise<Results> {
    const { samples, steps, stride } = call;
    const { plan, layout } = this.#kernels;
    const { inputs, outputs } = plan.program;
    const { device } = this.#card;
    let end = 0;
    const reserve = (floats: number) => {
      const at = end;
      end += Math.ceil(floats / 4) * 4;
      return { at, floats };
    };
    const length = (x: { shape: readonly number[]; perSample: boolean }) =>
      sizeOf(x.shape) * (x.perSample ? samples : 1);
    const given = inputs.map((spec) =>
      // Shared ones go straight to their place.
      spec.perSample || spec.perStep ? reserve(length(spec) * (spec.perStep ? steps : 1)) : { at: 0, floats: 0 },
    );
    const results = end;
    const recorded = outputs.map(({ tensor, when }) => {
      const records = when === 'step' ? steps : when === 'stride' ? Math.floor(steps / stride) : 1;
      return reserve(records * length(tensor));
    });
    const states = inputs.filter(({ next }) => next !== undefined);
    const finals = states.map(({ tensor }) => reserve(length(tensor)));

    this.#arena = this.#atLeast(this.#arena, 4 * layout.perSample * samples, USAGE.storage, 'samples');
    const usage = USAGE.storage | USAGE.copyTo | USAGE.copyFrom;
    this.#arrays = this.#atLeast(this.#arrays, 4 * end, usage, 'recorded steps');
    const bases = Uint32Array.from([...given, ...recorded, ...finals], ({ at }) => at);
    const tableUsage = USAGE.storage | USAGE.copyTo;
    this.#bases = this.#atLeast(this.#bases, bases.byteLength, tableUsage, 'results');
    this.#write(this.#bases, 0, bases);
    for (const [i, spec] of inputs.entries()) {
      const numbers = Float32Array.from(call.inputs[spec.name]!);
      const direct = !spec.perSample && !spec.perStep;
      if (direct) this.#write(this.#fixed, 4 * layout.placeOf(spec.tensor), numbers);
      else this.#write(this.#arrays, 4 * given[i]!.at, numbers);
    }
    const buffers = [this.#fixed, this.#arena, this.#arrays, this.#bases];
    const group = device.createBindGroup({
      layout: this.#card.bindings,
      entries: [
        ...buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
        { binding: 4, resource: { buffer: this.#now, size: STEP_BYTES } },
      ],
    });

    for (let from = 0; from < steps; ) {
      const wanted = this.#secondsPerStep > 0 ? Math.floor(SUBMISSION_SECONDS / this.#secondsPerStep) : 1;
      const count = Math.max(1, Math.min(steps - from, wanted, MOST_STEPS));
      const begun = performance.now();
      this.#submit(call, group, from, count);
      await device.queue.onSubmittedWorkDone();
      // What was compiled on the way makes the first one slow; the quickest tells how long a step is.
      const seconds = (performance.now() - begun) / 1000 / count;
      this.#secondsPerStep = this.#secondsPerStep > 0 ? Math.min(2 * this.#secondsPerStep, seconds) : seconds;
      from += count;
    }
    const all = await this.#read(4 * results, 4 * (end - results));
    if (this.#card.complaint !== undefined) throw new Error(this.#card.complaint);
    const part = ({ at, floats }: { at: number; floats: number }) => all.slice(at - results, at - results + floats);
    return Object.fromEntries([
      ...outputs.map(({ name }, i) => [name, part(recorded[i]!)] as const),
      ...states.map(({ name }, i) => [name, part(finals[i]!)] as const),
    ]);
  }

  #submit(call: Required<Call>, group: GPUBindGroup, from: number, count: number): void {
    const { samples, steps, stride } = call;
    const { device } = this.#card;
    const { call: once, step, records, carry } = this.#kernels;
    const [low, high] = keyOf(call.seed);
    const now = new Uint32Array((count * STEP_BYTES) / 4);
    for (let i = 0; i < count; i++) {
      const index = from + i;
      now.set(
        [samples, call.firstSample, call.firstStep + index, low, high, index, Math.floor((index + 1) / stride) - 1],
        (i * STEP_BYTES) / 4,
      );
    }
    this.#write(this.#now, 0, now);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    const dispatch = (kernels: readonly Kernel[], i: number) => {
      pass.setBindGroup(0, group, [i * STEP_BYTES]);
      for (const kernel of kernels) {
        const work = kernel.count * (kernel.perSample ? samples : 1);
        const groups = kernel.byGroups ? work : Math.ceil(work / WORKGROUP);
        const across = Math.min(groups, MOST_GROUPS);
        if (groups === 0) continue;
        pass.setPipeline(this.#pipeline(kernel));
        pass.dispatchWorkgroups(across, Math.ceil(groups / across));
      }
    };
    if (from === 0) dispatch(once, 0);
    for (let i = 0; i < count; i++) {
      const index = from + i;
      dispatch(step, i);
      dispatch(records.step, i);
      if ((index + 1) % stride === 0) dispatch(records.stride, i);
      if (index + 1 === steps) dispatch(records.end, i);
      else dispatch(carry, i);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  #pipeline(kernel: Kernel): GPUComputePipeline {
    const known = this.#prepared.get(kernel);
    if (known) return known;
    const made = this.#card.pipeline(kernel);
    this.#prepared.set(kernel, made);
    return made;
  }

  async #read(from: number, bytes: number): Promise<Float32Array> {
    const { device } = this.#card;
    if (bytes === 0) return new Float32Array();
    this.#landing = this.#atLeast(this.#landing, bytes, USAGE.mapRead | USAGE.copyTo, 'results');
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#arrays!, from, this.#landing, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await this.#landing.mapAsync(READ, 0, bytes);
    const numbers = new Float32Array(this.#landing.getMappedRange(0, bytes).slice(0));
    this.#landing.unmap();
    return numbers;
  }

  #atLeast(buffer: GPUBuffer | undefined, bytes: number, usage: number, what: string): GPUBuffer {
    if (buffer && buffer.size >= bytes) return buffer;
    const { maxStorageBufferBindingSize, maxBufferSize } = this.#card.device.limits;
    if (bytes > Math.min(maxStorageBufferBindingSize, maxBufferSize)) {
      const [wanted, most] = [bytes, maxStorageBufferBindingSize].map((size) => Math.ceil(size / 2 ** 20));
      throw new ErgodicError(
        `This call needs ${wanted} MB in one piece, where this graphics card has ${most} MB: use fewer ${what} at once.`,
      );
    }
    buffer?.destroy();
    return this.#buffer(bytes, usage);
  }

  #buffer(bytes: number, usage: number): GPUBuffer {
    return this.#card.device.createBuffer({ size: Math.max(16, Math.ceil(bytes / 16) * 16), usage });
  }

  #write(buffer: GPUBuffer, at: number, numbers: Float32Array | Uint32Array): void {
    if (numbers.length > 0) this.#card.device.queue.writeBuffer(buffer, at, numbers as Float32Array<ArrayBuffer>);
  }
}
