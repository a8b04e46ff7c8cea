/**
 * The engine for every CPU: generated WebAssembly around hand-tuned SIMD kernels, on worker threads that share one
 * memory. Results are identical for any number of threads; trajectories and samples also for any tile size.
 *
 * Rather than interpreting a list of instructions, each program becomes a small module of its own: fused
 * element-wise work stays in registers and constant addresses cost nothing.
 */
import { ErgodicError } from '../../errors.ts';
import { fuse, type Plan } from '../../program/passes/fuse.ts';
import { optimise } from '../../program/passes/optimise.ts';
import { keyOf } from '../../program/philox.ts';
import type { Program } from '../../program/program.ts';
import { sizeOf } from '../../program/tensor.ts';
import { type Call, checkedCall, type Engine, type EngineInfo, type Executable, type Results } from '../engine.ts';
import { type Job, type Schedule, threadsFor } from './driver.ts';
import { type EmittedProgram, emitProgram } from './emit-program.ts';
import {
  chooseVariant,
  compileModule,
  createKernelMemory,
  type KernelMemory,
  type KernelModule,
  type KernelVariant,
  kernelModule,
} from './kernels.ts';
import { HEADER, LITERALS, laneBytes } from './layout.ts';
import { defaultThreads, Threads } from './threads.ts';
import { chooseTile } from './tile.ts';

export interface WasmOptions {
  readonly threads?: number | undefined;
  readonly variant?: KernelVariant | undefined;
  /** Samples in a tile, where a test wants to choose it. */
  readonly tile?: number | undefined;
}

export function wasmEngine(options: WasmOptions = {}): Engine {
  const variant = options.variant ?? chooseVariant();
  const threads = new Threads(options.threads ?? defaultThreads());
  const describe = async (): Promise<EngineInfo> => ({
    name: 'wasm',
    available: true,
    device: `CPU, WebAssembly ${variant === 'relaxed' ? 'with relaxed SIMD (fused multiply-add)' : 'SIMD'}`,
    threads: threads.count,
    precision: 2 ** -24,
    ...(variant === 'simd'
      ? { reason: 'Node 22 or newer on a CPU with FMA runs relaxed SIMD, about a third faster.' }
      : {}),
  });
  return {
    name: 'wasm',
    describe,
    compile: async (program) => new WasmExecutable(program, threads, variant, options.tile),
    dispose: () => threads.stop(),
  };
}

let loaded = 0;

class WasmExecutable implements Executable {
  readonly #program: Program;
  readonly #plan: Plan;
  readonly #threads: Threads;
  readonly #variant: KernelVariant;
  readonly #fixedTile: number | undefined;
  readonly #byTile = new Map<number, Loaded>();
  /** By number of samples: it is long in the choosing, and calls are many. */
  readonly #tiles = new Map<number, number>();

  constructor(program: Program, threads: Threads, variant: KernelVariant, tile: number | undefined) {
    this.#program = program;
    this.#plan = fuse(optimise(program));
    this.#threads = threads;
    this.#variant = variant;
    this.#fixedTile = tile;
  }

  get bytes(): number {
    return [...this.#byTile.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  run(call: Call): Promise<Results> {
    return this.#threads.exclusively(async () => {
      const full = checkedCall(this.#program, call);
      const tile = this.#tileFor(full.samples);
      let loadedTile = this.#byTile.get(tile);
      if (loadedTile === undefined) {
        loadedTile = new Loaded(this.#plan, tile, this.#variant, this.#threads);
        this.#byTile.set(tile, loadedTile);
      }
      return loadedTile.run(full);
    });
  }

  #tileFor(samples: number): number {
    if (this.#fixedTile !== undefined) return this.#fixedTile;
    const known = this.#tiles.get(samples);
    if (known !== undefined) return known;
    const tile = chooseTile(this.#plan, samples, this.#threads.count);
    this.#tiles.set(samples, tile);
    return tile;
  }

  dispose(): void {
    for (const each of this.#byTile.values()) each.drop();
    this.#byTile.clear();
  }
}

/** A program compiled for one tile size, with its memory. */
class Loaded {
  readonly #plan: Plan;
  readonly #emitted: EmittedProgram;
  readonly #code: KernelModule;
  readonly #schedule: Schedule;
  readonly #variant: KernelVariant;
  readonly #threads: Threads;
  readonly #id = loaded++;
  /** Where the arrays of a call begin. */
  readonly #arrays: number;
  #memory: KernelMemory | undefined;

  constructor(plan: Plan, tile: number, variant: KernelVariant, threads: Threads) {
    this.#plan = plan;
    this.#variant = variant;
    this.#threads = threads;
    this.#emitted = emitProgram(plan, tile, variant);
    this.#code = compileModule(this.#emitted.bytes);
    this.#schedule = this.#scheduled();
    this.#arrays = this.#emitted.layout.end + threads.count * this.#emitted.arenaBytes;
  }

  get bytes(): number {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  drop(): void {
    this.#threads.post({ kind: 'drop', id: this.#id });
  }

  #scheduled(): Schedule {
    const { program, units, accumulators } = this.#plan;
    const { layout, shared, tile, arenaBytes } = this.#emitted;
    const inputs = program.inputs.map((spec, array) => ({ ...spec, array }));
    const arrays = program.inputs.length;
    const outputs = program.outputs.map((output, i) => ({ ...output, array: arrays + i }));
    const address = layout.shared;
    const sharedSteps =
      shared.step.length > 0 || accumulators.length > 0 || outputs.some(({ tensor }) => !tensor.perSample);
    const carried = inputs.flatMap(({ tensor, next }) =>
      // Where the next value was written in its state's own place, nothing is left to carry.
      next && !tensor.perSample && address.get(next) !== address.get(tensor)
        ? [{ from: address.get(next)!, to: address.get(tensor)!, floats: sizeOf(tensor.shape) }]
        : [],
    );
    const sharedState = inputs.some(({ next, tensor }) => next && !tensor.perSample);
    return {
      tile,
      arenaBytes,
      arenas: layout.end,
      shared,
      hasSamples: units.tile.length > 0 || inputs.some(({ perSample }) => perSample),
      independentTiles: !sharedSteps && !sharedState && !inputs.some((x) => x.perStep && !x.perSample),
      recordsStep: outputs.some(({ when, tensor }) => when === 'step' && tensor.perSample),
      recordsStride: outputs.some(({ when, tensor }) => when === 'stride' && tensor.perSample),
      lanesAddress: layout.lanes,
      laneBytes: laneBytes(layout),
      sumsAddress: layout.sums,
      sums: layout.accumulatorBytes / 4,
      carried,
      stepInputs: inputs.flatMap(({ tensor, perStep, perSample, array }) =>
        perStep && !perSample ? [{ array, to: address.get(tensor)!, floats: sizeOf(tensor.shape) }] : [],
      ),
      sharedOutputs: outputs.flatMap(({ tensor, when, array }) =>
        tensor.perSample ? [] : [{ array, from: address.get(tensor)!, floats: sizeOf(tensor.shape), when }],
      ),
    };
  }

  async run(call: Required<Call>): Promise<Results> {
    const { program } = this.#plan;
    const { samples, steps, stride } = call;
    const shared = this.#emitted.layout.shared;
    // Arrays of the call lie one after the other behind the arenas; shared inputs go straight to their place.
    let end = this.#arrays;
    const reserve = (floats: number) => {
      const at = end;
      end = Math.ceil((end + 4 * floats + 16) / 16) * 16;
      return at;
    };
    const inputs = program.inputs.map((spec) => {
      const direct = !spec.perSample && !spec.perStep;
      const floats = sizeOf(spec.shape) * (spec.perSample ? samples : 1) * (spec.perStep ? steps : 1);
      return { spec, floats, at: direct ? shared.get(spec.tensor)! : reserve(floats) };
    });
    const outputs = program.outputs.map(({ name, tensor, when }) => {
      const records = when === 'step' ? steps : when === 'stride' ? Math.floor(steps / stride) : 1;
      const floats = records * sizeOf(tensor.shape) * (tensor.perSample ? samples : 1);
      return { name, floats, at: reserve(floats) };
    });
    const { buffer } = this.#memoryFor(end);
    const memory = new Float32Array(buffer);
    const header = new Int32Array(buffer, 0, LITERALS / 4);
    header.fill(0, 0, HEADER.arrays / 4);
    const [low, high] = keyOf(call.seed);
    header[HEADER.seedLow / 4] = low;
    header[HEADER.seedHigh / 4] = high;
    header[HEADER.samples / 4] = samples;
    header[HEADER.firstSample / 4] = call.firstSample;
    header[HEADER.firstStep / 4] = call.firstStep;
    [...inputs, ...outputs].forEach(({ at }, i) => {
      header[HEADER.arrays / 4 + i] = at;
    });
    for (const { spec, at } of inputs) memory.set(call.inputs[spec.name]!, at / 4);

    const threads = threadsFor(this.#schedule, samples, this.#threads.count);
    await this.#threads.run(this.#id, { threads, samples, steps, stride } satisfies Job);

    const read = ({ at, floats }: { at: number; floats: number }) => memory.slice(at / 4, at / 4 + floats);
    const results: Results = {};
    for (const output of outputs) results[output.name] = read(output);
    for (const input of inputs) if (input.spec.next) results[input.spec.name] = read(input);
    return results;
  }

  /**
   * A memory of at least this size, known to all threads. A larger one is a new one: threads learn of the growth of a
   * shared memory at a moment of their own choosing, and until then see the old length.
   */
  #memoryFor(bytes: number): KernelMemory {
    if (this.#memory && this.#memory.buffer.byteLength >= bytes) return this.#memory;
    const { layout, literals } = this.#emitted;
    let memory: KernelMemory;
    try {
      memory = createKernelMemory(this.#memory ? Math.min(1.5 * bytes, LARGEST_MEMORY) : bytes);
    } catch (error) {
      const megabytes = Math.ceil(bytes / 2 ** 20);
      throw new ErgodicError(
        `This call needs ${megabytes} MB, more than WebAssembly memory can hold: use fewer samples, or record fewer steps per call.`,
        { cause: error },
      );
    }
    new Uint32Array(memory.buffer, LITERALS).set(literals);
    for (const [y, address] of layout.shared) {
      if (y.primitive === 'constant') new Float32Array(memory.buffer, address).set(y.attributes.values!);
    }
    const schedule = this.#schedule;
    const kernels = kernelModule(this.#variant);
    this.#threads.post({ kind: 'load', id: this.#id, kernels, code: this.#code, memory, schedule });
    this.#memory = memory;
    return memory;
  }
}

const LARGEST_MEMORY = 65536 * 65536;
