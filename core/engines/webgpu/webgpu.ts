/**
 * The engine for graphics cards of any maker: a program becomes shaders (WGSL), and a loop of many steps stays on the
 * card, from which only what was recorded comes back. It plans here, and computes where the card is.
 */
import { checkedCall, type Engine, type EngineInfo } from '../engine.ts';
import type { ComputeCard } from './compute-card.ts';
import { ownCard } from './own-card.ts';
import { deviceProgram } from './plan-program.ts';
import { LANES } from './shaders.ts';

/** `lanes`: as many as suit the card, unless told otherwise. */
export const webgpuEngine = (card: ComputeCard = ownCard(), { lanes }: { lanes?: number } = {}): Engine => ({
  name: 'webgpu',
  describe: async (): Promise<EngineInfo> => {
    const found = await card.describe();
    const common = { name: 'webgpu', threads: 1, precision: 2 ** -24 } as const;
    if ('reason' in found) return { ...common, available: false, device: 'none', reason: found.reason };
    const device = `WebGPU, ${found.name}`;
    if (!found.isSoftware) return { ...common, available: true, device };
    const reason = 'It is a graphics card in software, slower than the engine wasm.';
    return { ...common, available: true, device, reason };
  },
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
});

async function lanesOf(card: ComputeCard): Promise<number> {
  const found = await card.describe();
  return 'isSoftware' in found && found.isSoftware ? LANES.software : LANES.card;
}
