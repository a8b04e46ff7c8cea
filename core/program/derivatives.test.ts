/**
 * The rules of every primitive against central differences, to third order and in both modes mixed.
 *
 * L = Σ w · sin(y) makes every operation nonlinear, so that also the rules of rules are exercised. All derivatives
 * are contracted with fixed random vectors r₁, r₂, r₃, one of each for every moving input.
 */
import { expect, test } from 'vitest';
import {
  type Arrays,
  centralDifferences,
  inner,
  largest,
  randomDirection,
  relativeError,
} from '../engines/gradcheck/differences.ts';
import { normals, randomFrom } from '../engines/gradcheck/numbers.ts';
import { type OperationCase, operationCases } from '../engines/gradcheck/operation-cases.ts';
import { referenceEngine } from '../engines/reference/reference.ts';
import { gradients, secondOrder, tangents } from './differentiate.ts';
import { add, constant, mul, sin, spread, sum, sumOverSamples, zeros } from './primitives.ts';
import { type InputSpec, trace } from './program.ts';
import { sizeOf, type Tensor } from './tensor.ts';

const SAMPLES = 3;
const engine = referenceEngine();
const VECTORS = ['r1', 'r2', 'r3'] as const;

/** A total over elements and samples. */
const total = (x: Tensor): Tensor => (x.perSample ? sumOverSamples(sum(x)) : sum(x));

function loss(y: Tensor): Tensor {
  const weights = Array.from({ length: sizeOf(y.shape) }, (_, i) => 1 + 0.5 * Math.cos(3 * i));
  return total(mul(sin(mul(y, 0.7)), constant(weights, y.shape)));
}

const plus = (a: Tensor, b: Tensor): Tensor => add(a, b);

/** Σ over inputs, elements and samples of a · b. */
const contract = (as: readonly Tensor[], bs: readonly Tensor[]): Tensor =>
  as.map((a, i) => total(mul(a, bs[i]!))).reduce(plus);

async function programs({ what, inputs, body }: OperationCase) {
  const moving = Object.keys(inputs).filter((name) => !inputs[name]!.fixed);
  const specs: Record<string, InputSpec> = { ...inputs };
  for (const name of moving) for (const r of VECTORS) specs[`${r} ${name}`] = inputs[name]!;
  return {
    moving,
    program: trace(what, specs, (x) => {
      const wrt = moving.map((name) => x[name]!);
      const along = VECTORS.map((r) => moving.map((name) => x[`${r} ${name}`]!));
      const seeds = along.map((vectors) => new Map(wrt.map((w, i) => [w, vectors[i]!])));
      const reverse = (y: Tensor) => gradients(y, wrt).map((g, i) => (wrt[i]!.perSample ? spread(g) : g));
      const forward = (ys: readonly Tensor[], r: number) =>
        tangents(ys, seeds[r]!).map((dot, i) => dot ?? zeros(ys[i]!.shape));
      const named = (prefix: string, gs: readonly Tensor[]) =>
        Object.fromEntries(gs.map((g, i) => [`${prefix} ${moving[i]}`, g]));

      const l0 = loss(body(x));
      const g1 = reverse(l0);
      const l1 = contract(g1, along[0]!);
      const g2 = reverse(l1);
      const l2 = contract(g2, along[1]!);
      const g3 = reverse(l2);
      const [t1] = forward([l0], 0);
      const [t2] = forward([t1!], 1);
      const [t3] = forward([t2!], 2);
      const mixed = reverse(contract(forward(g1, 0), along[1]!));
      const drift = forward([l0], 2)[0]!;
      const swept = secondOrder(l0, [seeds[0]!, seeds[1]!], seeds[2]!);
      const nested = [0, 1].map((r) => forward(forward([l0], r), r)[0]!).reduce(plus);
      return {
        end: {
          ...{ l0, l1, l2, t1: t1!, t2: t2!, t3: t3! },
          ...named('g1', g1),
          ...named('g2', g2),
          ...named('g3', g3),
          ...named('mixed', mixed),
          swept: swept.operator,
          nested: add(nested, drift),
          along0: swept.along[0]!,
        },
      };
    }),
  };
}

const cases = operationCases(3).filter(
  ({ inputs, differences }) => differences === undefined && Object.values(inputs).some(({ fixed }) => !fixed),
);

test.each(cases.map((operation) => [operation.what, operation] as const))('%s', async (_, operation) => {
  const { moving, program } = await programs(operation);
  const random = randomFrom(7);
  const inputs: Record<string, ArrayLike<number>> = {};
  for (const { name, shape, perSample } of program.inputs) {
    const recipe = operation.inputs[name]?.numbers ?? normals();
    inputs[name] = recipe(sizeOf(shape) * (perSample ? SAMPLES : 1), random);
  }
  const executable = await engine.compile(program);
  const found = await executable.run({ samples: SAMPLES, inputs });
  const one = (name: string) => found[name]![0]!;

  for (const name of moving) {
    const d = randomDirection(inputs[name]!, random);
    const slopes = await centralDifferences(executable, SAMPLES, inputs, { [name]: d });
    for (const [order, differed] of [
      ['g1', 'l0'],
      ['g2', 'l1'],
      ['g3', 'l2'],
      ['mixed', 'l2'],
    ] as const) {
      const gradient = found[`${order} ${name}`]!;
      expect(gradient.length, `${order} has one number for each of ${name}'s`).toBe(inputs[name]!.length);
      const scale = Math.max(1e-3, largest(gradient) * largest(d));
      const error = relativeError([inner(gradient, d)], slopes[differed]!, scale);
      expect(error, `${order} for ${name}`).toBeLessThan(1e-7);
    }
  }

  const direction: Arrays = Object.fromEntries(moving.map((name) => [name, inputs[`r3 ${name}`]!]));
  const along3 = await centralDifferences(executable, SAMPLES, inputs, direction);
  const close = (a: number, b: number, what: string, scale = 1) =>
    expect(Math.abs(a - b), what).toBeLessThan(1e-10 * Math.max(scale, Math.abs(b)));
  close(one('t1'), one('l1'), 'forward is reverse');
  close(one('t2'), one('l2'), 'forward over forward is reverse over reverse');
  const differenceError = Math.abs(one('t3') - along3.l2![0]!) / Math.max(1, Math.abs(one('t3')), Math.abs(one('t2')));
  expect(differenceError, 'forward to third order').toBeLessThan(1e-6);
  close(one('swept'), one('nested'), 'one sweep is nested forward mode');
  close(one('along0'), one('t1'), 'the sweep carries the first derivatives');
});
