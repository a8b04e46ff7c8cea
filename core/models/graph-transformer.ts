/**
 * The graph transformer for molecules (method §4): beads are nodes, all pairs attend, difference vectors are edges;
 * translation invariant by construction. One energy out, or one score vector for each bead.
 *
 * The same function, with the same named parameters, as the reference implementation, unless it has
 * rotation-invariant neighbour features (`geometric-features.ts`). How it is computed without edges stands in
 * `attention.ts`. Parameters that cannot change the function (key and gate biases) are left out.
 */

import { normals } from '../engines/gradcheck/numbers.ts';
import { gelu, normalise, sigmoid } from '../program/functions.ts';
import { add, broadcast, constant, matmul, mul, reshape, slice, sub, sum } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { attention } from './attention.ts';
import { alongPairs, geometricFeatureParameters, pairParameters } from './geometric-features.ts';
import type { Network } from './network.ts';
import { dense, linear, type NamedTensors, type ParameterSpec, weight } from './parameters.ts';
import { type TimeRange, timeFeatureCount, timeFeatures } from './time-features.ts';

export interface GraphTransformerSpec {
  readonly kind: 'graph-transformer';
  readonly beads: number;
  /**
   * Features per bead, an input of a model that transfers between molecules. Without them the model is of one molecule,
   * and a bead is known by its index.
   */
  readonly features?: number;
  readonly hidden: number;
  readonly layers: number;
  /** 8 heads of width 64 unless given. */
  readonly heads?: number;
  readonly headWidth?: number;
  /** Triples of directions for rotation-invariant neighbour features; 0 unless given, as in the reference. */
  readonly triples?: number;
}

const attentionShape = ({ beads, hidden, heads = 8, headWidth = 64 }: GraphTransformerSpec) => ({
  beads,
  hidden,
  heads,
  headWidth,
});

/** `outputs`: 1 for an energy, 3 for a vector per bead. */
export function graphTransformerParameters(
  spec: GraphTransformerSpec,
  range: TimeRange,
  outputs: 1 | 3,
): ParameterSpec[] {
  const { hidden, heads, headWidth } = attentionShape(spec);
  const features = spec.features ?? spec.beads;
  const inner = heads * headWidth;
  return [
    ...dense('edge', 3, hidden),
    ...dense('node', features + timeFeatureCount(range), hidden),
    ...Array.from({ length: spec.layers }, (_, l) => [
      ...dense(`layer${l}.q`, hidden, inner),
      weight(`layer${l}.k`, hidden, inner),
      ...dense(`layer${l}.v`, hidden, inner),
      ...dense(`layer${l}.e`, hidden, inner),
      ...dense(`layer${l}.o`, inner, hidden),
      ...geometricFeatureParameters(`layer${l}`, heads, spec.triples ?? 0, hidden),
      weight(`layer${l}.g1`, 3 * hidden, 1),
      ...dense(`layer${l}.f1`, hidden, 4 * hidden),
      ...dense(`layer${l}.f2`, 4 * hidden, hidden),
      weight(`layer${l}.g2`, 3 * hidden, 1),
    ]).flat(),
    ...dense('out', hidden, outputs),
    ...(outputs === 3 ? pairParameters(spec.triples ?? 0, hidden) : []),
  ];
}

/** Which bead is which, for a single system: rows of the identity. */
export const oneHotBeads = (beads: number): Tensor =>
  constant(
    Array.from({ length: beads * beads }, (_, i) => (i % (beads + 1) === 0 ? 1 : 0)),
    [beads, beads],
  );

/** features [N, F], t [] → [N, hidden]. The features and the time meet their halves of the weight apart. */
function nodeInput(parts: NamedTensors, features: Tensor, time: Tensor): Tensor {
  const [beads, count] = features.shape as [number, number];
  const times = time.shape[0]!;
  const w = parts['node.w']!;
  const fromTime = add(matmul(reshape(time, [1, times]), slice(w, 0, count, count + times)), parts['node.b']!);
  const fromBeads = matmul(features, slice(w, 0, 0, count));
  return add(fromBeads, broadcast(reshape(fromTime, [w.shape[1]!]), [beads, w.shape[1]!], [1]));
}

/** `new·g + old·(1−g)` with one gate for each node, `g = sigmoid([new, old, new−old]·w)`. */
function gated(w: Tensor, fresh: Tensor, old: Tensor): Tensor {
  const hidden = fresh.shape[1]!;
  const [forNew, forOld, forChange] = [0, 1, 2].map((i) => slice(w, 0, i * hidden, (i + 1) * hidden)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const gate = sigmoid(add(matmul(fresh, add(forNew, forChange)), matmul(old, sub(forOld, forChange))));
  return add(old, mul(gate, sub(fresh, old)));
}

/** x [N, 3], t [] → the nodes after the last layer, [N, hidden]. */
function lastNodes(
  spec: GraphTransformerSpec,
  range: TimeRange,
  parts: NamedTensors,
  x: Tensor,
  t: Tensor,
  features: Tensor,
) {
  const shape = attentionShape(spec);
  let h = nodeInput(parts, features, timeFeatures(t, range));
  for (let l = 0; l < spec.layers; l++) {
    const name = `layer${l}`;
    h = gated(parts[`${name}.g1.w`]!, attention(shape, parts, name, normalise(h), x), h);
    const wide = gelu(linear(parts, `${name}.f1`, normalise(h)));
    h = gated(parts[`${name}.g2.w`]!, linear(parts, `${name}.f2`, wide), h);
  }
  return h;
}

export function graphTransformerEnergy(
  spec: GraphTransformerSpec,
  range: TimeRange,
  parts: NamedTensors,
  x: Tensor,
  t: Tensor,
  features: Tensor = oneHotBeads(spec.beads),
): Tensor {
  const h = lastNodes(spec, range, parts, x, t, features);
  const whole = reshape(sum(h, [0]), [1, spec.hidden]);
  return reshape(add(matmul(whole, parts['out.w']!), mul(parts['out.b']!, spec.beads)), []);
}

export function graphTransformerVector(
  spec: GraphTransformerSpec,
  range: TimeRange,
  parts: NamedTensors,
  x: Tensor,
  t: Tensor,
  features: Tensor = oneHotBeads(spec.beads),
): Tensor {
  const h = lastNodes(spec, range, parts, x, t, features);
  const asItIs = linear(parts, 'out', h);
  const turning = alongPairs(parts, h, x);
  return turning ? add(asItIs, turning) : asItIs;
}

export const graphTransformer = {
  title: 'Graph transformer',
  serves: ['molecule'],
  settings: {
    hidden: { type: 'whole', min: 1, max: 4096, default: 96, help: 'Width of the node features.' },
    layers: { type: 'whole', min: 1, max: 64, default: 2, help: 'Attention layers.' },
    heads: { type: 'whole', min: 1, max: 64, default: 8, help: 'Attention heads per layer.' },
    headWidth: { type: 'whole', min: 1, max: 1024, default: 64, help: 'Width of one attention head.' },
    triples: {
      type: 'whole',
      min: 0,
      max: 64,
      default: 0,
      help: 'Triples of learned directions for rotation-invariant neighbour features (lengths, angles, chirality); 0: none, as published.',
    },
  },
  sized: (settings, { shape, features }) => ({
    ...(settings as GraphTransformerSpec),
    kind: 'graph-transformer',
    beads: shape[0]!,
    ...(features === undefined ? {} : { features }),
  }),
  sizeOf: ({ beads, features }) => ({ shape: [beads, 3], ...(features === undefined ? {} : { features }) }),
  parameters: (spec, range, output) => graphTransformerParameters(spec, range, output === 'energy' ? 1 : 3),
  evaluate: (spec, range, output, weights, { x, t, features }) => {
    const evaluated = output === 'energy' ? graphTransformerEnergy : graphTransformerVector;
    return evaluated(spec, range, weights, x, t, features);
  },
  gradcheck: {
    spec: (width) => ({
      kind: 'graph-transformer',
      beads: 5,
      hidden: width,
      layers: 2,
      // The reference at its size; elsewhere small heads, so that both forms of attention occur, and geometric features.
      ...(width >= 96 ? { heads: 8, headWidth: 64 } : { heads: 2, headWidth: width, triples: 2 }),
    }),
    /**
     * Layer norm of a few almost equal numbers is almost singular, and differences of it worth nothing. So biases keep
     * the features of a node apart, and what attention and feed-forward add to them is small.
     */
    numbersOf: ({ name, shape }) => {
      if (name.endsWith('.b')) return { numbers: normals(1) };
      const added = name.endsWith('.o.w') || name.endsWith('.f2.w');
      return added ? { numbers: normals(0.3 / Math.sqrt(shape[0]!)) } : {};
    },
  },
} as const satisfies Network<GraphTransformerSpec>;
