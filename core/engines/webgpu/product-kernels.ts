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
import { float, PITCH, partsFor, WORKGROUP, wholeLines } from './wgsl.ts';

/** Rows and columns of the block of one invocation, at most, and all numbers of it: they stay in registers. */
const MOST_ALONG = 8;
const MOST_NUMBERS = 20;

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

/**
 * The block with which a product costs least, where so many invocations work on it side by side: for every number of the
 * inner sum each multiplies the whole block, also where it is past the end, and reads its rows and columns.
 */
function blockOf(rows: number, columns: number, invocations: number): { height: number; width: number } {
  let best = { height: 1, width: 1, cost: Number.POSITIVE_INFINITY };
  for (let height = 1; height <= Math.min(rows, MOST_ALONG); height++) {
    for (let width = 1; width <= Math.min(columns, MOST_ALONG) && height * width <= MOST_NUMBERS; width++) {
      const blocks = Math.ceil(rows / height) * Math.ceil(columns / width);
      const cost = Math.ceil(blocks / invocations) * (height * width + height + width);
      if (cost < best.cost) best = { height, width, cost };
    }
  }
  return best;
}

/** Lines that find the block `e` and its rows and columns; those past the end are the last ones, and are not stored. */
function blockLines({ shape }: Tensor, invocations: number) {
  const batch = shape.slice(0, -2);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const { height, width } = blockOf(rows, columns, Math.ceil(invocations / sizeOf(batch)));
  const [down, across] = [Math.ceil(rows / height), Math.ceil(columns / width)];
  const { lines, names } = indexLines('e', [...batch, down, across], 'p');
  const starts = names.slice(-2);
  const places = (from: string, size: number, length: number, name: string) =>
    range(length).map((i) => {
      const at = `${from} * ${length}u + ${i}u`;
      return `let ${name}${i} = ${size % length === 0 ? at : `min(${at}, ${size - 1}u)`};`;
    });
  return {
    count: sizeOf(batch) * down * across,
    height,
    width,
    batch: names.slice(0, -2),
    /** Its first row and column. */
    top: `${starts[0]} * ${height}u`,
    left: `${starts[1]} * ${width}u`,
    lines: [...lines, ...places(starts[0]!, rows, height, 'row'), ...places(starts[1]!, columns, width, 'column')],
    /** A condition under which this row and column are the block's own. */
    own: (i: number, j: number) => {
      const inside = (from: string, size: number, length: number, at: number) =>
        size % length === 0 || at === 0 ? [] : [`${from} * ${length}u + ${at}u < ${size}u`];
      return [...inside(starts[0]!, rows, height, i), ...inside(starts[1]!, columns, width, j)].join(' && ');
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

/** `invocationsOfOne`: that work on the product of one sample side by side. */
export function productKernel(y: Tensor, layout: Layout, invocationsOfOne: number): Kernel {
  const block = blockLines(y, invocationsOfOne);
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

/** `first`: in the accumulator is still what was there before this step, until the first samples come. */
export function accumulateKernel({ target, a, product }: Accumulate, first: boolean, layout: Layout): Kernel {
  const add = (element: string, value: string) => {
    const at = layout.element(target, element);
    return `${at} = ${first ? `select(${at}, 0.0f, now.first == 0u)` : at} + ${value};`;
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
    ...wholeLines('total'),
    `if (lane == 0u) { ${add('e', 'whole')} }`,
  ]);
}

function summedProduct(y: Tensor, add: Add, layout: Layout): Kernel {
  const block = blockLines(y, 1);
  const { height, width } = block;
  const [rows, columns] = y.shape.slice(-2) as [number, number];
  const cells = range(height).flatMap((i) => range(width).map((j) => `c${i}${j}`));
  const title = `sum over samples of the product ${factorsOf(y)} to [${y.shape}]`;
  return groups(title, block.count, partsFor(cells.length), [
    ...block.lines,
    ...zeroLines(height, width),
    EVERY_SAMPLE,
    ...multiplyLines(productOf(y, block.batch, layout), height, width).map((line) => `  ${line}`),
    '}',
    ...cells.map((cell, i) => `parts[${i * PITCH}u + lane] = ${cell};`),
    'workgroupBarrier();',
    // Each of the first invocations makes the whole of one number.
    `let row = ${block.top} + lane / ${width}u;`,
    `let column = ${block.left} + lane % ${width}u;`,
    `if (lane < ${cells.length}u && row < ${rows}u && column < ${columns}u) {`,
    '  var whole = 0.0f;',
    `  for (var i = 0u; i < ${WORKGROUP}u; i++) { whole = whole + parts[lane * ${PITCH}u + i]; }`,
    `  ${add(elementOf(block.batch, y.shape, 'row', 'column'), 'whole')}`,
    '}',
  ]);
}
