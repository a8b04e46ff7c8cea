/**
 * Each pass alone: what it must change, and that it changes no result.
 */
import { describe, expect, it } from 'vitest';
import { referenceEngine } from '../../engines/reference/reference.ts';
import { gradients, secondOrder } from '../differentiate.ts';
import { normalise, silu, softmax } from '../functions.ts';
import {
  add,
  broadcastTo,
  constant,
  exp,
  matmul,
  mul,
  neg,
  reshape,
  slice,
  sub,
  sum,
  sumOverSamples,
  tanh,
  transpose,
  uniform,
} from '../primitives.ts';
import { printProgram, printUnits } from '../print.ts';
import { type Program, rootsOf, trace } from '../program.ts';
import { reachable, sizeOf, type Tensor } from '../tensor.ts';
import { finishProducts } from './finish-products.ts';
import { fuse, inputsOf, outputsOf, type Plan } from './fuse.ts';
import { planMemory } from './memory.ts';
import { mergeDuplicates } from './merge-duplicates.ts';
import { optimise, PASSES } from './optimise.ts';
import { reassociate } from './reassociate.ts';
import { simplify } from './simplify.ts';
import { stagesOf } from './stages.ts';

const count = (program: Program, primitive: Tensor['primitive']): number =>
  reachable(rootsOf(program)).filter((y) => y.primitive === primitive).length;

const single = (name: string, body: (x: Tensor) => Tensor): Program =>
  trace(name, { x: { shape: [4, 6], perSample: true } }, ({ x }) => ({ end: { y: body(x) } }));

/** A network with an energy gradient, a second-order operator and a parameter gradient: everything that occurs. */
const network = trace(
  'network',
  { x: { shape: [3, 2], perSample: true }, w: { shape: [2, 8] }, v: { shape: [8, 8] }, s: { shape: [] } },
  ({ x, w, v, s }) => {
    const energy = (at: Tensor): Tensor => {
      const h = normalise(silu(matmul(at, mul(w, s))));
      const attention = softmax(matmul(h, h, false, true));
      return sum(mul(matmul(attention, silu(matmul(h, v))), h));
    };
    const e = energy(x);
    const [g] = gradients(e, [x]) as [Tensor];
    const direction = new Map([[x, constant([1, 0, 0, 1, 0, 0], [3, 2])]]);
    const { operator } = secondOrder(e, [direction], new Map([[x, x]]));
    const loss = sumOverSamples(add(sum(mul(g, g)), mul(operator, operator)));
    const [gw, gv] = gradients(loss, [w, v]) as [Tensor, Tensor];
    return { end: { e, g, operator, loss, gw, gv, noise: uniform([3], 1) } };
  },
);

const numbers = (n: number, seed: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(1.3 * i + seed));
const inputs = { x: numbers(30, 1), w: numbers(16, 2), v: numbers(64, 3), s: [0.7] };

async function results(program: Program) {
  const executable = await referenceEngine().compile(program);
  return executable.run({ samples: 5, inputs });
}

describe('every pass', () => {
  for (const { name, pass } of PASSES) {
    it(`keeps all results: ${name}`, async () => {
      const before = await results(network);
      const after = await results(pass(network));
      for (const [key, values] of Object.entries(before)) {
        values.forEach((value, i) => {
          expect(Math.abs(after[key]![i]! - value)).toBeLessThan(1e-9 * (1 + Math.abs(value)));
        });
      }
    });
  }

  it('together make the network smaller', () => {
    const sizes: number[] = [reachable(rootsOf(network)).length];
    optimise(network, (_, program) => sizes.push(reachable(rootsOf(program)).length));
    expect(sizes.at(-1)!).toBeLessThan(0.9 * sizes[0]!);
  });
});

describe('simplification', () => {
  it('removes products with one, sums with zero and double negation', () => {
    const program = simplify(single('identities', (x) => neg(neg(add(mul(x, 1), 0)))));
    expect(reachable(rootsOf(program)).map((y) => y.primitive)).toEqual(['input']);
  });

  it('folds literals through any element-wise function', () => {
    const program = simplify(single('literals', (x) => mul(x, exp(add(constant(1), constant(1))))));
    expect(count(program, 'exp')).toBe(0);
    expect(printProgram(program)).toContain(`values=[${Math.exp(2)}]`);
  });

  it('works on repeated values once and repeats the result', () => {
    const program = simplify(single('repeated', (x) => tanh(broadcastTo(sum(x, [1]), [9, 4]))));
    const [work] = reachable(rootsOf(program)).filter((y) => y.primitive === 'tanh');
    expect(work!.shape).toEqual([4]);
  });

  it('turns the sum of copies into a product', () => {
    const program = simplify(single('copies', (x) => sum(broadcastTo(sum(x, [1]), [9, 4]), [0])));
    expect(count(program, 'sum')).toBe(1);
    expect(count(program, 'mul')).toBe(1);
  });
});

describe('merging duplicates', () => {
  it('computes the same thing once, in either order of operands', () => {
    const program = mergeDuplicates(single('twice', (x) => add(mul(exp(x), x), mul(x, exp(x)))));
    expect(count(program, 'exp')).toBe(1);
    expect(count(program, 'mul')).toBe(1);
  });

  it('keeps draws from different streams apart', () => {
    const program = mergeDuplicates(single('draws', (x) => add(x, sub(uniform([6], 1), uniform([6], 2)))));
    expect(count(program, 'uniform')).toBe(2);
  });
});

describe('re-association', () => {
  const chain = (k: number, m: number, n: number, rows: number) =>
    reassociate(
      trace(
        'chain',
        { d: { shape: [rows, k], perSample: true }, a: { shape: [k, m] }, b: { shape: [m, n] } },
        ({ d, a, b }) => ({ end: { y: matmul(matmul(d, a), b) } }),
      ),
    );
  const sharedProducts = (program: Program) =>
    reachable(rootsOf(program)).filter((y) => y.primitive === 'matmul' && !y.perSample).length;

  it('multiplies shared matrices first where that costs each sample less', () => {
    expect(sharedProducts(chain(3, 512, 24, 5))).toBe(1);
  });
  it('leaves a narrow middle alone', () => {
    expect(sharedProducts(chain(96, 4, 96, 5))).toBe(0);
  });
});

describe('hoisting', () => {
  const program = trace(
    'stages',
    { x: { shape: [2], perSample: true }, w: { shape: [2] }, t: { shape: [], perStep: true } },
    ({ x, w, t }) => {
      const once = exp(w);
      const eachStep = mul(once, t);
      const inTile = mul(x, eachStep);
      const after = mul(sumOverSamples(inTile), w);
      return { end: { once, eachStep, inTile, after } };
    },
  );

  it('finds the earliest time for each tensor', () => {
    const stages = stagesOf(program);
    expect(program.outputs.map(({ tensor }) => stages.get(tensor))).toEqual(['call', 'step', 'tile', 'post']);
  });

  it('refuses what would need all samples before any', () => {
    const circular = trace('circular', { x: { shape: [], perSample: true } }, ({ x }) => ({
      end: { y: mul(x, sumOverSamples(x)) },
    }));
    expect(() => stagesOf(circular)).toThrow('sum over samples of the same step');
  });
});

const plans: readonly (readonly [string, (program: Program) => Plan])[] = [
  ['as fused', fuse],
  ['with finished products', (program) => finishProducts(fuse(program))],
];

describe('fusion', () => {
  it('makes one unit of an element-wise chain and stores only its end', () => {
    const { units } = fuse(optimise(single('chain', (x) => silu(silu(x)))));
    expect(units.tile.map((unit) => unit.kind)).toEqual(['map']);
    expect(outputsOf(units.tile[0]!)).toHaveLength(1);
  });

  it('puts the work that only a sum needs inside the sum', () => {
    const { units } = fuse(optimise(single('norm', (x) => sum(mul(x, x), [1]))));
    expect(units.tile.map((unit) => unit.kind)).toEqual(['reduce']);
  });

  it('sums a product over samples without storing the product', () => {
    const plan = fuse(
      optimise(
        trace('outer', { x: { shape: [4, 6], perSample: true } }, ({ x }) => ({
          end: { y: sumOverSamples(matmul(x, x, true)) },
        })),
      ),
    );
    expect(plan.units.tile).toMatchObject([{ kind: 'accumulate' }]);
    expect(planMemory(plan.units.tile, plan.views, [], 1).size).toBe(0);
  });

  it('reads rearrangements in place and copies only what strides cannot express', () => {
    const rearranged = fuse(optimise(single('views', (x) => exp(slice(transpose(x, [1, 0]), 0, 1, 3)))));
    expect(rearranged.units.tile.map((unit) => unit.kind)).toEqual(['map']);
    const copied = fuse(optimise(single('copy', (x) => exp(reshape(transpose(x, [1, 0]), [24])))));
    expect(copied.units.tile.map((unit) => unit.kind)).toEqual(['copy', 'map']);
  });

  it.each(plans)('orders units so that everything exists before it is read, %s', (_, planned) => {
    const plan = planned(optimise(network));
    const exists = new Set<Tensor>(plan.accumulators);
    for (const stage of ['call', 'step', 'tile', 'post'] as const) {
      for (const unit of plan.units[stage]) {
        for (const x of inputsOf(unit)) {
          const { root } = plan.views.of(x);
          expect(exists.has(root) || root.primitive === 'input' || root.primitive === 'constant').toBe(true);
        }
        for (const y of outputsOf(unit)) exists.add(y);
      }
    }
    expect(printUnits(optimise(network)).split('\n').length).toBeGreaterThan(10);
  });
});

describe('finishing products', () => {
  const w = constant([...numbers(36, 4)], [6, 6]);
  const tileOf = (body: (x: Tensor) => Tensor) => finishProducts(fuse(optimise(single('product', body)))).units.tile;

  it('lets what is done element by element with a product be done where the product is made', () => {
    const tile = tileOf((x) => tanh(add(matmul(x, w), x)));
    expect(tile).toMatchObject([{ kind: 'op', finish: { isStored: false } }]);
    expect(outputsOf(tile[0]!).map(({ primitive }) => primitive)).toEqual(['tanh']);
    expect(
      inputsOf(tile[0]!)
        .map(({ primitive }) => primitive)
        .sort(),
    ).toEqual(['constant', 'input']);
  });

  it('stores a product that something else needs too', () => {
    const tile = tileOf((x) => {
      const product = matmul(x, w);
      return matmul(exp(product), transpose(product, [1, 0]));
    });
    expect(tile).toMatchObject([{ kind: 'op', finish: { isStored: true } }, { kind: 'op' }]);
    expect(tile[1]).not.toHaveProperty('finish');
  });

  it('leaves work alone that reads a product in another order, or is of another shape', () => {
    const square = (x: Tensor) => matmul(x, x, true);
    expect(tileOf((x) => add(square(x), transpose(square(x), [1, 0])))).toMatchObject([
      { kind: 'op' },
      { kind: 'map' },
    ]);
    expect(tileOf((x) => exp(reshape(matmul(x, w), [24])))).toMatchObject([{ kind: 'op' }, { kind: 'map' }]);
  });

  it('leaves work alone that is longer than wanted', () => {
    const plan = fuse(optimise(single('long', (x) => exp(neg(tanh(matmul(x, w)))))));
    expect(finishProducts(plan, 3).units.tile).toHaveLength(1);
    expect(finishProducts(plan, 2).units.tile).toEqual(plan.units.tile);
  });

  it('gives work on two products to one of them', () => {
    const tile = tileOf((x) => mul(matmul(x, w), matmul(exp(x), w)));
    const products = tile.filter(({ kind }) => kind === 'op');
    expect(products).toHaveLength(2);
    expect(products.filter((unit) => 'finish' in unit)).toHaveLength(1);
    expect(tile.at(-1)).toHaveProperty('finish');
  });
});

describe('the memory plan', () => {
  it.each(plans)('never lets two living tensors overlap, %s', (_, planned) => {
    const plan = planned(optimise(network));
    const units = plan.units.tile;
    const { offsets, size } = planMemory(units, plan.views, [], 4);
    const lastUse = new Map<Tensor, number>();
    units.forEach((unit, i) => {
      for (const x of inputsOf(unit)) lastUse.set(plan.views.of(x).root, i);
    });
    const alive = new Set<Tensor>();
    let total = 0;
    units.forEach((unit, i) => {
      for (const y of outputsOf(unit)) {
        const from = offsets.get(y)!;
        total += sizeOf(y.shape);
        for (const other of alive) {
          const apart =
            from + sizeOf(y.shape) <= offsets.get(other)! || offsets.get(other)! + sizeOf(other.shape) <= from;
          expect(apart).toBe(true);
        }
        alive.add(y);
      }
      for (const y of alive) if ((lastUse.get(y) ?? i) <= i) alive.delete(y);
    });
    expect(size).toBeLessThan(0.8 * total);
  });
});
