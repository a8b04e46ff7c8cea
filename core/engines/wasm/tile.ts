/**
 * How many samples a tile holds: few enough that a tile's arena stays in the cache and that every thread has work,
 * many enough that the kernels run at full speed.
 */
import type { Plan } from '../../program/passes/fuse.ts';
import { planMemory } from '../../program/passes/memory.ts';

const SIZES = [64, 32, 16, 8, 4] as const;
/** Time per sample against that in a large tile: small tiles repeat what a tile costs once. */
const SLOWDOWN: Readonly<Record<(typeof SIZES)[number], number>> = { 64: 1, 32: 1, 16: 1.02, 8: 1.07, 4: 1.2 };
const CACHE_BYTES = 768 * 1024;
/** Measured: an arena of twice the size outside the cache costs so much more. */
const SPILL = 0.04;
/** Sums over samples must round alike for any number of threads, so there tiles suit a few of them. */
const ANY_THREADS = [2, 4] as const;

export function chooseTile(plan: Plan, samples: number, threads: number): number {
  const perSample = 4 * planMemory(plan.units.tile, plan.views, [], 1).size;
  const workers = plan.accumulators.length > 0 ? ANY_THREADS : [threads];
  const costOf = (tile: (typeof SIZES)[number]): number => {
    const rounds = workers.map((n) => Math.ceil(Math.ceil(samples / tile) / n) * n);
    const spill = 1 + SPILL * Math.max(0, Math.log2((perSample * tile) / CACHE_BYTES));
    return rounds.reduce((sum, n) => sum + n, 0) * tile * SLOWDOWN[tile] * spill;
  };
  return SIZES.reduce<(typeof SIZES)[number]>((best, tile) => (costOf(tile) < costOf(best) ? tile : best), SIZES[0]);
}
