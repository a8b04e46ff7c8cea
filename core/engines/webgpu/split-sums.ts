/**
 * Sums that many invocations share: each makes a part, and then others make each whole of its parts, always in the same
 * order. No invocation waits for another one.
 */
import { invocations, type Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { placeText } from './wgsl.ts';

/** Invocations that share one sum, at most and at least, and those of all sums side by side: enough for any GPU. */
const MOST_SHARES = 64;
const LEAST_SHARES = 4;
const ENOUGH = 65536;

/** Numbers that an invocation sums together: `block` is which of them. */
export interface Sums {
  readonly title: string;
  readonly blocks: number;
  /** Begins the numbers of `block`, and finds what `add` needs. */
  readonly begin: readonly string[];
  /** Goes through what is summed, from `first` on in steps of so many. */
  readonly add: (first: string, step: string) => readonly string[];
  readonly numbers: readonly BlockNumber[];
  readonly start: string;
  readonly combine: (a: string, b: string) => string;
}

/** The name of a number, which element of the result it is, and a condition under which it is the block's own. */
export interface BlockNumber {
  readonly name: string;
  readonly element: string;
  readonly own: string;
}

const guarded = (condition: string, line: string) => (condition === '' ? line : `if (${condition}) { ${line} }`);

/** `store`: what becomes of the `whole` of element `e`, of so many. */
export function inParts(sums: Sums, size: number, store: string, layout: Layout): Kernel[] {
  const { title, blocks, begin, add, numbers, start, combine } = sums;
  const shares = Math.min(MOST_SHARES, Math.max(LEAST_SHARES, 2 ** Math.floor(Math.log2(ENOUGH / blocks))));
  const at = layout.scratch(size * shares);
  const part = (element: string, share: string) => `fixed[${placeText(at)} + (${element}) * ${shares}u + ${share}]`;
  return [
    invocations(`${title}: parts`, blocks * shares, false, [
      `let share = e % ${shares}u;`,
      `let block = e / ${shares}u;`,
      ...begin,
      ...add('share', `${shares}u`),
      ...numbers.map(({ name, element, own }) => guarded(own, `${part(element, 'share')} = ${name};`)),
    ]),
    invocations(`${title}: wholes`, size, false, [
      `var whole = ${start};`,
      `for (var i = 0u; i < ${shares}u; i++) {`,
      `  let part = ${part('e', 'i')};`,
      `  whole = ${combine('whole', 'part')};`,
      '}',
      store,
    ]),
  ];
}
