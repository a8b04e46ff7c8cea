/**
 * In which order the primitives of a program are evaluated, and when a value has served.
 *
 * What depends neither on the loop's state nor on the step is evaluated once for each call; everything else once for
 * each step, each value freed after its last use. Knows nothing of TensorFlow.js beyond one fused shape.
 */
import { type Program, rootsOf } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import { isSummedMatmul } from './operations.ts';

export interface Schedule {
  readonly once: readonly Tensor[];
  readonly everyStep: readonly Tensor[];
  /** Values that nothing reads after the i-th of `everyStep`. */
  readonly freed: readonly (readonly Tensor[])[];
}

/** What an evaluation reads: for a summed product its factors, so that the product itself is never made. */
export const operandsOf = (y: Tensor): readonly Tensor[] => (isSummedMatmul(y) ? y.inputs[0]!.inputs : y.inputs);

export function schedule(program: Program): Schedule {
  const roots = new Set(rootsOf(program));
  const order = needed(roots);
  const moving = new Set<Tensor>(
    program.inputs.filter(({ state, perStep }) => state || perStep).map(({ tensor }) => tensor),
  );
  for (const y of order) {
    const drawn = y.primitive === 'uniform' || y.primitive === 'normal';
    if (drawn || operandsOf(y).some((x) => moving.has(x))) moving.add(y);
  }
  const computed = order.filter(({ primitive }) => primitive !== 'input');
  const everyStep = computed.filter((y) => moving.has(y));
  const own = new Set(everyStep);
  const lastUse = new Map<Tensor, number>();
  everyStep.forEach((y, i) => {
    lastUse.set(y, i);
    for (const x of operandsOf(y)) lastUse.set(x, i);
  });
  const freed = everyStep.map((): Tensor[] => []);
  for (const [x, i] of lastUse) if (own.has(x) && !roots.has(x)) freed[i]!.push(x);
  return { once: computed.filter((y) => !moving.has(y)), everyStep, freed };
}

function needed(roots: Iterable<Tensor>): Tensor[] {
  const seen = new Set<Tensor>();
  const open = [...roots];
  while (open.length > 0) {
    const y = open.pop()!;
    if (seen.has(y)) continue;
    seen.add(y);
    open.push(...operandsOf(y));
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
