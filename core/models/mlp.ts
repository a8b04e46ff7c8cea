/**
 * The multi-layer perceptron for toys (method §4): x and time features in, SiLU between, one energy or D score
 * components out. Knows nothing of diffusion beyond the time features.
 *
 * The first weight is applied to x and to the time features apart: the time part is then computed once wherever t is
 * shared, and the tangent of the first layer along a unit vector is a row of the weight, the same for every sample.
 */
import { silu } from '../program/functions.ts';
import { add, matmul, reshape, slice } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Network } from './network.ts';
import { dense, linear, type NamedTensors, type ParameterSpec } from './parameters.ts';
import { type TimeRange, timeFeatureCount, timeFeatures } from './time-features.ts';

export interface MlpSpec {
  readonly kind: 'mlp';
  readonly dimension: number;
  /** Widths of the hidden layers, at least one. */
  readonly widths: readonly number[];
}

function mlpParameters({ dimension, widths }: MlpSpec, range: TimeRange, outputs: number): ParameterSpec[] {
  const sizes = [dimension + timeFeatureCount(range), ...widths];
  return [
    ...widths.flatMap((width, i) => dense(`layer${i}`, sizes[i]!, width)),
    ...dense('out', sizes.at(-1)!, outputs),
  ];
}

/** x [D], t [] → [outputs]. */
function mlpOutput(
  { dimension, widths }: MlpSpec,
  range: TimeRange,
  weights: NamedTensors,
  x: Tensor,
  t: Tensor,
): Tensor {
  const features = timeFeatures(t, range);
  const count = features.shape[0]!;
  const first = weights['layer0.w']!;
  const fromX = matmul(reshape(x, [1, dimension]), slice(first, 0, 0, dimension));
  const fromTime = matmul(reshape(features, [1, count]), slice(first, 0, dimension, dimension + count));
  let h = silu(add(fromX, add(fromTime, weights['layer0.b']!)));
  for (let i = 1; i < widths.length; i++) h = silu(linear(weights, `layer${i}`, h));
  const y = linear(weights, 'out', h);
  return reshape(y, [y.shape[1]!]);
}

export const mlp = {
  title: 'Multilayer perceptron',
  serves: ['toy'],
  settings: {
    widths: {
      type: 'wholes',
      min: 1,
      max: 4096,
      maxLength: 16,
      default: [92, 92, 92],
      help: 'Widths of the hidden layers.',
    },
  },
  sized: (settings, { shape }) => ({ ...(settings as MlpSpec), kind: 'mlp', dimension: shape[0]! }),
  sizeOf: ({ dimension }) => ({ shape: [dimension] }),
  parameters: (spec, range, output) => mlpParameters(spec, range, output === 'energy' ? 1 : spec.dimension),
  evaluate: (spec, range, output, weights, { x, t }) => {
    const y = mlpOutput(spec, range, weights, x, t);
    return output === 'energy' ? reshape(y, []) : y;
  },
  gradcheck: { spec: (width) => ({ kind: 'mlp', dimension: 2, widths: [width, width] }) },
} as const satisfies Network<MlpSpec>;
