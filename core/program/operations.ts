/**
 * How much arithmetic a program leaves for the matrix kernels, after the passes that avoid some of it: multiplications
 * and additions of one step, once per sample or once for all. Element-wise work is not counted.
 */
import { optimise } from './passes/optimise.ts';
import { stagesOf } from './passes/stages.ts';
import { ruleOf } from './primitives.ts';
import { type Program, rootsOf } from './program.ts';
import { reachable } from './tensor.ts';

export function productOperations(program: Program, samples: number): number {
  const optimised = optimise(program);
  const stages = stagesOf(optimised);
  return reachable(rootsOf(optimised))
    .filter((y) => y.primitive === 'matmul' && stages.get(y) !== 'call')
    .reduce((total, y) => total + ruleOf(y).cost(y) * (y.perSample ? samples : 1), 0);
}
