/**
 * A planned program as one WebAssembly module and a schedule for the driver.
 *
 * `emit-tile.ts` writes what is done for every sample, `emit-shared.ts` what is done once for all of them; arithmetic
 * inside a unit is in `emit-unit.ts`, matrix products in the kernels. Here they come together.
 */
import type { Plan } from '../../program/passes/fuse.ts';
import { type ParallelLevel, SharedEmitter } from './emit-shared.ts';
import { TileEmitter } from './emit-tile.ts';
import type { EmitContext, Place } from './emit-unit.ts';
import { KERNEL_ARGUMENTS } from './emitter.ts';
import { ModuleBuilder } from './encode.ts';
import type { KernelVariant } from './kernels.ts';
import { LiteralPool } from './lane-code.ts';
import { type Layout, LITERALS, planLayout } from './layout.ts';
import { Packs } from './products.ts';

export interface EmittedProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly literals: Uint32Array;
  readonly layout: Layout;
  readonly tile: number;
  /** Bytes of one thread's arena, scratch included. */
  readonly arenaBytes: number;
  /** For each stage of shared work: its levels in order. */
  readonly shared: Readonly<Record<'call' | 'step' | 'post', readonly ParallelLevel[]>>;
}

export function emitProgram(plan: Plan, tile: number, variant: KernelVariant): EmittedProgram {
  const packs = new Packs(plan);
  const layout = planLayout(plan, (reserve) => packs.reserve(reserve));
  const module = new ModuleBuilder(
    Object.entries(KERNEL_ARGUMENTS).map(([name, parameters]) => ({ name, parameters })),
  );
  const pool = new LiteralPool(LITERALS);
  const lane = 4 * tile;
  const context: EmitContext = {
    views: plan.views,
    pool,
    variant,
    tile,
    placeOf(root): Place {
      if (!root.perSample) return { base: 'memory', address: layout.shared.get(root)!, elementBytes: 4 };
      return { base: 'arena', address: layout.arena.offsets.get(root)! * lane, elementBytes: lane };
    },
  };
  const parts = [plan, layout, module, context, packs] as const;
  const emitter = new SharedEmitter(...parts);
  const shared = { call: emitter.stage('call'), step: emitter.stage('step'), post: emitter.stage('post') };
  const tiles = new TileEmitter(...parts);
  tiles.functions();
  const arenaBytes = layout.arena.size * lane + tiles.scratchBytes;
  return {
    bytes: module.bytes({ initial: 1, maximum: 65536 }),
    literals: pool.words(),
    layout,
    tile,
    arenaBytes: Math.ceil(arenaBytes / 64) * 64 + 64,
    shared,
  };
}
