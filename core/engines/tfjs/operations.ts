/**
 * One `tf.*` expression for each primitive, over the whole batch, with the sample axis explicit.
 *
 * A per-sample value is [S, …shape], a shared one […shape]; element-wise operations align trailing axes, so mixed
 * kinds need no copy there. Only forward arithmetic: TensorFlow.js's own gradients are wrong at second order
 * (tfjs#3252) and never used. Random numbers come from the host and are not here.
 */
import { type PrimitiveName, sizeOf, type Tensor } from '../../program/tensor.ts';
import type { TensorFlow } from './load.ts';

type TF = typeof TensorFlow;
export type Value = TensorFlow.Tensor;

export interface Site {
  readonly tf: TF;
  readonly y: Tensor;
  readonly samples: number;
}

type Operation = (site: Site, ...xs: Value[]) => Value;

/** The device shape of a traced tensor. */
export const deviceShape = (x: Tensor, samples: number): number[] =>
  x.perSample ? [samples, ...x.shape] : [...x.shape];

/** By how much the sample axis moves the others. */
const shift = (x: Tensor): 0 | 1 => (x.perSample ? 1 : 0);
const float = (tf: TF, x: Value): Value => tf.cast(x, 'float32');

/** A shared value repeated for every sample; a per-sample one as it is. */
const perSample = ({ tf, samples }: Site, x: Tensor, value: Value): Value =>
  x.perSample ? value : tf.broadcastTo(tf.expandDims(value, 0), [samples, ...x.shape]);

export const operations: Readonly<Partial<Record<PrimitiveName, Operation>>> = {
  add: ({ tf }, a, b) => tf.add(a, b!),
  mul: ({ tf }, a, b) => tf.mul(a, b!),
  neg: ({ tf }, x) => tf.neg(x),
  reciprocal: ({ tf }, x) => tf.div(1, x),
  exp: ({ tf }, x) => tf.exp(x),
  log: ({ tf }, x) => tf.log(x),
  tanh: ({ tf }, x) => tf.tanh(x),
  sqrt: ({ tf }, x) => tf.sqrt(x),
  sin: ({ tf }, x) => tf.sin(x),
  cos: ({ tf }, x) => tf.cos(x),
  greater: ({ tf }, a, b) => float(tf, tf.greater(a, b!)),
  equal: ({ tf }, a, b) => float(tf, tf.equal(a, b!)),
  select: ({ tf }, c, a, b) => tf.where(tf.notEqual(c, 0), a!, b!),
  stopGradient: ({ tf }, x) => tf.clone(x),

  sum: ({ tf, y }, x) => tf.sum(x, reducedAxes(y)),
  max: ({ tf, y }, x) => tf.max(x, reducedAxes(y)),
  sumOverSamples: ({ tf }, x) => tf.sum(x, 0),

  spread: (site, x) => site.tf.clone(perSample(site, site.y.inputs[0]!, x)),
  reshape: ({ tf, y, samples }, x) => tf.reshape(x, deviceShape(y, samples)),
  broadcast: ({ tf, y, samples }, x) => {
    const aligned = y.shape.map(() => 1);
    y.attributes.axes!.forEach((axis, i) => {
      aligned[axis] = y.inputs[0]!.shape[i]!;
    });
    const lead = y.perSample ? [samples] : [];
    return tf.broadcastTo(tf.reshape(x, [...lead, ...aligned]), [...lead, ...y.shape]);
  },
  transpose: ({ tf, y }, x) => {
    const lead = y.perSample ? [0] : [];
    return tf.transpose(x, [...lead, ...y.attributes.axes!.map((a) => a + shift(y))]);
  },
  slice: ({ tf, y, samples }, x) => {
    const begin = deviceShape(y, samples).fill(0);
    begin[y.attributes.axis! + shift(y)] = y.attributes.start!;
    return tf.slice(x, begin, deviceShape(y, samples));
  },
  concat: (site, ...xs) => {
    const { tf, y } = site;
    const parts = y.perSample ? xs.map((value, i) => perSample(site, y.inputs[i]!, value)) : xs;
    return tf.concat(parts, y.attributes.axis! + shift(y));
  },
  gather: ({ tf, y, samples }, values, index) => {
    const [table, at] = y.inputs as [Tensor, Tensor];
    const [n, ...row] = table.shape as [number, ...number[]];
    let rows = tf.cast(tf.clipByValue(index!, 0, n - 1), 'int32');
    if (table.perSample) {
      // The wasm back end's gather reads the wrong rows when batchDims is 1: take them from one long table instead.
      const first = tf.range(0, samples * n, n, 'int32');
      rows = tf.add(tf.reshape(first, [samples, ...at.shape.map(() => 1)]), rows);
    }
    const long = tf.reshape(values, [table.perSample ? samples * n : n, ...row]);
    return tf.reshape(tf.gather(long, tf.reshape(rows, [-1])), deviceShape(y, samples));
  },
  matmul: (site, a, b) => {
    const { tf, y, samples } = site;
    const [left, right] = y.inputs as [Tensor, Tensor];
    const { transposeA, transposeB } = y.attributes;
    const outer = sizeOf(left.shape.slice(0, -2));
    const matrix = (x: Tensor): [number, number] => [x.shape.at(-2)!, x.shape.at(-1)!];
    if (left.perSample && !right.perSample && outer === 1 && !transposeA) {
      const [m, k] = matrix(left);
      const rows = tf.reshape(a, [samples * m, k]);
      const product = tf.matMul(rows, tf.reshape(b!, matrix(right)), false, transposeB);
      return tf.reshape(product, deviceShape(y, samples));
    }
    // Copies of a shared operand are avoided where the batch is the sample axis alone.
    const stack = (x: Tensor, value: Value): Value => {
      const repeated = y.perSample && outer > 1 ? perSample(site, x, value) : value;
      return tf.reshape(repeated, [-1, ...matrix(x)]);
    };
    const product = tf.matMul(stack(left, a), stack(right, b!), transposeA, transposeB);
    return tf.reshape(product, deviceShape(y, samples));
  },
};

const reducedAxes = (y: Tensor): number[] => y.attributes.axes!.map((a) => a + shift(y.inputs[0]!));

/** Σ over samples of a product of two per-sample matrices, as one product over a long inner axis. */
export function summedMatmul({ tf, samples }: Omit<Site, 'y'>, product: Tensor, a: Value, b: Value): Value {
  const [left, right] = product.inputs as [Tensor, Tensor];
  const tall = (x: Tensor, value: Value, innerFirst: boolean): Value => {
    const [rows, columns] = x.shape as [number, number];
    return innerFirst
      ? tf.reshape(value, [samples * rows, columns])
      : tf.reshape(tf.transpose(value, [0, 2, 1]), [samples * columns, rows]);
  };
  const { transposeA, transposeB } = product.attributes;
  return tf.matMul(tall(left, a, transposeA!), tall(right, b, !transposeB), true, false);
}

export const isSummedMatmul = (y: Tensor): boolean => {
  const [x] = y.inputs;
  return (
    y.primitive === 'sumOverSamples' &&
    x!.primitive === 'matmul' &&
    x!.shape.length === 2 &&
    x!.inputs.every((i) => i.perSample)
  );
};
