/**
 * How many samples a tile holds: few enough that a tile's arena stays in the cache and that every thread has work,
 * many enough that the kernels run at full speed.
 */
import type { Plan } from '../../program/passes/fuse.ts';
import { planMemory } from '../../program/passes/memory.ts';
import { MAX_LANES } from './layout.ts';

const SIZES = [64, 32, 16, 8, 4] as const;
/** Time per sample against that in a large tile: small tiles repeat what a tile costs once. */
const SLOWDOWN: Readonly<Record<(typeof SIZES)[number], number>> = { 64: 1, 32: 1, 16: 1.02, 8: 1.07, 4: 1.2 };
const CACHE_BYTES = 768 * 1024;

export function chooseTile(plan: Plan, samples: number, threads: number): number {
  const perSample = 4 * planMemory(plan.units.tile, plan.views, [], 1).size;
  // Sums over samples must round alike for any number of threads, so there the threads have no say.
  const workers = plan.accumulators.length > 0 ? MAX_LANES : threads;
  let best: number = SIZES[0];
  let least = Number.POSITIVE_INFINITY;
  for (const tile of SIZES) {
    const rounds = Math.ceil(Math.ceil(samples / tile) / workers);
    const spill = Math.max(1, Math.min(1.5, (perSample * tile) / CACHE_BYTES));
    const cost = rounds * tile * SLOWDOWN[tile] * spill;
    if (cost < least) {
      least = cost;
      best = tile;
    }
  }
  return best;
}
