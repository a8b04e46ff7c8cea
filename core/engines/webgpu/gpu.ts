/** What computes programs for the engine: a GPU of this process, or one in another process. */
import type { Call, Ceilings, Results } from '../engine.ts';
import type { DeviceProgram } from './device-program.ts';

/** What a person is told of it, or why there is none. */
export type GpuDescription = { readonly name: string; readonly isSoftware: boolean } | { readonly reason: string };

export interface GpuExecutable {
  /** Bytes on the GPU by now. */
  readonly bytes: number;
  /** Of a call that was checked. */
  run(call: Required<Call>): Promise<Results>;
  dispose(): void;
}

export interface Gpu {
  describe(): Promise<GpuDescription>;
  compile(program: DeviceProgram): Promise<GpuExecutable>;
  ceilings(): Promise<Ceilings>;
  dispose(): Promise<void>;
}
