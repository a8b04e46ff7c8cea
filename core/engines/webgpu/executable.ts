/**
 * A program on a device: room for its numbers, its steps handed out in portions that no driver minds, and what was
 * recorded, read back. Samples that do not fit at once go one lot after the other.
 */
import { ErgodicError } from '../../errors.ts';
import { keyOf } from '../../program/philox.ts';
import type { Call, Results } from '../engine.ts';
import { type DeviceInput, type DeviceProgram, partsOf, type Records, type Shader } from './device-program.ts';
import type { GpuExecutable } from './gpu.ts';
import { READ, type SharedDevice, USAGE } from './shared-device.ts';
import { PLACES_BYTES, STEP_BYTES } from './wgsl.ts';

/** Of workgroups along one axis, on every device. */
const MOST_GROUPS = 65535;
/** Seconds of work handed to the device at once: far below what makes drivers reset it. */
const SUBMISSION_SECONDS = 0.1;
/** Turns of one submission; steps of one turn, where a shader goes through many. */
const MOST_TURNS = 256;
const MOST_LOOPED = 65536;

/** A shader on this GPU, and where what it is told begins, in bytes. */
interface Prepared {
  readonly pipeline: GPUComputePipeline;
  readonly placesAt: number;
}

/** Samples that are on the device at once. */
interface Lot {
  readonly first: number;
  readonly samples: number;
}

/** Where an array of a call lies among all of them, in numbers. */
interface Place {
  readonly at: number;
  readonly floats: number;
}

interface Places {
  readonly given: readonly Place[];
  readonly recorded: readonly Place[];
  readonly finals: readonly Place[];
  /** Where results begin, and the end of everything. */
  readonly results: number;
  readonly end: number;
}

export class WebGpuExecutable implements GpuExecutable {
  readonly #program: DeviceProgram;
  readonly #gpu: SharedDevice;
  readonly #prepared: ReadonlyMap<Shader, Prepared>;
  readonly #places: GPUBuffer;
  readonly #fixed: GPUBuffer;
  readonly #now: GPUBuffer;
  #arena: GPUBuffer | undefined;
  #arrays: GPUBuffer | undefined;
  #bases: GPUBuffer | undefined;
  #landing: GPUBuffer | undefined;
  #before: Promise<unknown> = Promise.resolve();
  /** Of calls with so many samples. */
  #pace = { samples: 0, secondsPerStep: 0 };

  private constructor(
    program: DeviceProgram,
    gpu: SharedDevice,
    prepared: ReadonlyMap<Shader, Prepared>,
    { fixed, now, places }: Record<'fixed' | 'now' | 'places', GPUBuffer>,
  ) {
    this.#program = program;
    this.#gpu = gpu;
    this.#prepared = prepared;
    this.#places = places;
    this.#fixed = fixed;
    this.#now = now;
    for (const { at, values } of program.constants) this.#write(fixed, 4 * at, values);
  }

  static async create(program: DeviceProgram, gpu: SharedDevice): Promise<WebGpuExecutable> {
    const shaders = Object.values(partsOf(program)).flat();
    const prepared = await Promise.all(
      shaders.map(async (shader, i): Promise<readonly [Shader, Prepared]> => {
        return [shader, { pipeline: await gpu.pipeline(shader), placesAt: i * PLACES_BYTES }];
      }),
    );
    const fixed = await gpu.buffer(4 * program.shared, USAGE.storage | USAGE.copyTo, 'parameters');
    const now = await gpu.buffer(STEP_BYTES * MOST_TURNS, USAGE.uniform | USAGE.copyTo, 'steps');
    const places = await gpu.buffer(PLACES_BYTES * shaders.length, USAGE.uniform | USAGE.copyTo, 'shaders');
    const told = new Uint32Array((PLACES_BYTES / 4) * shaders.length);
    for (const [i, shader] of shaders.entries()) told.set(shader.places, (PLACES_BYTES / 4) * i);
    gpu.device.queue.writeBuffer(places, 0, told);
    return new WebGpuExecutable(program, gpu, new Map(prepared), { fixed, now, places });
  }

  get bytes(): number {
    return this.#buffers.reduce((sum, { size }) => sum + size, 0);
  }

  /** One call after the other: they share the buffers. */
  run(call: Required<Call>): Promise<Results> {
    const next = this.#before.then(() => this.#answer(call));
    this.#before = next.catch(() => undefined);
    return next;
  }

  dispose(): void {
    void this.#before.then(() => {
      for (const buffer of this.#buffers) buffer.destroy();
    });
  }

  get #buffers(): GPUBuffer[] {
    const all = [this.#fixed, this.#now, this.#places, this.#arena, this.#arrays, this.#bases, this.#landing];
    return all.filter((buffer) => buffer !== undefined);
  }

  async #answer(call: Required<Call>): Promise<Results> {
    try {
      const results = await this.#run(call);
      this.#gpu.check();
      return results;
    } catch (error) {
      // Callers that wait for the device hear of its loss before the device reports it.
      await new Promise((resolve) => setTimeout(resolve));
      throw this.#gpu.isLost ? this.#gpu.loss : error;
    }
  }

  async #run(call: Required<Call>): Promise<Results> {
    const { inputs, outputs, samplesMeet } = this.#program;
    const places = this.#placesOf(call);
    const lots = this.#lotsOf(call);
    const group = await this.#makeRoom(places, lots[0]!);
    for (const [i, { at, name }] of inputs.entries())
      if (at === undefined) this.#write(this.#arrays!, 4 * places.given[i]!.at, numbersOf(call, name));
    // Where samples never meet, a lot is done with all steps before the next begins.
    for (const together of samplesMeet ? [lots] : lots.map((lot) => [lot])) {
      for (const { at, name } of inputs) if (at !== undefined) this.#write(this.#fixed, 4 * at, numbersOf(call, name));
      await this.#throughSteps(call, group, together);
    }
    const states = inputs.filter(({ isState }) => isState);
    return await this.#read(
      [
        ...outputs.map(({ name }, i) => [name, places.recorded[i]!] as const),
        ...states.map(({ name }, i) => [name, places.finals[i]!] as const),
      ],
      places,
    );
  }

  #placesOf({ samples, steps, stride }: Required<Call>): Places {
    const { inputs, outputs } = this.#program;
    let end = 0;
    const reserve = (floats: number): Place => {
      const at = end;
      end += Math.ceil(floats / 4) * 4;
      return { at, floats };
    };
    const length = ({ size, perSample }: Pick<DeviceInput, 'size' | 'perSample'>) => size * (perSample ? samples : 1);
    const given = inputs.map((input) =>
      // Shared ones that are the same in all steps go straight to their place.
      reserve(input.at === undefined ? length(input) * (input.perStep ? steps : 1) : 0),
    );
    const results = end;
    const records = { step: steps, stride: Math.floor(steps / stride), end: 1 };
    const recorded = outputs.map((output) => reserve(records[output.when] * length(output)));
    const finals = inputs.filter(({ isState }) => isState).map((state) => reserve(length(state)));
    return { given, recorded, finals, results, end };
  }

  /** As many samples at once as there is room for in one buffer. */
  #lotsOf({ samples }: Required<Call>): Lot[] {
    const { inputs, perSample: numbers, samplesMeet } = this.#program;
    const most = Math.max(1, Math.floor(this.#gpu.mostBytes / Math.max(4, 4 * numbers)));
    const hasState = inputs.some(({ perSample, isState }) => perSample && isState);
    if (samples > most && samplesMeet && hasState) {
      throw new ErgodicError(
        `${samples} samples that depend on each other do not fit this GPU, which has room for ${most}: use fewer samples at once.`,
      );
    }
    const size = Math.min(samples, most);
    if (samplesMeet && samples > MOST_TURNS * size) {
      throw new ErgodicError(
        `${samples} samples are too many for this GPU, of which it has room for ${size} at a time: use fewer samples at once.`,
      );
    }
    return Array.from({ length: Math.ceil(samples / size) }, (_, i) => ({
      first: i * size,
      samples: Math.min(size, samples - i * size),
    }));
  }

  async #makeRoom({ given, recorded, finals, end }: Places, { samples }: Lot): Promise<GPUBindGroup> {
    this.#arena = await this.#atLeast(this.#arena, 4 * this.#program.perSample * samples, USAGE.storage, 'samples');
    const usage = USAGE.storage | USAGE.copyTo | USAGE.copyFrom;
    this.#arrays = await this.#atLeast(this.#arrays, 4 * end, usage, 'samples or recorded steps');
    const bases = Uint32Array.from([...given, ...recorded, ...finals], ({ at }) => at);
    this.#bases = await this.#atLeast(this.#bases, bases.byteLength, USAGE.storage | USAGE.copyTo, 'results');
    this.#write(this.#bases, 0, bases);
    const buffers = [this.#fixed, this.#arena, this.#arrays, this.#bases];
    return this.#gpu.device.createBindGroup({
      layout: this.#gpu.bindings,
      entries: [
        ...buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
        { binding: 4, resource: { buffer: this.#now, size: STEP_BYTES } },
        { binding: 5, resource: { buffer: this.#places, size: PLACES_BYTES } },
      ],
    });
  }

  async #throughSteps(call: Required<Call>, group: GPUBindGroup, lots: readonly Lot[]): Promise<void> {
    const { samples, steps } = call;
    if (this.#pace.samples !== samples) this.#pace = { samples, secondsPerStep: 0 };
    const pace = this.#pace;
    const most = this.#program.loops ? MOST_LOOPED : Math.max(1, Math.floor(MOST_TURNS / lots.length));
    /** When the device was done with what it was given last. */
    let before: Promise<number> = Promise.resolve(0);
    for (let from = 0; from < steps; ) {
      // A device that is gone takes whatever it is given, and does none of it.
      this.#gpu.check();
      const wanted = pace.secondsPerStep > 0 ? Math.floor(SUBMISSION_SECONDS / pace.secondsPerStep) : 1;
      const count = Math.max(1, Math.min(steps - from, wanted, most));
      const begun = performance.now();
      this.#submit(call, group, lots, from, count);
      const done = heard(this.#gpu.device.queue.onSubmittedWorkDone());
      // The next one is written while the device does this one.
      const free = await before;
      const timed = done.then(() => {
        const now = performance.now();
        // What was compiled on the way makes the first one slow; the quickest tells how long a step is.
        const seconds = (now - Math.max(begun, free)) / 1000 / count;
        pace.secondsPerStep = pace.secondsPerStep > 0 ? Math.min(2 * pace.secondsPerStep, seconds) : seconds;
        return now;
      });
      before = heard(timed);
      from += count;
    }
    await before;
  }

  /** Each turn has commands of its own: it is one of them that must not take too long. */
  #submit(call: Required<Call>, group: GPUBindGroup, lots: readonly Lot[], from: number, count: number): void {
    const { loops, call: once, step, ofSamples, post, records, carry } = this.#program;
    const { steps, stride } = call;
    const { device } = this.#gpu;
    const commands: GPUCommandBuffer[] = [];
    const now: Uint32Array[] = [];
    const isLast = (index: number) => index + 1 === steps;
    const due = (all: Records<readonly Shader[]>, index: number) => [
      ...all.step,
      ...((index + 1) % stride === 0 ? all.stride : []),
      ...(isLast(index) ? all.end : []),
    ];
    for (let index = from; index < from + count; index += loops ? count : 1) {
      for (const [i, lot] of lots.entries()) {
        const shaders = [
          ...(i > 0 ? [] : [...(index === 0 ? once : []), ...step]),
          ...(index === 0 || lots.length > 1 ? ofSamples.load : []),
          ...ofSamples.step,
          ...due(ofSamples.records, index),
          ...(isLast(index) ? [] : ofSamples.carry),
          ...(i + 1 < lots.length ? [] : [...post, ...due(records, index), ...(isLast(index) ? [] : carry)]),
        ];
        commands.push(this.#commands(shaders, group, lot.samples, now.length));
        now.push(nowOf(call, lot, index, loops ? count : 1));
      }
    }
    const words = new Uint32Array((now.length * STEP_BYTES) / 4);
    for (const [turn, of] of now.entries()) words.set(of, (turn * STEP_BYTES) / 4);
    this.#write(this.#now, 0, words);
    device.queue.submit(commands);
  }

  #commands(shaders: readonly Shader[], group: GPUBindGroup, samples: number, turn: number): GPUCommandBuffer {
    const encoder = this.#gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const shader of shaders) {
      const { count, span, perGroup } = shader;
      const groups = Math.ceil((count * (span > 0 ? Math.ceil(samples / span) : 1)) / perGroup);
      const across = Math.min(groups, MOST_GROUPS);
      if (groups === 0) continue;
      const { pipeline, placesAt } = this.#prepared.get(shader)!;
      pass.setBindGroup(0, group, [turn * STEP_BYTES, placesAt]);
      pass.setPipeline(pipeline);
      pass.dispatchWorkgroups(across, Math.ceil(groups / across));
    }
    pass.end();
    return encoder.finish();
  }

  async #read(wanted: readonly (readonly [string, Place])[], { results, end }: Places): Promise<Results> {
    const { device } = this.#gpu;
    const bytes = 4 * (end - results);
    if (bytes === 0) return Object.fromEntries(wanted.map(([name]) => [name, new Float32Array()]));
    this.#landing = await this.#atLeast(this.#landing, bytes, USAGE.mapRead | USAGE.copyTo, 'results');
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#arrays!, 4 * results, this.#landing, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await this.#landing.mapAsync(READ, 0, bytes);
    const landed = new Float32Array(this.#landing.getMappedRange(0, bytes));
    const copies = wanted.map(([name, { at, floats }]) => {
      return [name, landed.slice(at - results, at - results + floats)] as const;
    });
    this.#landing.unmap();
    return Object.fromEntries(copies);
  }

  async #atLeast(buffer: GPUBuffer | undefined, bytes: number, usage: number, what: string): Promise<GPUBuffer> {
    if (buffer && buffer.size >= bytes) return buffer;
    const made = await this.#gpu.buffer(bytes, usage, what);
    buffer?.destroy();
    return made;
  }

  #write(buffer: GPUBuffer, at: number, numbers: Float32Array | Uint32Array): void {
    if (numbers.length > 0) this.#gpu.device.queue.writeBuffer(buffer, at, numbers as Float32Array<ArrayBuffer>);
  }
}

/** That a device is lost is said once, by whatever waits for it first. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function numbersOf({ inputs }: Required<Call>, name: string): Float32Array {
  const given = inputs[name]!;
  return given instanceof Float32Array ? given : Float32Array.from(given);
}

/** What shaders are told of their step, in the order of `Now` in wgsl.ts. */
function nowOf(call: Required<Call>, { first, samples }: Lot, index: number, count: number): Uint32Array {
  const { steps, stride } = call;
  const [low, high] = keyOf(call.seed);
  const record = Math.floor((index + 1) / stride) - 1;
  const ofSamples = [samples, first, call.samples, call.firstSample + first];
  return Uint32Array.from([...ofSamples, call.firstStep + index, low, high, index, record, count, steps, stride]);
}
