/**
 * Where a tensor's numbers lie: rearrangements (broadcast, reshape, transpose, slice, spread) are not computed but
 * read through strides from the tensor they rearrange. A reshape that no strides can express is computed after all.
 */
import { primitives } from '../primitives.ts';
import { sizeOf, stridesOf, type Tensor } from '../tensor.ts';

export interface View {
  /** The tensor whose contiguous numbers are read. */
  readonly root: Tensor;
  /** In elements of the root. */
  readonly offset: number;
  readonly strides: readonly number[];
}

export class Views {
  readonly #known = new Map<Tensor, View>();

  of(y: Tensor): View {
    let view = this.#known.get(y);
    if (view === undefined) {
      view = this.#derive(y) ?? { root: y, offset: 0, strides: stridesOf(y.shape) };
      this.#known.set(y, view);
    }
    return view;
  }

  /** Whether the tensor's own numbers exist in memory or must be computed, rather than read through a view. */
  isRoot(y: Tensor): boolean {
    return this.of(y).root === y;
  }

  #derive(y: Tensor): View | undefined {
    if (primitives[y.primitive].kind !== 'view') return undefined;
    const x = this.of(y.inputs[0]!);
    const { axes, axis, start } = y.attributes;
    switch (y.primitive) {
      case 'spread':
        return x;
      case 'broadcast': {
        const strides = y.shape.map(() => 0);
        axes!.forEach((a, i) => {
          strides[a] = x.strides[i]!;
        });
        return { ...x, strides };
      }
      case 'transpose':
        return { ...x, strides: axes!.map((a) => x.strides[a]!) };
      case 'slice':
        return { ...x, offset: x.offset + start! * x.strides[axis!]! };
      default: {
        const strides = reshapedStrides(y.inputs[0]!.shape, x.strides, y.shape);
        return strides && { ...x, strides };
      }
    }
  }
}

/** Strides that read the same numbers in the same order under a new shape, where some exist. */
function reshapedStrides(
  from: readonly number[],
  strides: readonly number[],
  to: readonly number[],
): number[] | undefined {
  if (sizeOf(to) === 0) return undefined;
  const out = new Array<number>(to.length).fill(0);
  const axes = from.map((_, i) => i).filter((i) => from[i]! > 1);
  let source = axes.length - 1;
  let target = to.length - 1;
  while (source >= 0) {
    // Grow one block of source axes and one of target axes until both hold as many elements.
    let first = axes[source]!;
    let last = source;
    let have = from[first]!;
    const stop = target;
    while (target >= 0 && to[target] === 1) target--;
    let want = to[target]!;
    let lowest = target;
    while (have !== want) {
      if (have < want) {
        const outer = axes[--last]!;
        if (strides[outer] !== strides[first]! * from[first]!) return undefined;
        first = outer;
        have *= from[outer]!;
      } else want *= to[--lowest]!;
    }
    let step = strides[axes[source]!]!;
    for (let i = stop; i >= lowest; i--) {
      out[i] = step;
      step *= to[i]!;
    }
    source = last - 1;
    target = lowest - 1;
  }
  return out;
}
