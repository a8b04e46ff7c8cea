/**
 * What a traced value is: a node of an immutable expression graph with a static shape.
 *
 * Two kinds of tensor exist. A *shared* tensor has exactly its shape. A *per-sample* tensor has one more, leading
 * axis of unspecified length S that no shape mentions: every operation acts on each sample alone, and only
 * `sumOverSamples` leaves that world. This file knows nothing of arithmetic (see `primitives.ts`).
 */

export type Shape = readonly number[];

/** What a primitive needs to know besides its inputs; every primitive reads only the keys that belong to it. */
export interface Attributes {
  readonly name?: string;
  readonly values?: Float64Array;
  readonly shape?: Shape;
  readonly axes?: readonly number[];
  readonly axis?: number;
  readonly start?: number;
  readonly stop?: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly stream?: number;
}

/** The names of the table in `primitives.ts`. */
export type PrimitiveName =
  | ('input' | 'constant' | 'uniform' | 'normal')
  | ('add' | 'mul' | 'neg' | 'reciprocal' | 'exp' | 'log' | 'tanh' | 'sqrt' | 'sin' | 'cos')
  | ('greater' | 'equal' | 'select' | 'stopGradient')
  | ('sum' | 'max' | 'broadcast' | 'reshape' | 'transpose' | 'slice')
  | ('matmul' | 'concat' | 'gather' | 'sumOverSamples' | 'spread');

export interface Tensor {
  /** Grows with creation, so ascending order is always a valid order of evaluation. */
  readonly id: number;
  readonly primitive: PrimitiveName;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly perSample: boolean;
}

let created = 0;

export function node(
  primitive: PrimitiveName,
  inputs: readonly Tensor[],
  attributes: Attributes,
  shape: Shape,
  perSample: boolean,
): Tensor {
  return { id: created++, primitive, inputs, attributes, shape, perSample };
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

/** Row-major strides of a contiguous tensor, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** Everything the outputs depend on, in an order of evaluation. */
export function reachable(outputs: Iterable<Tensor>): Tensor[] {
  const seen = new Set<Tensor>();
  const open = [...outputs];
  while (open.length > 0) {
    const next = open.pop()!;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...next.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
