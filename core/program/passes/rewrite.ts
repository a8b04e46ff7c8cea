/**
 * How a pass changes a program: every tensor is visited once, after its inputs, and may be replaced.
 * Not here: any decision about what to replace.
 */
import { withInputs } from '../primitives.ts';
import { type Program, rootsOf } from '../program.ts';
import { reachable, type Tensor } from '../tensor.ts';

export type Pass = (program: Program) => Program;

/** `change` receives each tensor with its inputs already rewritten, and as it was; it returns what shall stand for it. */
export function rewrite(program: Program, change: (y: Tensor, original: Tensor) => Tensor): Program {
  const replaced = new Map<Tensor, Tensor>();
  const of = (x: Tensor) => replaced.get(x)!;
  for (const y of reachable([...program.inputs.map(({ tensor }) => tensor), ...rootsOf(program)])) {
    replaced.set(y, change(withInputs(y, y.inputs.map(of)), y));
  }
  return {
    ...program,
    inputs: program.inputs.map((spec) => ({ ...spec, tensor: of(spec.tensor), next: spec.next && of(spec.next) })),
    outputs: program.outputs.map((output) => ({ ...output, tensor: of(output.tensor) })),
  };
}

/** How often each tensor is used, by other tensors and by the program's results. */
export function useCounts(program: Program): Map<Tensor, number> {
  const counts = new Map<Tensor, number>();
  const use = (x: Tensor) => counts.set(x, (counts.get(x) ?? 0) + 1);
  const roots = rootsOf(program);
  for (const y of reachable(roots)) y.inputs.forEach(use);
  roots.forEach(use);
  return counts;
}
