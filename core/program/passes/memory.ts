/**
 * The memory plan: every tensor that memory must hold receives an offset in one arena, and tensors that are never
 * alive at the same time share their place. Sizes and offsets are in elements; a quantum keeps them aligned.
 */
import type { Tensor } from '../tensor.ts';
import { sizeOf } from '../tensor.ts';
import { inputsOf, outputsOf, type Unit } from './fuse.ts';
import type { Views } from './strided-views.ts';

export interface Arena {
  readonly offsets: ReadonlyMap<Tensor, number>;
  readonly size: number;
}

/** `alwaysAlive` tensors (inputs, results) keep their place from the first unit to the last. */
export function planMemory(
  units: readonly Unit[],
  views: Views,
  alwaysAlive: readonly Tensor[],
  quantum: number,
): Arena {
  const roundUp = (n: number) => Math.ceil(n / quantum) * quantum;
  const lastUse = new Map<Tensor, number>();
  units.forEach((unit, i) => {
    for (const x of inputsOf(unit)) lastUse.set(views.of(x).root, i);
  });
  for (const y of alwaysAlive) lastUse.set(y, Number.POSITIVE_INFINITY);
  const offsets = new Map<Tensor, number>();
  let free: { start: number; size: number }[] = [];
  let size = 0;

  const take = (y: Tensor) => {
    if (offsets.has(y)) return;
    const need = roundUp(Math.max(sizeOf(y.shape), 1));
    let best = -1;
    free.forEach((hole, i) => {
      if (hole.size >= need && (best < 0 || hole.size < free[best]!.size)) best = i;
    });
    if (best >= 0) {
      const hole = free[best]!;
      offsets.set(y, hole.start);
      if (hole.size === need) free.splice(best, 1);
      else free[best] = { start: hole.start + need, size: hole.size - need };
    } else {
      // Grow from the last hole if that one reaches the end.
      const last = free.find((hole) => hole.start + hole.size === size);
      const start = last ? last.start : size;
      if (last) free = free.filter((hole) => hole !== last);
      offsets.set(y, start);
      size = start + need;
    }
  };
  const release = (y: Tensor) => {
    const start = offsets.get(y)!;
    free.push({ start, size: roundUp(Math.max(sizeOf(y.shape), 1)) });
    free.sort((a, b) => a.start - b.start);
    const merged: typeof free = [];
    for (const hole of free) {
      const before = merged.at(-1);
      if (before && before.start + before.size === hole.start) before.size += hole.size;
      else merged.push({ ...hole });
    }
    free = merged;
  };

  alwaysAlive.forEach(take);
  units.forEach((unit, i) => {
    const made = outputsOf(unit);
    made.forEach(take);
    const done = new Set([...inputsOf(unit).map((x) => views.of(x).root), ...made]);
    for (const y of done) if (offsets.has(y) && (lastUse.get(y) ?? i) <= i) release(y);
  });
  return { offsets, size };
}
