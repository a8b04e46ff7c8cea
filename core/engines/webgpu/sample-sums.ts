/** Shaders for sums over samples: of a tensor as it is, or of a product, which is then never stored. */
import type { Unit } from '../../program/passes/fuse.ts';
import { literal } from '../../program/passes/simplify.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { indexLines } from './element-kernels.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { type Block, productBlock, productTitle } from './product-kernels.ts';
import { inParts } from './split-sums.ts';
import { float } from './wgsl.ts';

type Accumulate = Extract<Unit, { kind: 'accumulate' }>;

/** `first`: in the accumulator is still what was there before this step, until the first samples come. */
export function accumulateKernels({ target, a, product }: Accumulate, first: boolean, layout: Layout): Kernel[] {
  const title = `sum over samples of ${product ? `the ${productTitle(product)}` : `[${a.shape}]`}`;
  const { count, begin, add, numbers } = product ? productBlock(product, layout, 1, 'block') : plainBlock(a, layout);
  const at = layout.element(target, 'e');
  const sums = {
    title,
    blocks: count,
    begin,
    add: (first: string, step: string) => [
      `for (var s = ${first}; s < now.samples; s += ${step}) {`,
      ...add.map((line) => `  ${line}`),
      '}',
    ],
    numbers,
    start: '0.0f',
    combine: (a: string, b: string) => `${a} + ${b}`,
  };
  const before = first ? `select(${at}, 0.0f, now.first == 0u)` : at;
  return inParts(sums, sizeOf(target.shape), `${at} = ${before} + whole;`, layout);
}

function plainBlock(a: Tensor, layout: Layout): Block {
  const { lines, names } = indexLines('block', a.shape);
  const number = literal(a);
  return {
    count: sizeOf(a.shape),
    begin: [...lines, 'var total = 0.0f;'],
    add: [`total = total + ${number === undefined ? layout.load(a, names) : float(number)};`],
    numbers: [{ name: 'total', element: 'block', own: '' }],
  };
}
