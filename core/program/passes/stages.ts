/**
 * Hoisting: when each tensor is computed.
 *
 * `call` once for all steps and samples, `step` once a step for all samples, `tile` for every sample, `post` after
 * all samples of a step have been summed over. Only this assignment; nothing is moved or changed.
 */
import { type Program, rootsOf } from '../program.ts';
import { reachable, type Tensor } from '../tensor.ts';

export type Stage = 'call' | 'step' | 'tile' | 'post';

export function stagesOf(program: Program): Map<Tensor, Stage> {
  const changing = new Set(program.inputs.filter(({ perStep, state }) => perStep || state).map(({ tensor }) => tensor));
  const stages = new Map<Tensor, Stage>();
  for (const y of reachable(rootsOf(program))) {
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
  return stages;
}
