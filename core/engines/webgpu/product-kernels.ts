/**
 * Shaders for matrix products and for sums over samples. An invocation has a small block of a product, for one sample:
 * what it reads of a shared factor, all samples of a workgroup read at once. A sum over samples is made by a workgroup,
 * each invocation with every 64th sample, and then in a fixed tree, so that it always rounds alike.
 */
import type { Unit } from '../../program/passes/fuse.ts';
import { literal } from '../../program/passes/simplify.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { indexLines, treeLines } from './element-kernels.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { eachGroup, eachInvocation, float, shader, WORKGROUP } from './wgsl.ts';

/** Rows and columns of the block of one invocation. */
const BLOCK = 4;

interface Product {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly batch: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly loadA: (row: string) => string;
  readonly loadB: (column: string) => string;
}

/** A product with its factors' numbers at `k`, at the batch indices `names`. */
function productOf(y: Tensor, names: readonly string[], layout: Layout): Product {
  const [a, b] = y.inputs as [Tensor, Tensor];
  const { transposeA, transposeB } = y.attributes;
  const [rows, columns] = y.shape.slice(-2) as [number, number];
  const load = (x: Tensor, row: string, column: string) => {
    const number = literal(x);
    return number === undefined ? layout.load(x, [...names, row, column]) : float(number);
  };
  return {
    ...{ a, b, rows, columns, batch: y.shape.slice(0, -2) },
    inner: a.shape.at(transposeA ? -2 : -1)!,
    loadA: (row) => (transposeA ? load(a, 'k', row) : load(a, row, 'k')),
    loadB: (column) => (transposeB ? load(b, column, 'k') : load(b, 'k', column)),
  };
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The blocks that cover so many rows: their number and their height. */
const blocksOf = (size: number) => {
  const height = Math.min(BLOCK, size);
  return { height, count: Math.ceil(size / height) };
};

/** Lines that find the block `e` and its rows and columns; those past the end are the last ones, and are not stored. */
function blockLines({ batch, rows, columns }: Pick<Product, 'batch' | 'rows' | 'columns'>) {
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
  const rough = { batch: y.shape.slice(0, -2), rows: y.shape.at(-2)!, columns: y.shape.at(-1)! };
  const block = blockLines(rough);
  const product = productOf(y, block.batch, layout);
  const { height, width } = block;
  const stores = range(height).flatMap((i) =>
    range(width).map((j) => {
      const at = layout.element(y, elementOf(block.batch, y.shape, `row${i}`, `column${j}`));
      return guarded(block.own(i, j), `${at} = c${i}${j};`);
    }),
  );
  const count = y.perSample ? `${block.count}u * now.samples` : `${block.count}u`;
  const first = y.perSample ? ['let s = index % now.samples;', 'let e = index / now.samples;'] : ['let e = index;'];
  const lines = [
    ...first,
    ...block.lines,
    ...zeroLines(height, width),
    ...multiplyLines(product, height, width),
    ...stores,
  ];
  const title = `product [${y.inputs.map((x) => `${x.perSample ? 'S×' : ''}${x.shape.join('×')}`).join('] [')}] to [${y.shape}]`;
  return {
    title,
    code: shader(title, eachInvocation(count, lines)),
    count: block.count,
    perSample: y.perSample,
    byGroups: false,
  };
}

/** `first`: whether the accumulator still holds what was in it before. */
export function accumulateKernel(
  { target, a, b, product: y }: Extract<Unit, { kind: 'accumulate' }>,
  first: boolean,
  layout: Layout,
): Kernel {
  const add = (at: string, value: string) => (first ? `${at} = ${value};` : `${at} = ${at} + ${value};`);
  if (!b || !y) {
    const { lines, names } = indexLines('e', a.shape);
    const number = literal(a);
    const sum = [
      'let e = group;',
      ...lines,
      'var total = 0.0f;',
      `for (var s = lane; s < now.samples; s += ${WORKGROUP}u) {`,
      `  total = total + ${number === undefined ? layout.load(a, names) : float(number)};`,
      '}',
      ...treeLines('parts', (p, q) => `${p} + ${q}`),
      `if (lane == 0u) { ${add(layout.element(target, 'e'), 'parts[0]')} }`,
    ];
    const title = `sum over samples [${a.shape}]`;
    const count = sizeOf(a.shape);
    const storage = `var<workgroup> parts: array<f32, ${WORKGROUP}>;`;
    return { title, code: shader(title, eachGroup(count, storage, sum)), count, perSample: false, byGroups: true };
  }
  const rough = { batch: y.shape.slice(0, -2), rows: y.shape.at(-2)!, columns: y.shape.at(-1)! };
  const block = blockLines(rough);
  const { height, width } = block;
  const product = productOf(y, block.batch, layout);
  const cells = range(height).flatMap((i) => range(width).map((j) => ({ i, j, cell: i * width + j })));
  const lines = [
    'let e = group;',
    ...block.lines,
    ...zeroLines(height, width),
    `for (var s = lane; s < now.samples; s += ${WORKGROUP}u) {`,
    ...multiplyLines(product, height, width).map((line) => `  ${line}`),
    '}',
    ...cells.map(({ i, j, cell }) => `parts[${cell * WORKGROUP}u + lane] = c${i}${j};`),
    `for (var half = ${WORKGROUP / 2}u; half > 0u; half = half / 2u) {`,
    '  workgroupBarrier();',
    '  if (lane < half) {',
    ...cells.map(({ cell }) => `    parts[${cell * WORKGROUP}u + lane] += parts[${cell * WORKGROUP}u + lane + half];`),
    '  }',
    '}',
    'workgroupBarrier();',
    'if (lane == 0u) {',
    ...cells.map(({ i, j, cell }) => {
      const at = layout.element(target, elementOf(block.batch, y.shape, `row${i}`, `column${j}`));
      return `  ${guarded(block.own(i, j), add(at, `parts[${cell * WORKGROUP}]`))}`;
    }),
    '}',
  ];
  const title = `sum over samples of the product [${a.shape}] [${b.shape}] to [${y.shape}]`;
  const storage = `var<workgroup> parts: array<f32, ${WORKGROUP * height * width}>;`;
  return {
    title,
    code: shader(title, eachGroup(block.count, storage, lines)),
    count: block.count,
    perSample: false,
    byGroups: true,
  };
}
