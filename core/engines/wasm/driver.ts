/**
 * What one thread does during a call: claim tiles, run them step by step, meet the other threads at barriers.
 *
 * All arithmetic is in the generated module; this file only says what runs when, which is why it may be JavaScript.
 * The same numbers result for any number of threads: tiles belong to lanes, and a lane is worked through in order by
 * whichever thread holds it.
 */
import type { ParallelLevel } from './emit-shared.ts';
import { instantiate, type KernelMemory, type KernelModule } from './kernels.ts';
import { HEADER } from './layout.ts';

/** What a thread needs to know of an executable, once. Plain data, so that it can be posted to a thread. */
export interface Schedule {
  readonly tile: number;
  readonly arenaBytes: number;
  readonly arenas: number;
  readonly shared: Readonly<Record<'call' | 'step' | 'post', readonly ParallelLevel[]>>;
  readonly hasSamples: boolean;
  /** Every step needs only its own tile's past: tiles can run through all steps on their own. */
  readonly independentTiles: boolean;
  readonly recordsStep: boolean;
  readonly recordsStride: boolean;
  readonly lanesAddress: number;
  readonly laneBytes: number;
  readonly sumsAddress: number;
  /** Floats of all accumulators together; 0 where nothing is summed over samples. */
  readonly sums: number;
  /** Shared state: the next value is copied to its place after every step. */
  readonly carried: readonly { from: number; to: number; floats: number }[];
  /** Shared inputs with a value for each step. */
  readonly stepInputs: readonly { array: number; to: number; floats: number }[];
  readonly sharedOutputs: readonly { array: number; from: number; floats: number; when: 'end' | 'step' | 'stride' }[];
}

export interface Job {
  /** That work on it: those of the lowest numbers. */
  readonly threads: number;
  readonly samples: number;
  readonly steps: number;
  readonly stride: number;
}

type Generated = Record<string, (...args: number[]) => void>;

/** Turns before a waiting thread goes to sleep: about a tenth of a millisecond, longer than any wait within a step. */
const SPIN = 100_000;

export class Driver {
  readonly #schedule: Schedule;
  readonly #memory: KernelMemory;
  readonly #kernels: ReturnType<typeof instantiate>;
  readonly #code: Generated;
  readonly #thread: number;
  /** Of the present call. */
  #threads = 1;
  readonly #arena: number;

  constructor(
    kernelModule: KernelModule,
    code: KernelModule,
    memory: KernelMemory,
    schedule: Schedule,
    thread: number,
  ) {
    this.#schedule = schedule;
    this.#memory = memory;
    this.#kernels = instantiate(kernelModule, memory);
    this.#code = new WebAssembly.Instance(code, {
      env: { memory },
      kernel: this.#kernels as unknown as WebAssembly.ModuleImports,
    }).exports as Generated;
    this.#thread = thread;
    this.#arena = schedule.arenas + thread * schedule.arenaBytes;
  }

  run({ threads, samples, steps, stride }: Job): void {
    this.#threads = threads;
    const s = this.#schedule;
    this.#sharedWork(s.shared.call);
    const tiles = s.hasSamples ? Math.ceil(samples / s.tile) : 0;
    if (s.independentTiles) {
      this.#claim(tiles, 0, (tile) => {
        this.#throughAllSteps(tile, samples, steps, stride);
      });
      this.#meet();
      return;
    }
    const lanes = lanesFor(tiles);
    for (let step = 0; step < steps; step++) {
      this.#loadStepInputs(step);
      this.#sharedWork(s.shared.step);
      this.#claim(lanes, step, (lane) => {
        for (let tile = lane; tile < tiles; tile += lanes)
          this.#oneStep(tile, lane, tile >= lanes, samples, step, stride);
      });
      this.#meet();
      if (s.sums > 0) {
        const [from, to] = this.#part(s.sums);
        if (to > from) this.#kernels.reduceLanes(s.sumsAddress, s.lanesAddress, s.laneBytes, lanes, from, to);
        this.#meet();
      }
      this.#sharedWork(s.shared.post);
      this.#finishStep(step, steps, stride);
    }
  }

  /** Waits for the other threads. */
  #meet(): void {
    if (this.#threads > 1) this.#kernels.barrier(HEADER.barrier, this.#threads, SPIN);
  }

  /** This thread's part of 0…extent. */
  #part(extent: number): [number, number] {
    return [
      Math.floor((extent * this.#thread) / this.#threads),
      Math.floor((extent * (this.#thread + 1)) / this.#threads),
    ];
  }

  #sharedWork(levels: readonly ParallelLevel[]): void {
    for (const { alone, units } of levels) {
      units.forEach(({ name, extent }, i) => {
        // What cannot be divided is dealt out in turn.
        const whole = alone ? this.#thread === 0 : i % this.#threads === this.#thread;
        if (alone || extent === 1) {
          if (whole) this.#code[name]!(0, extent);
          return;
        }
        const [from, to] = this.#part(extent);
        if (to > from) this.#code[name]!(from, to);
      });
      this.#meet();
    }
  }

  /** Takes numbers below `count` until none is left; `round` tells one use of the counter from the next. */
  #claim(count: number, round: number, work: (index: number) => void): void {
    const counter = new Int32Array(this.#memory.buffer, HEADER.nextLane, 1);
    // Each round hands out `count` numbers and turns every thread away once.
    const base = round * (count + this.#threads);
    for (;;) {
      const index = Atomics.add(counter, 0, 1) - base;
      if (index >= count) return;
      work(index);
    }
  }

  #throughAllSteps(tile: number, samples: number, steps: number, stride: number): void {
    const {
      enter,
      tile: compute,
      recordStep,
      recordStride,
      advance,
      leave,
    } = this.#code as Record<string, (...a: number[]) => void>;
    const s = this.#schedule;
    const first = tile * s.tile;
    const valid = Math.min(s.tile, samples - first);
    enter!(this.#arena, first, valid);
    for (let step = 0; step < steps; step++) {
      compute!(this.#arena, first, valid, step, 0, 0);
      if (s.recordsStep) recordStep!(this.#arena, first, valid, step);
      if (s.recordsStride && (step + 1) % stride === 0)
        recordStride!(this.#arena, first, valid, (step + 1) / stride - 1);
      advance!(this.#arena);
    }
    leave!(this.#arena, first, valid);
  }

  #oneStep(tile: number, lane: number, accumulate: boolean, samples: number, step: number, stride: number): void {
    const s = this.#schedule;
    const first = tile * s.tile;
    const valid = Math.min(s.tile, samples - first);
    const block = s.lanesAddress + lane * s.laneBytes;
    this.#code.enter!(this.#arena, first, valid);
    this.#code.tile!(this.#arena, first, valid, step, block, accumulate ? 1 : 0);
    if (s.recordsStep) this.#code.recordStep!(this.#arena, first, valid, step);
    if (s.recordsStride && (step + 1) % stride === 0)
      this.#code.recordStride!(this.#arena, first, valid, (step + 1) / stride - 1);
    this.#code.advance!(this.#arena);
    this.#code.leave!(this.#arena, first, valid);
  }

  #loadStepInputs(step: number): void {
    const { stepInputs } = this.#schedule;
    if (stepInputs.length === 0) return;
    if (this.#thread === 0) {
      const floats = new Float32Array(this.#memory.buffer);
      for (const { array, to, floats: n } of stepInputs) {
        const from = this.#arrayAddress(array) / 4 + step * n;
        for (let i = 0; i < n; i++) floats[to / 4 + i] = floats[from + i]!;
      }
    }
    this.#meet();
  }

  #finishStep(step: number, steps: number, stride: number): void {
    const { carried, sharedOutputs } = this.#schedule;
    if (carried.length === 0 && sharedOutputs.length === 0) return;
    const floats = new Float32Array(this.#memory.buffer);
    for (const { from, to, floats: n } of carried) {
      const [first, end] = this.#part(n);
      floats.copyWithin(to / 4 + first, from / 4 + first, from / 4 + end);
    }
    if (this.#thread === 0) {
      for (const { array, from, floats: n, when } of sharedOutputs) {
        if (when === 'end' && step !== steps - 1) continue;
        if (when === 'stride' && (step + 1) % stride !== 0) continue;
        const record = when === 'end' ? 0 : when === 'step' ? step : (step + 1) / stride - 1;
        const to = this.#arrayAddress(array) / 4 + record * n;
        floats.copyWithin(to, from / 4, from / 4 + n);
      }
    }
    this.#meet();
  }

  #arrayAddress(array: number): number {
    return new Int32Array(this.#memory.buffer, HEADER.arrays, array + 1)[array]!;
  }
}

/** More would have nothing to do but to be waited for. */
export const threadsFor = ({ tile, hasSamples, independentTiles }: Schedule, samples: number, most: number): number =>
  hasSamples && independentTiles ? Math.min(most, Math.ceil(samples / tile)) : most;

/** Lanes are a power of two, for a fixed tree of sums, and depend on nothing but the number of tiles. */
function lanesFor(tiles: number): number {
  return tiles >= 8 ? 8 : tiles >= 4 ? 4 : tiles >= 2 ? 2 : tiles;
}
