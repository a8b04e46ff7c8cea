/**
 * All parameters of a network in one flat vector: which tensor lies where, and how it starts.
 *
 * One vector is what an optimiser, a checkpoint and an engine want; named tensors are what a network wants. `split`
 * goes one way (slices and reshapes, free in every engine), `flatGradient` the other. Not here: what the tensors mean.
 */
import { gradients } from '../program/differentiate.ts';
import { keyOf, normalsFromWords, philox4x32 } from '../program/philox.ts';
import { add, concat, matmul, reshape, slice } from '../program/primitives.ts';
import { type Shape, sizeOf, type Tensor } from '../program/tensor.ts';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  /** `lecun`: normal with variance 1 / (length of the first axis). */
  readonly initial: 'lecun' | 'zero';
  /** Factor on the starting values; 1 unless given. */
  readonly gain?: number;
  /** A stored model may lack it; then it has its initial values, which are zero. */
  readonly optional?: true;
}

export interface Parameter extends ParameterSpec {
  /** Index of the first element in the flat vector. */
  readonly offset: number;
}

export interface Layout {
  readonly parameters: readonly Parameter[];
  readonly size: number;
}

export type NamedTensors = Readonly<Record<string, Tensor>>;

export const weight = (name: string, inputs: number, outputs: number): ParameterSpec => ({
  name: `${name}.w`,
  shape: [inputs, outputs],
  initial: 'lecun',
});

export const bias = (name: string, outputs: number): ParameterSpec => ({
  name: `${name}.b`,
  shape: [outputs],
  initial: 'zero',
});

/** Weight and bias of `y = x·w + b`. */
export const dense = (name: string, inputs: number, outputs: number): ParameterSpec[] => [
  weight(name, inputs, outputs),
  bias(name, outputs),
];

/** Applies what `dense` declared to the rows of x. */
export const linear = (parts: NamedTensors, name: string, x: Tensor): Tensor =>
  add(matmul(x, parts[`${name}.w`]!), parts[`${name}.b`]!);

export function layoutOf(specs: readonly ParameterSpec[]): Layout {
  let size = 0;
  const seen = new Set<string>();
  const parameters = specs.map((spec): Parameter => {
    if (seen.has(spec.name)) throw new Error(`Two parameters are called '${spec.name}'.`);
    seen.add(spec.name);
    const offset = size;
    size += sizeOf(spec.shape);
    return { ...spec, offset };
  });
  return { parameters, size };
}

/** The starting values: the same seed gives the same network on every engine (numbers exact in float32). */
export function initialValues(layout: Layout, seed: number): Float32Array {
  const values = new Float32Array(layout.size);
  const key = keyOf(seed);
  layout.parameters.forEach(({ shape, initial, offset, gain = 1 }, stream) => {
    if (initial === 'zero') return;
    const scale = gain / Math.sqrt(shape[0]!);
    const own = values.subarray(offset, offset + sizeOf(shape));
    for (let i = 0; i < own.length; i += 2) {
      const [a, b] = normalsFromWords(...wordPair(i / 2, stream, key));
      own[i] = scale * a;
      if (i + 1 < own.length) own[i + 1] = scale * b;
    }
  });
  return values;
}

function wordPair(index: number, stream: number, key: readonly [number, number]): [number, number] {
  const [a, b] = philox4x32([0, index, 0, stream], key);
  return [a, b];
}

export const split = (layout: Layout, flat: Tensor): NamedTensors =>
  Object.fromEntries(
    layout.parameters.map(({ name, shape, offset }) => [
      name,
      reshape(slice(flat, 0, offset, offset + sizeOf(shape)), shape),
    ]),
  );

/** ∂loss/∂(flat vector), in the order of the layout; `loss` must be shared (summed over samples). */
export function flatGradient(loss: Tensor, layout: Layout, parts: NamedTensors): Tensor {
  const pieces = gradients(
    loss,
    layout.parameters.map(({ name }) => parts[name]!),
  );
  return concat(
    pieces.map((piece) => reshape(piece, [sizeOf(piece.shape)])),
    0,
  );
}
