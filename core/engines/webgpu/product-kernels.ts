/**
 * Shaders for matrix products and for sums over samples. An invocation has a small block of a product, for one sample:
 * what it reads of a shared factor, all samples of a workgroup read at once. A sum over samples is made by a workgroup,
 * each invocation with every 64th sample, and then in a fixed tree, so that it always rounds alike.
 */
import type { Unit } from '../../program/passes/fuse.ts';
import { literal } from '../../program/passes/simplify.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { indexLines } from './element-kernels.ts';
import { groups, invocations, type Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { float, partsFor, WORKGROUP, wholeLines, wholeOf } from './wgsl.ts';

/** Rows and columns of the block of one invocation. */
const BLOCK = 4;

interface Product {
  readonly inner: number;
  /** The numbers of the factors at `k`. */
  readonly loadA: (row: string) => string;
  readonly loadB: (column: string) => string;
}

function productOf({ inputs, attributes }: Tensor, batch: readonly string[], layout: Layout): Product {
  const [a, b] = inputs as [Tensor, Tensor];
  const { transposeA, transposeB } = attributes;
  const load = (x: Tensor, row: string, column: string) => {
    const number = literal(x);
    return number === undefined ? layout.load(x, [...batch, row, column]) : float(number);
  };
  return {
    inner: a.shape.at(transposeA ? -2 : -1)!,
    loadA: (row) => (transposeA ? load(a, 'k', row) : load(a, row, 'k')),
    loadB: (column) => (transposeB ? load(b, column, 'k') : load(b, 'k', column)),
  };
}

const factorsOf = ({ inputs }: Tensor): string =>
  inputs.map((x) => `[${x.perSample ? 'S×' : ''}${x.shape.join('×')}]`).join(' ');

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The blocks that cover so many rows: their number and their height. */
const blocksOf = (size: number) => {
  const height = Math.min(BLOCK, size);
  return { height, count: Math.ceil(size / height) };
};

/** Lines that find the block `e` and its rows and columns; those past the end are the last ones, and are not stored. */
function blockLines({ shape }: Tensor) {
  const batch = shape.slice(0, -2);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const [down, across] = [blocksOf(rows), blocksOf(columns)];
  const { lines, names } = indexLines('e', [...batch, down.count, across.count], 'p');
  const starts = names.slice(-2);
  const places = (from: string, size: number, { height }: { height: number }, name: string) =>
    range(height).map((i) => {
      const at = `${from} * ${height}u + ${i}u`;
      return `let ${name}${i} = ${size % height === 0 ? at : `min(${at}, ${size - 1}u)`};`;
    });
  return {
    count: sizeOf(batch) * down.count * across.count,
    height: down.height,
    width: across.height,
    batch: names.slice(0, -2),
    lines: [...lines, ...places(starts[0]!, rows, down, 'row'), ...places(starts[1]!, columns, across, 'column')],
    /** A condition under which this row and column are the block's own. */
    own: (i: number, j: number) => {
      const inside = (from: string, size: number, height: number, at: number) =>
        size % height === 0 || at === 0 ? [] : [`${from} * ${height}u + ${at}u < ${size}u`];
      return [...inside(starts[0]!, rows, down.height, i), ...inside(starts[1]!, columns, across.height, j)].join(
        ' && ',
      );
    },
  };
}

const guarded = (condition: string, line: string) => (condition === '' ? line : `if (${condition}) { ${line} }`);

/** The inner loop: one column of the first factor's block times one row of the second's. */
function multiplyLines({ inner, loadA, loadB }: Product, height: number, width: number): string[] {
  return [
    `for (var k = 0u; k < ${inner}u; k++) {`,
    ...range(height).map((i) => `  let a${i} = ${loadA(`row${i}`)};`),
    ...range(width).map((j) => `  let b${j} = ${loadB(`column${j}`)};`),
    ...range(height).flatMap((i) => range(width).map((j) => `  c${i}${j} = fma(a${i}, b${j}, c${i}${j});`)),
    '}',
  ];
}

const zeroLines = (height: number, width: number) =>
  range(height).flatMap((i) => range(width).map((j) => `var c${i}${j} = 0.0f;`));

const elementOf = (names: readonly string[], shape: readonly number[], row: string, column: string): string => {
  const [rows, columns] = shape.slice(-2) as [number, number];
  let batch = '0u';
  shape.slice(0, -2).forEach((size, axis) => {
    batch = axis === 0 ? names[0]! : `(${batch} * ${size}u + ${names[axis]})`;
  });
  return `(${batch} * ${rows}u + ${row}) * ${columns}u + ${column}`;
};

export function productKernel(y: Tensor, layout: Layout): Kernel {
  const block = blockLines(y);
  const product = productOf(y, block.batch, layout);
  const { height, width } = block;
  const stores = range(height).flatMap((i) =>
    range(width).map((j) => {
      const at = layout.element(y, elementOf(block.batch, y.shape, `row${i}`, `column${j}`));
      return guarded(block.own(i, j), `${at} = c${i}${j};`);
    }),
  );
  return invocations(`product ${factorsOf(y)} to [${y.shape}]`, block.count, y.perSample, [
    ...block.lines,
    ...zeroLines(height, width),
    ...multiplyLines(product, height, width),
    ...stores,
  ]);
}

type Accumulate = Extract<Unit, { kind: 'accumulate' }>;

/** `first`: the accumulator still holds what was in it before. */
export function accumulateKernel({ target, a, product }: Accumulate, first: boolean, layout: Layout): Kernel {
  const add = (element: string, value: string) => {
    const at = layout.element(target, element);
    return first ? `${at} = ${value};` : `${at} = ${at} + ${value};`;
  };
  return product ? summedProduct(product, add, layout) : plainSum(a, add, layout);
}

type Add = (element: string, value: string) => string;

const EVERY_SAMPLE = `for (var s = lane; s < now.samples; s += ${WORKGROUP}u) {`;

function plainSum(a: Tensor, add: Add, layout: Layout): Kernel {
  const { lines, names } = indexLines('e', a.shape);
  const number = literal(a);
  return groups(`sum over samples [${a.shape}]`, sizeOf(a.shape), partsFor(1), [
    ...lines,
    'var total = 0.0f;',
    EVERY_SAMPLE,
    `  total = total + ${number === undefined ? layout.load(a, names) : float(number)};`,
    '}',
    ...wholeLines(['total']),
    `if (lane == 0u) { ${add('e', wholeOf(0))} }`,
  ]);
}

function summedProduct(y: Tensor, add: Add, layout: Layout): Kernel {
  const block = blockLines(y);
  const { height, width } = block;
  const cells = range(height).flatMap((i) => range(width).map((j) => ({ i, j })));
  const stores = cells.map(({ i, j }, cell) => {
    const element = elementOf(block.batch, y.shape, `row${i}`, `column${j}`);
    return `  ${guarded(block.own(i, j), add(element, wholeOf(cell)))}`;
  });
  const title = `sum over samples of the product ${factorsOf(y)} to [${y.shape}]`;
  return groups(title, block.count, partsFor(cells.length), [
    ...block.lines,
    ...zeroLines(height, width),
    EVERY_SAMPLE,
    ...multiplyLines(productOf(y, block.batch, layout), height, width).map((line) => `  ${line}`),
    '}',
    ...wholeLines(cells.map(({ i, j }) => `c${i}${j}`)),
    'if (lane == 0u) {',
    ...stores,
    '}',
  ]);
}
