/**
 * What a computer can do for us: compile a program and run it. Nothing here knows of molecules or models.
 *
 * A call is a pure function: state goes in with the inputs and comes back with the results, so that the caller
 * can store it, and resume. Arrays are row-major; per-sample arrays have the samples first; what varies by step
 * (per-step inputs, recorded outputs) has the steps before that.
 */
import type { Program } from '../program/program.ts';

export type Numbers = Float32Array | Float64Array;

export type EngineName = 'reference' | 'wasm' | 'webgpu' | 'tfjs';

export interface EngineInfo {
  /** `auto`: what chooses for each program. */
  readonly name: EngineName | 'auto';
  readonly available: boolean;
  readonly device: string;
  readonly threads: number;
  /** Relative rounding unit of one operation. */
  readonly precision: number;
  /** Why the engine is unavailable, or what would make it faster. */
  readonly reason?: string;
}

export interface Call {
  /** Number of samples, the length of every per-sample array's sample axis. */
  readonly samples: number;
  /** Repetitions of the program in this call; 1 by default. */
  readonly steps?: number;
  /** `stride` outputs are recorded after every stride-th step; 1 by default. */
  readonly stride?: number;
  /** Names the random numbers together with the step and the sample; 0 by default. */
  readonly seed?: number;
  /** Number of this call's first step in the whole run, so that a run can be cut into calls. */
  readonly firstStep?: number;
  /** Number of this call's first sample in the whole set, likewise. */
  readonly firstSample?: number;
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>;
}

/** Final state and recorded outputs by name. */
export type Results = Record<string, Numbers>;

export interface Executable {
  /** Bytes of memory that it holds by now, where the engine knows. */
  readonly bytes?: number;
  run(call: Call): Promise<Results>;
  dispose(): void;
}

/** What a device can do at most, measured. */
export interface Ceilings {
  /** Multiplications and additions, on registers alone. */
  readonly operationsPerSecond: number;
  /** Of its memory, reading and writing. */
  readonly bytesPerSecond: number;
  /** For a piece of work that does nothing but wait for the one before. */
  readonly secondsPerShader: number;
  /** From the smallest question to its answer. */
  readonly secondsPerCall: number;
}

export interface Engine {
  readonly name: EngineInfo['name'];
  describe(): Promise<EngineInfo>;
  compile(program: Program): Promise<Executable>;
  /** Where programs run on a device of their own. */
  ceilings?(): Promise<Ceilings>;
  dispose(): Promise<void>;
}

/** The call with its defaults, after checking every length: a wrong one would read someone else's numbers. */
export function checkedCall(program: Program, call: Call): Required<Call> {
  const full = { steps: 1, stride: 1, seed: 0, firstStep: 0, firstSample: 0, ...call };
  for (const key of ['samples', 'steps', 'stride'] as const) {
    if (!Number.isInteger(full[key]) || full[key] < 1) {
      throw new RangeError(`Program '${program.name}': ${key} must be a whole number of at least 1, not ${full[key]}.`);
    }
  }
  for (const key of ['seed', 'firstStep', 'firstSample'] as const) {
    if (!Number.isSafeInteger(full[key]) || full[key] < 0) {
      throw new RangeError(`Program '${program.name}': ${key} must be a whole number of at least 0, not ${full[key]}.`);
    }
  }
  for (const spec of program.inputs) {
    const expected =
      spec.shape.reduce((n, d) => n * d, 1) * (spec.perSample ? full.samples : 1) * (spec.perStep ? full.steps : 1);
    const given = full.inputs[spec.name]?.length;
    if (given !== expected) {
      throw new RangeError(
        `Program '${program.name}': input '${spec.name}' needs ${expected} numbers, not ${given ?? 'none'}.`,
      );
    }
  }
  return full;
}
