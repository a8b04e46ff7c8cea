/**
 * The engine for graphics cards of any maker: a program becomes shaders (WGSL), and a loop of many steps stays on the
 * card, from which only what was recorded comes back. It plans here, and computes where the card is.
 */
import { DeviceError } from '../../errors.ts';
import { checkedCall, type Engine, type EngineInfo } from '../engine.ts';
import type { ComputeCard } from './compute-card.ts';
import { ownCard } from './own-card.ts';
import { deviceProgram } from './plan-program.ts';
import { selfTest } from './self-test.ts';
import { LANES } from './shaders.ts';

/** `lanes`: as many as suit the card, unless told otherwise. */
export function webgpuEngine(card: ComputeCard = ownCard(), { lanes }: { lanes?: number } = {}): Engine {
  const untested: Engine = {
    name: 'webgpu',
    describe: () => described(card),
    compile: async (program) => {
      const executable = await card.compile(deviceProgram(program, lanes ?? (await lanesOf(card))));
      return {
        get bytes() {
          return executable.bytes;
        },
        run: async (call) => await executable.run(checkedCall(program, call)),
        dispose: () => executable.dispose(),
      };
    },
    ceilings: () => card.ceilings(),
    dispose: () => card.dispose(),
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

/** What is known of a card in software the tests know, where making shaders takes long. */
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

const IN_SOFTWARE = 'It is a graphics card in software, slower than the engine wasm.';

async function described(card: ComputeCard): Promise<EngineInfo> {
  const found = await card.describe();
  const common = { name: 'webgpu', threads: 1, precision: 2 ** -24 } as const;
  if ('reason' in found) return { ...common, available: false, device: 'none', reason: found.reason };
  const device = `WebGPU, ${found.name}`;
  return { ...common, available: true, device, ...(found.isSoftware ? { reason: IN_SOFTWARE } : {}) };
}

async function lanesOf(card: ComputeCard): Promise<number> {
  const found = await card.describe();
  return 'isSoftware' in found && found.isSoftware ? LANES.software : LANES.card;
}
