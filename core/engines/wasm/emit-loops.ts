/**
 * Loop nests over strided operands: counters, pointers, and the place in the nest where each operand changes.
 *
 * Operands that move alike share one pointer. Adjacent axes that every operand walks evenly become one loop. Nothing
 * here knows what is computed inside.
 */
import type { FunctionBody } from './encode.ts';

export interface Operand {
  /** Address of the first number, relative to the thread's arena or to memory. */
  readonly base: 'arena' | 'memory';
  readonly address: number;
  /** Bytes between neighbours along each axis. */
  readonly strides: readonly number[];
}

export interface Nest {
  readonly sizes: readonly number[];
  readonly operands: readonly Operand[];
}

/** Merges axes without crossing a boundary: axis i and i+1 stay apart when i+1 is in `boundaries`. */
export function collapse(nest: Nest, boundaries: ReadonlySet<number> = new Set()): { nest: Nest; axisOf: number[] } {
  const sizes: number[] = [];
  const strides = nest.operands.map((): number[] => []);
  const axisOf: number[] = [];
  let open = false;
  nest.sizes.forEach((size, axis) => {
    if (boundaries.has(axis)) open = false;
    if (size === 1) {
      axisOf.push(sizes.length);
      return;
    }
    const even = nest.operands.every((o, i) => strides[i]!.at(-1) === size * o.strides[axis]!);
    if (open && even) {
      sizes[sizes.length - 1]! *= size;
      for (const [i, o] of nest.operands.entries()) strides[i]![sizes.length - 1] = o.strides[axis]!;
    } else {
      sizes.push(size);
      for (const [i, o] of nest.operands.entries()) strides[i]!.push(o.strides[axis]!);
    }
    open = true;
    axisOf.push(sizes.length - 1);
  });
  return { nest: { sizes, operands: nest.operands.map((o, i) => ({ ...o, strides: strides[i]! })) }, axisOf };
}

/** How many loops deep an operand changes: 0 is constant throughout. */
export const depthOf = (operand: Operand): number =>
  operand.strides.reduce((deepest, s, axis) => (s === 0 ? deepest : axis + 1), 0);

export interface Loops {
  /** Pushes the operand's address on the stack; the rest of it is the returned constant offset. */
  address(operand: number): number;
}

/**
 * Emits the nest. `enter(depth)` writes what happens `depth` loops deep before the next loop, `leave(depth)` what
 * happens after it. `range` are locals with the first and the past-the-end index of the outermost axis.
 */
export function emitLoops(
  fn: FunctionBody,
  nest: Nest,
  arena: number,
  enter: (depth: number, loops: Loops) => void,
  leave: (depth: number, loops: Loops) => void = () => {},
  range?: { from: number; to: number },
): void {
  const pointers = new Map<string, { local: number; strides: readonly number[] }>();
  const pointerOf = nest.operands.map((o) => {
    const key = `${o.base}|${o.strides}`;
    let pointer = pointers.get(key);
    if (pointer === undefined) {
      pointer = { local: fn.local('i32'), strides: o.strides };
      pointers.set(key, pointer);
      if (o.base === 'arena') fn.get(arena);
      else fn.integer(0);
      if (range && o.strides[0]) fn.get(range.from).integer(o.strides[0]).multiplyInteger().addInteger();
      fn.set(pointer.local);
    }
    return pointer.local;
  });
  const loops: Loops = {
    address(operand) {
      fn.get(pointerOf[operand]!);
      return nest.operands[operand]!.address;
    },
  };
  const advance = (axis: number) => {
    for (const { local, strides } of pointers.values()) {
      const inner = axis + 1 < nest.sizes.length ? nest.sizes[axis + 1]! * strides[axis + 1]! : 0;
      const step = strides[axis]! - inner;
      if (step !== 0) fn.get(local).integer(step).addInteger().set(local);
    }
  };
  const level = (depth: number): void => {
    enter(depth, loops);
    if (depth < nest.sizes.length) {
      const counter = fn.local('i32');
      if (depth === 0 && range) fn.get(range.to).get(range.from).subtractInteger();
      else fn.integer(nest.sizes[depth]!);
      fn.set(counter).countDown(counter, () => {
        level(depth + 1);
        advance(depth);
      });
    }
    leave(depth, loops);
  };
  level(0);
}
