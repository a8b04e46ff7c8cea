/**
 * Hoisting: when each tensor is computed.
 *
 * `call` once for all steps and samples, `step` once a step for all samples, `tile` for every sample, `post` after
 * all samples of a step have been summed over. Only this assignment; nothing is moved or changed.
 *
 * Work goes as early as it can, with one exception: element-wise work on shared tensors that only `post` needs waits
 * for it, where it melts into the optimiser's one pass over the parameters.
 */
import { ruleOf } from '../primitives.ts';
import { type Program, rootsOf } from '../program.ts';
import { reachable, type Tensor } from '../tensor.ts';

export type Stage = 'call' | 'step' | 'tile' | 'post';

export function stagesOf(program: Program): Map<Tensor, Stage> {
  const changing = new Set(program.inputs.filter(({ perStep, state }) => perStep || state).map(({ tensor }) => tensor));
  const stages = new Map<Tensor, Stage>();
  const roots = rootsOf(program);
  const order = reachable(roots);
  for (const y of order) {
    const before = y.inputs.map((x) => stages.get(x)!);
    if (y.perSample) {
      if (before.includes('post')) {
        throw new Error(
          `Program '${program.name}': a per-sample value depends on a sum over samples of the same step.`,
        );
      }
      stages.set(y, 'tile');
    } else if (y.primitive === 'sumOverSamples' || before.includes('post')) stages.set(y, 'post');
    else stages.set(y, changing.has(y) || before.includes('step') ? 'step' : 'call');
  }
  const early = new Set<Tensor>(roots);
  for (const y of order.reverse()) {
    const waits = stages.get(y) === 'step' && ruleOf(y).kind === 'map' && !early.has(y);
    if (waits) stages.set(y, 'post');
    if (stages.get(y) !== 'post') for (const x of y.inputs) early.add(x);
  }
  return stages;
}
