/**
 * Every primitive of the table as a small function to be checked: all kinds of operands (shared, per sample), all
 * flags, at a width that a person chooses. Points where a derivative does not exist are avoided by construction.
 */
import * as p from '../../program/primitives.ts';
import type { InputSpec } from '../../program/program.ts';
import type { Shape, Tensor } from '../../program/tensor.ts';
import {
  distinct,
  evenTenths,
  nonZero,
  normals,
  oddTenths,
  positive,
  type Recipe,
  wholeBelow,
  zeroOrOne,
} from './numbers.ts';

export interface CaseInput extends InputSpec {
  /** Standard normal by default. */
  readonly numbers?: Recipe;
  /** Not differentiated with respect to: a condition, an index. */
  readonly fixed?: boolean;
}

type Inputs = Readonly<Record<string, Tensor>>;

export interface OperationCase {
  readonly what: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  body(inputs: Inputs): Tensor;
  /** What differences are taken of instead, where `body` hides a dependence on purpose; `held` does not move. */
  differences?(inputs: Inputs, held: Inputs): Tensor;
}

const KIND = ['shared', 'per sample'] as const;
const BOTH = [false, true] as const;

/** The same operation on all combinations of kinds of its operands. */
function onKinds(
  what: string,
  operands: readonly (Shape | CaseInput)[],
  body: (...xs: Tensor[]) => Tensor,
  more: Pick<OperationCase, 'differences'> = {},
): OperationCase[] {
  const names = ['a', 'b', 'c'];
  return Array.from({ length: 2 ** operands.length }, (_, bits) => {
    const kinds = operands.map((_, i) => ((bits >> i) & 1) as 0 | 1);
    const inputs = operands.map((operand, i) => {
      const spec: CaseInput = 'shape' in operand ? operand : { shape: operand as Shape };
      return [names[i]!, { ...spec, perSample: kinds[i] === 1 }] as const;
    });
    return {
      what: `${what}, ${kinds.map((k) => KIND[k]).join(' × ')}`,
      inputs: Object.fromEntries(inputs),
      body: (x: Inputs) => body(...operands.map((_, i) => x[names[i]!]!)),
      ...more,
    };
  });
}

export function operationCases(width: number): OperationCase[] {
  const plane: Shape = [2, width];
  const box: Shape = [2, width, 3];
  const of = (shape: Shape, numbers: Recipe, fixed = false): CaseInput => ({ shape, numbers, fixed });
  return [
    ...onKinds('add', [plane, plane], p.add),
    ...onKinds('mul', [plane, plane], p.mul),
    ...onKinds('neg', [plane], p.neg),
    ...onKinds('reciprocal', [of(plane, nonZero)], p.reciprocal),
    ...onKinds('exp', [plane], p.exp),
    ...onKinds('log', [of(plane, positive)], p.log),
    ...onKinds('tanh', [plane], p.tanh),
    ...onKinds('sqrt', [of(plane, positive)], p.sqrt),
    ...onKinds('sin', [of(plane, normals(2))], p.sin),
    ...onKinds('cos', [of(plane, normals(2))], p.cos),
    ...onKinds('greater', [of(plane, evenTenths), of(plane, oddTenths)], p.greater),
    ...onKinds('equal', [of(plane, evenTenths), of(plane, oddTenths)], p.equal),
    ...onKinds('equal with ties', [of(plane, wholeBelow(3), true), of(plane, wholeBelow(3), true)], p.equal),
    ...onKinds('select', [of(plane, zeroOrOne, true), plane, plane], p.select),
    ...onKinds('stopGradient', [plane], (x) => p.mul(p.stopGradient(x), x), {
      differences: (x, held) => p.mul(held.a!, x.a!),
    }),
    ...[[0], [1], [0, 2], [0, 1, 2]].flatMap((axes) => [
      ...onKinds(`sum over ${axes}`, [box], (x) => p.sum(x, axes)),
      ...onKinds(`max over ${axes}`, [of(box, distinct)], (x) => p.max(x, axes)),
    ]),
    ...onKinds('sum over -1', [plane], (x) => p.sum(x, [-1])),
    ...onKinds('max with ties', [of(box, wholeBelow(2), true)], (x) => p.max(x, [1])),
    ...onKinds('broadcast before', [[width]], (x) => p.broadcast(x, plane, [1])),
    ...onKinds('broadcast after', [[width]], (x) => p.broadcast(x, [width, 3], [0])),
    ...onKinds('broadcast around', [[2, 3]], (x) => p.broadcast(x, box, [0, 2])),
    ...onKinds('broadcast a number', [[]], (x) => p.broadcast(x, plane, [])),
    ...onKinds('reshape', [box], (x) => p.reshape(x, [3 * width, 2])),
    ...onKinds('transpose', [box], (x) => p.transpose(x, [2, 0, 1])),
    ...onKinds('transpose plane', [plane], (x) => p.transpose(x, [1, 0])),
    ...onKinds('slice first axis', [box], (x) => p.slice(x, 0, 1, 2)),
    ...onKinds('slice middle axis', [box], (x) => p.slice(x, 1, 1, width - 1)),
    ...onKinds('slice last axis', [plane], (x) => p.slice(x, -1, 0, width - 1)),
    ...onKinds('concat rows', [plane, [3, width]], (a, b) => p.concat([a, b], 0)),
    ...onKinds('concat columns', [plane, [2, 3]], (a, b) => p.concat([a, b, a], 1)),
    ...onKinds('gather rows', [[width, 3], of([5], wholeBelow(width), true)], p.gather),
    ...onKinds('gather numbers', [[width], of([2, 2], wholeBelow(width), true)], p.gather),
    ...onKinds('gather one', [[width, 2, 2], of([], wholeBelow(width), true)], p.gather),
    ...onKinds('sumOverSamples', [plane], (x) => p.sumOverSamples(p.mul(x, x))),
    ...onKinds('spread', [plane], (x) => p.spread(x)),
    ...onKinds('constant', [plane], (x) => p.mul(x, constantLike(plane))),
    ...onKinds('uniform', [plane], (x) => p.mul(x, p.uniform(plane, 3))),
    ...onKinds('normal', [plane], (x) => p.mul(x, p.normal(plane, 4))),
    ...products(width),
  ];
}

const constantLike = (shape: Shape): Tensor =>
  p.constant(
    Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.fround(Math.sin(i + 1))),
    shape,
  );

function products(width: number): OperationCase[] {
  const cases: OperationCase[] = [];
  // Not square, so that a forgotten transpose shows; a multiple of four where the width is one.
  const columns = width % 4 === 0 ? width + 4 : width + 2;
  for (const batch of [[], [2]]) {
    for (const ta of BOTH) {
      for (const tb of BOTH) {
        const a = (m: number) => [...batch, ...(ta ? [width, m] : [m, width])];
        const b = (n: number) => [...batch, ...(tb ? [n, width] : [width, n])];
        const name = `${batch.length ? 'batched ' : ''}matmul a${ta ? 'ᵀ' : ''}b${tb ? 'ᵀ' : ''}`;
        const multiply = (x: Tensor, y: Tensor) => p.matmul(x, y, ta, tb);
        cases.push(...onKinds(name, [a(7), b(columns)], multiply));
        cases.push(
          ...onKinds(`${name} over samples`, [a(3), b(width)], (x, y) => p.sumOverSamples(multiply(x, y))).slice(-1),
        );
      }
    }
  }
  cases.push(
    ...onKinds(
      'matmul tall',
      [
        [2 * width, width],
        [width, 3],
      ],
      (x, y) => p.matmul(x, y),
    ),
    ...onKinds(
      'matmul of a batch with one matrix',
      [
        [2, 3, width],
        [width, 4],
      ],
      (x, y) => p.matmul(x, y),
    ),
  );
  return cases;
}
