import { describe, expect, it } from 'vitest';
import { gradients } from '../program/differentiate.ts';
import { gelu, normalise, sigmoid, softmax } from '../program/functions.ts';
import {
  add,
  broadcast,
  concat,
  input,
  matmul,
  mul,
  reshape,
  ruleOf,
  sub,
  sum,
  transpose,
} from '../program/primitives.ts';
import { reachable, type Tensor } from '../program/tensor.ts';
import { type AttentionForm, attention, attentionCost, cheaperForm } from './attention.ts';
import { evaluated, numbers, numbersFor, relativeError } from './evaluated.test-support.ts';
import {
  type GraphTransformerSpec,
  graphTransformerEnergy,
  graphTransformerParameters,
  graphTransformerVector,
  oneHotBeads,
} from './graph-transformer.ts';
import { initialValues, layoutOf, linear, type NamedTensors, split } from './parameters.ts';
import { type TimeRange, timeFeatures } from './time-features.ts';

/** The reference's formula, word for word, with every edge tensor formed; `k.b` is its key bias. */
function naiveEnergy(
  spec: Required<Omit<GraphTransformerSpec, 'features'>>,
  range: TimeRange,
  parts: NamedTensors,
  x: Tensor,
  t: Tensor,
) {
  const { beads, heads, headWidth, layers, hidden } = spec;
  const time = timeFeatures(t, range);
  const times = broadcast(time, [beads, time.shape[0]!], [1]);
  let h = linear(parts, 'node', concat([oneHotBeads(beads), times], 1));
  const edges = linear(
    parts,
    'edge',
    sub(broadcast(x, [beads, beads, 3], [1, 2]), broadcast(x, [beads, beads, 3], [0, 2])),
  );
  const gate = (w: Tensor, fresh: Tensor, old: Tensor) => {
    const g = broadcast(
      sigmoid(reshape(matmul(concat([fresh, old, sub(fresh, old)], 1), w), [beads])),
      [beads, hidden],
      [0],
    );
    return add(mul(fresh, g), mul(old, sub(1, g)));
  };
  for (let l = 0; l < layers; l++) {
    const z = normalise(h);
    const of = (name: string, y: Tensor) => linear(parts, `layer${l}.${name}`, y);
    const [q, k, v, e] = [
      of('q', z),
      add(matmul(z, parts[`layer${l}.k.w`]!), parts['k.b']!),
      of('v', z),
      of('e', edges),
    ];
    const four = [beads, beads, heads, headWidth];
    const perPair = (y: Tensor, axis: number) => broadcast(reshape(y, [beads, heads, headWidth]), four, [axis, 2, 3]);
    const keys = add(perPair(k!, 1), reshape(e!, four));
    const values = add(perPair(v!, 1), reshape(e!, four));
    const logits = mul(sum(mul(perPair(q!, 0), keys), [3]), headWidth ** -0.5);
    const a = transpose(softmax(transpose(logits, [0, 2, 1])), [0, 2, 1]);
    const o = reshape(sum(mul(broadcast(a, four, [0, 1, 2]), values), [1]), [beads, heads * headWidth]);
    h = gate(parts[`layer${l}.g1.w`]!, of('o', o), h);
    h = gate(parts[`layer${l}.g2.w`]!, of('f2', gelu(of('f1', normalise(h)))), h);
  }
  return sum(linear(parts, 'out', h));
}

const SIZES = [
  { beads: 3, hidden: 6, layers: 2, heads: 2, headWidth: 4 },
  { beads: 5, hidden: 16, layers: 2, heads: 4, headWidth: 8 },
  { beads: 3, hidden: 20, layers: 2, heads: 2, headWidth: 4 },
  { beads: 5, hidden: 96, layers: 2, heads: 8, headWidth: 64 },
  { beads: 3, hidden: 128, layers: 3, heads: 8, headWidth: 64 },
].map((size) => ({ kind: 'graph-transformer' as const, ...size, triples: 0 }));

const layoutFor = (spec: GraphTransformerSpec, range: TimeRange, outputs: 1 | 3 = 1) =>
  layoutOf(graphTransformerParameters(spec, range, outputs));

/** Also the biases, which start at zero and would hide a mistake. */
const parametersFor = (layout: { size: number } & Parameters<typeof initialValues>[0]) => ({
  shape: [layout.size],
  values: initialValues(layout, 3).map((value, i) => value || 0.3 * numbers(1, i)[0]!),
});

describe('the graph transformer', () => {
  for (const spec of SIZES) {
    const { beads, hidden, heads, headWidth } = spec;
    it(`is the reference's function at N=${beads}, hidden ${hidden}, ${heads} heads of ${headWidth}`, async () => {
      const range: TimeRange = hidden === 6 ? [0, 0.1] : [0, 1];
      const layout = layoutFor(spec, range);
      const given = {
        p: parametersFor(layout),
        keyBias: numbersFor([heads * headWidth], 9),
        x: { ...numbersFor([beads, 3], 2), perSample: true },
        t: { shape: [], values: [0.07], perSample: true },
      };
      const out = await evaluated(given, ({ p, keyBias, x, t }) => {
        const parts = split(layout, p);
        const reduced = graphTransformerEnergy(spec, range, parts, x, t);
        const naive = naiveEnergy(spec, range, { ...parts, 'k.b': keyBias }, x, t);
        const slope = (y: Tensor) => gradients(y, [x])[0]!;
        return { reduced, naive, reducedSlope: slope(reduced), naiveSlope: slope(naive) };
      });
      expect(relativeError(out.reduced!, out.naive!)).toBeLessThan(1e-10);
      expect(relativeError(out.reducedSlope!, out.naiveSlope!)).toBeLessThan(1e-10);
      expect(Math.max(...out.naiveSlope!.map(Math.abs))).toBeGreaterThan(1e-3);
    });
  }

  it('has the same attention in both forms', async () => {
    for (const spec of SIZES.slice(0, 3)) {
      const layout = layoutFor(spec, [0, 1]);
      const given = {
        p: parametersFor(layout),
        z: { ...numbersFor([spec.beads, spec.hidden], 4), perSample: true },
        x: { ...numbersFor([spec.beads, 3], 5), perSample: true },
      };
      const out = await evaluated(given, ({ p, z, x }) => {
        const parts = split(layout, p);
        const as = (form: AttentionForm) => attention(spec, parts, 'layer1', z, x, form);
        return { folded: as('folded'), separate: as('separate') };
      });
      expect(relativeError(out.folded!, out.separate!)).toBeLessThan(1e-12);
    }
  });

  it.each([0, 2])('does not see where a molecule is, only how it is shaped, with %i triples', async (triples) => {
    const spec = { ...SIZES[1]!, triples };
    for (const outputs of [1, 3] as const) {
      const layout = layoutFor(spec, [0, 1], outputs);
      const x = numbersFor([spec.beads, 3], 2);
      const moved = { ...x, values: Float64Array.from(x.values, (value, i) => value + [3, -2, 0.7][i % 3]!) };
      const bent = { ...x, values: Float64Array.from(x.values, (value, i) => (i === 0 ? value + 0.1 : value)) };
      const evaluate = outputs === 1 ? graphTransformerEnergy : graphTransformerVector;
      const time = { shape: [], values: [0.3] };
      const out = await evaluated({ p: parametersFor(layout), x, moved, bent, t: time }, (inputs) => {
        const at = (y: Tensor) => evaluate(spec, [0, 1], split(layout, inputs.p), y, inputs.t);
        return { here: at(inputs.x), there: at(inputs.moved), bent: at(inputs.bent) };
      });
      expect(relativeError(out.there!, out.here!)).toBeLessThan(1e-12);
      expect(relativeError(out.bent!, out.here!)).toBeGreaterThan(1e-4);
    }
  });

  it.each([0, 2])('follows its beads when they and their features change places, with %i triples', async (triples) => {
    const spec = { ...SIZES[1]!, triples };
    const order = [3, 0, 4, 1, 2];
    const layout = layoutFor(spec, [0, 1], 3);
    const permutation = order.flatMap((from) => Array.from({ length: 5 }, (_, j) => (j === from ? 1 : 0)));
    const given = {
      p: parametersFor(layout),
      x: numbersFor([5, 3], 2),
      permutation: { shape: [5, 5], values: permutation },
      t: { shape: [], values: [0.3] },
    };
    const out = await evaluated(given, ({ p, x, permutation, t }) => {
      const parts = split(layout, p);
      const vector = graphTransformerVector(spec, [0, 1], parts, x, t);
      const swapped = graphTransformerVector(spec, [0, 1], parts, matmul(permutation, x), t, permutation);
      return { expected: matmul(permutation, vector), swapped };
    });
    expect(relativeError(out.swapped!, out.expected!)).toBeLessThan(1e-12);
  });
});

describe('the form of attention with the fewest operations', () => {
  const size = (beads: number, hidden: number) => ({ beads, hidden, heads: 8, headWidth: 64 });

  it('is folded at hidden 96, separate at hidden 128, and folded in the first layer at a fixed t', () => {
    expect(cheaperForm(size(5, 96), false)).toBe('folded');
    expect(cheaperForm(size(28, 96), false)).toBe('folded');
    expect(cheaperForm(size(10, 128), false)).toBe('separate');
    expect(cheaperForm(size(28, 128), false)).toBe('separate');
    expect(cheaperForm(size(28, 128), true)).toBe('folded');
  });

  it('is counted as the traced program would be', () => {
    for (const form of ['folded', 'separate'] as const) {
      for (const sharedZ of [false, true]) {
        const shape = size(5, 96);
        const spec = { kind: 'graph-transformer' as const, ...shape, layers: 1 };
        const layout = layoutFor(spec, [0, 1]);
        const parts = split(layout, input('p', [layout.size], false));
        const z = input('z', [5, 96], !sharedZ);
        const y = attention(shape, parts, 'layer0', z, input('x', [5, 3], true), form);
        const counted = reachable([y])
          .filter((node) => node.primitive === 'matmul' && node.perSample)
          .reduce((total, node) => total + ruleOf(node).cost(node), 0);
        // Common to both forms: logits from x, mean neighbour, its read-out, and the pull of z on x.
        const common = 2 * 5 * 8 * 3 * (5 + 5 + 96) + (sharedZ ? 0 : 2 * 5 * 96 * 24);
        expect(counted).toBe(common + attentionCost(form, shape, sharedZ));
      }
    }
  });
});
