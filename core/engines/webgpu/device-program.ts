/**
 * A program as a device needs it: shaders, and where its numbers lie. Plain data, so that the device may be in another
 * process than the planner of the program.
 */

export interface Shader {
  readonly title: string;
  readonly code: string;
  /** What the code is told as `places`. */
  readonly places: readonly number[];
  /** Pieces of work, each of them for so many samples or for none, and how many of them a workgroup does. */
  readonly count: number;
  readonly span: number;
  readonly perGroup: number;
}

/** What is wanted after every step, after every stride, and at the end. */
export type Records<T> = Readonly<Record<'step' | 'stride' | 'end', T>>;

export interface DeviceInput {
  readonly name: string;
  /** Numbers: of one sample, of one step. */
  readonly size: number;
  readonly perSample: boolean;
  readonly perStep: boolean;
  readonly isState: boolean;
  /** Where it begins among shared numbers, if it is neither of a sample nor of a step. */
  readonly at: number | undefined;
}

export interface DeviceOutput {
  readonly name: string;
  readonly size: number;
  readonly perSample: boolean;
  readonly when: 'step' | 'stride' | 'end';
}

export interface DeviceProgram {
  readonly name: string;
  readonly inputs: readonly DeviceInput[];
  readonly outputs: readonly DeviceOutput[];
  /** Numbers of all shared tensors, and those that each sample needs. */
  readonly shared: number;
  readonly perSample: number;
  readonly constants: readonly { readonly at: number; readonly values: Float32Array }[];
  /** Shared work: once for each call, then at the beginning of each step and after its samples. */
  readonly call: readonly Shader[];
  readonly step: readonly Shader[];
  readonly post: readonly Shader[];
  /** Of shared tensors, where their records are wanted, and from one step to the next. */
  readonly records: Records<readonly Shader[]>;
  readonly carry: readonly Shader[];
  /** The same for samples; before their first step they are loaded. */
  readonly ofSamples: {
    readonly load: readonly Shader[];
    readonly step: readonly Shader[];
    readonly records: Records<readonly Shader[]>;
    readonly carry: readonly Shader[];
  };
  /** Whether a step needs all samples of the one before. */
  readonly samplesMeet: boolean;
  /** Whether the shader of a step goes through as many steps as it is told. */
  readonly loops: boolean;
}

/** All its shaders, each under what it is for. */
export const partsOf = (program: DeviceProgram): Readonly<Record<string, readonly Shader[]>> => {
  const { call, step, post, records, carry, ofSamples } = program;
  return {
    call,
    'samples loaded': ofSamples.load,
    step,
    'step of samples': ofSamples.step,
    'after all samples': post,
    'record of a step': [...ofSamples.records.step, ...records.step],
    'record of a stride': [...ofSamples.records.stride, ...records.stride],
    result: [...ofSamples.records.end, ...records.end],
    'next step': [...ofSamples.carry, ...carry],
  };
};
