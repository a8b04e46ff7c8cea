/**
 * The engine for GPUs of any maker: a program becomes shaders (WGSL), and a loop of many steps stays on the
 * GPU, from which only what was recorded comes back. It plans here, and computes where the GPU is.
 */
import { DeviceError } from '../../errors.ts';
import type { Program } from '../../program/program.ts';
import { checkedCall, type Engine, type EngineInfo, type Executable } from '../engine.ts';
import type { Gpu, GpuExecutable } from './gpu.ts';
import { localGpu } from './local-gpu.ts';
import { mayReside, type Placement, placementOf } from './placement.ts';
import { devicePlan, deviceProgram } from './plan-program.ts';
import { selfTest } from './self-test.ts';
import { LANES } from './shaders.ts';

/** What a GPU is given; by itself what suits it. */
export interface GpuChoices {
  /** Invocations of a workgroup that has samples to itself. */
  readonly lanes?: number;
  readonly placement?: Placement;
}

export function webgpuEngine(gpu: Gpu = localGpu(), choices: GpuChoices = {}): Engine {
  const untested: Engine = {
    name: 'webgpu',
    describe: () => described(gpu),
    compile: (program) => compiled(program, gpu, choices),
    ceilings: () => gpu.ceilings(),
    dispose: () => gpu.dispose(),
  };
  let tested: Promise<void> | undefined;
  return {
    ...untested,
    compile: async (program) => {
      // One that was lost meanwhile is looked for anew, and tested.
      tested ??= testedOnce(untested).catch((error: unknown) => {
        tested = undefined;
        throw error;
      });
      await tested;
      return untested.compile(program);
    },
  };
}

/** The tests check a software adapter, where making shaders takes long. */
async function testedOnce(engine: Engine): Promise<void> {
  const { available, device, reason } = await engine.describe();
  if (!available || reason === IN_SOFTWARE) return;
  const wrong = await selfTest(engine);
  if (wrong !== undefined) {
    throw new DeviceError(
      `${device} computes ${wrong} wrongly. A newer driver may help; the engine wasm does not need one.`,
    );
  }
}

const IN_SOFTWARE = 'It is a software adapter, slower than the engine wasm.';

async function described(gpu: Gpu): Promise<EngineInfo> {
  const found = await gpu.describe();
  const common = { name: 'webgpu', threads: 1, precision: 2 ** -24 } as const;
  if ('reason' in found) return { ...common, available: false, device: 'none', reason: found.reason };
  const device = `WebGPU, ${found.name}`;
  return { ...common, available: true, device, ...(found.isSoftware ? { reason: IN_SOFTWARE } : {}) };
}

/** A program in the forms that its calls ask for, each made when it is first needed. */
async function compiled(program: Program, gpu: Gpu, choices: GpuChoices): Promise<Executable> {
  const found = await gpu.describe();
  if ('reason' in found) throw new DeviceError(found.reason);
  const { lanes = found.isSoftware ? LANES.software : LANES.gpu } = choices;
  // In software invocations do not work side by side.
  const { placement = found.isSoftware ? 'resident' : undefined } = choices;
  const plan = devicePlan(program);
  const made = new Map<Placement, Promise<GpuExecutable>>();
  const there: GpuExecutable[] = [];
  const inForm = async (form: Placement) => {
    const executable = await gpu.compile(deviceProgram(plan, form, lanes));
    there.push(executable);
    return executable;
  };
  const forSamples = (samples: number) => {
    const form = placement ?? placementOf(plan, samples, lanes);
    const known = made.get(form);
    if (known) return known;
    const executable = inForm(form);
    made.set(form, executable);
    executable.catch(() => made.delete(form));
    return executable;
  };
  // The caller learns here what is wrong with its program, or with the GPU.
  if (placement !== undefined || !mayReside(plan)) await forSamples(1);
  return {
    get bytes() {
      return there.reduce((sum, { bytes }) => sum + bytes, 0);
    },
    run: async (call) => {
      const full = checkedCall(program, call);
      return await (await forSamples(full.samples)).run(full);
    },
    dispose: () => {
      for (const executable of made.values())
        executable.then(
          (one) => one.dispose(),
          () => undefined,
        );
    },
  };
}
