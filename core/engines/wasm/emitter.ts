/**
 * What all code emission shares: the plan, where things lie, and how a kernel is called.
 */
import type { Plan } from '../../program/passes/fuse.ts';
import { stridesOf, type Tensor } from '../../program/tensor.ts';
import type { EmitContext } from './emit-unit.ts';
import type { FunctionBody, ModuleBuilder } from './encode.ts';
import type { Layout } from './layout.ts';
import { batchOffset, type Packs } from './products.ts';

/** The kernels that generated code calls, with the number of their arguments. */
export const KERNEL_ARGUMENTS = {
  pack: 8,
  gemm: 13,
  gemmPair: 14,
  gemmSamples: 16,
  sumSamples: 6,
  loadTile: 5,
  storeTile: 5,
  gatherTile: 6,
  matmulShared: 14,
  philox: 10,
} as const;
type Kernel = keyof typeof KERNEL_ARGUMENTS;

/** A number, or code that leaves one on the stack. */
export type Argument = number | ((fn: FunctionBody) => void);

export class Emitter {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly module: ModuleBuilder;
  readonly context: EmitContext;
  readonly packs: Packs;

  constructor(plan: Plan, layout: Layout, module: ModuleBuilder, context: EmitContext, packs: Packs) {
    this.plan = plan;
    this.layout = layout;
    this.module = module;
    this.context = context;
    this.packs = packs;
  }

  /** Address and byte strides of one matrix of a batch; for per-sample tensors relative to the arena. */
  matrix(x: Tensor, batch: number): { address: number; row: number; column: number } {
    const view = this.plan.views.of(x);
    const { address, elementBytes } = this.context.placeOf(view.root);
    return {
      address: address + elementBytes * (view.offset + batchOffset(x, view.strides, batch)),
      row: elementBytes * view.strides.at(-2)!,
      column: elementBytes * view.strides.at(-1)!,
    };
  }

  parts(y: Tensor): { part: Tensor; offset: number }[] {
    const step = stridesOf(y.shape)[y.attributes.axis!]!;
    let at = 0;
    return y.inputs.map((part) => {
      const offset = at * step;
      at += part.shape[y.attributes.axis!]!;
      return { part, offset };
    });
  }

  call(fn: FunctionBody, kernel: Kernel, ...given: Argument[]): void {
    if (given.length !== KERNEL_ARGUMENTS[kernel])
      throw new Error(`Kernel '${kernel}' takes ${KERNEL_ARGUMENTS[kernel]} arguments.`);
    for (const argument of given) {
      if (typeof argument === 'number') fn.integer(argument);
      else argument(fn);
    }
    fn.call(this.module.imported(kernel));
  }
}
