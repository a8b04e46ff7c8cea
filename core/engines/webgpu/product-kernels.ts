/**
 * Shaders for matrix products, with the element-wise work behind them. An invocation has a small block of one, for one
 * sample or a few: what it reads of a shared factor, all samples of a workgroup read at once. Not here: sums over samples
 * (sample-sums.ts), which are made of such blocks.
 */
import type { Unit } from '../../program/passes/fuse.ts';
import { literal } from '../../program/passes/simplify.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { indexLines, Members, titleOf } from './element-kernels.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import type { BlockNumber } from './split-sums.ts';
import { float } from './wgsl.ts';

/** Rows and columns of the block of one invocation, at most, and all numbers of it: they stay in registers. */
const MOST_ALONG = 8;
const MOST_NUMBERS = 20;
/** Rows of several samples that share a block. */
const MOST_SPANNED = 4;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/**
 * Statements that read a factor's numbers along the inner axis, for each of some rows or columns of the product and each
 * of some samples: before all, before the loop, in the loop and at its end.
 */
interface Reading {
  readonly begin: readonly string[];
  readonly start: readonly string[];
  readonly load: readonly string[];
  readonly next: readonly string[];
}

/** `axis`: the inner one; `name`: of what is read, `name` + sample + row or column. */
function reading(
  x: Tensor,
  axis: -1 | -2,
  places: readonly string[],
  samples: readonly string[],
  name: string,
  batch: readonly string[],
  layout: Layout,
): Reading {
  const all = samples.flatMap((sample, n) => range(places.length).map((i) => ({ sample, i, of: `${name}${n}${i}` })));
  const number = literal(x);
  if (number !== undefined) {
    const load = all.map(({ of }) => `let ${of} = ${float(number)};`);
    return { begin: [], start: [], load, next: [] };
  }
  const lines = places.map((place) =>
    layout.line(x, [...batch, ...(axis === -1 ? [place, '0u'] : ['0u', place])], x.shape.length + axis),
  );
  return {
    begin: lines.map(({ base }, i) => `let ${name}_base${i} = ${base};`),
    start: all.map(({ sample, i, of }) => `var ${of}_at = ${lines[i]!.start(`${name}_base${i}`, sample)};`),
    load: all.map(({ i, of }) => `let ${of} = ${lines[i]!.buffer}[${of}_at];`),
    next: all.map(({ i, of }) => `${of}_at += ${lines[i]!.step};`),
  };
}

export const productTitle = ({ inputs, shape }: Tensor): string =>
  `product ${inputs.map((x) => `[${x.perSample ? 'S×' : ''}${x.shape.join('×')}]`).join(' ')} to [${shape}]`;

/**
 * Samples whose rows share a block: of few rows each, times what is the same for all samples. More invocations would read
 * the same numbers more often.
 */
function spanOf({ inputs, shape }: Tensor, layout: Layout): number {
  const [a, b] = inputs as [Tensor, Tensor];
  const rows = shape.at(-2)!;
  return a.perSample && !b.perSample && !layout.bySample ? Math.max(1, Math.floor(MOST_SPANNED / rows)) : 1;
}

/**
 * The block with which a product costs least, where so many invocations work on it side by side: for every number of the
 * inner sum each multiplies the whole block, also where it is past the end, and reads its rows and columns.
 */
function blockOf(rows: number, columns: number, span: number, invocations: number): { height: number; width: number } {
  let best = { height: 1, width: 1, cost: Number.POSITIVE_INFINITY };
  for (let height = 1; height <= Math.min(rows, MOST_ALONG); height++) {
    for (let width = 1; width <= Math.min(columns, MOST_ALONG) && span * height * width <= MOST_NUMBERS; width++) {
      const blocks = Math.ceil(rows / height) * Math.ceil(columns / width);
      const cost = Math.ceil(blocks / invocations) * (span * height * width + span * height + width);
      if (cost < best.cost) best = { height, width, cost };
    }
  }
  return best;
}

const elementOf = (names: readonly string[], shape: readonly number[], row: string, column: string): string => {
  const [rows, columns] = shape.slice(-2) as [number, number];
  let batch = '0u';
  shape.slice(0, -2).forEach((size, axis) => {
    batch = axis === 0 ? names[0]! : `(${batch} * ${size}u + ${names[axis]})`;
  });
  return `(${batch} * ${rows}u + ${row}) * ${columns}u + ${column}`;
};

/** One block of a product: what begins its numbers, what adds to them, and where each of them belongs. */
export interface Block {
  /** How many there are. */
  readonly count: number;
  /** For block `name`. */
  readonly begin: readonly string[];
  readonly add: readonly string[];
  readonly numbers: readonly BlockNumber[];
}

interface ProductNumber extends BlockNumber {
  readonly sample: string;
  /** One for each axis. */
  readonly indices: readonly string[];
}

/**
 * `name`: which of the blocks, on which so many invocations work side by side; `span`: samples. Rows, columns and samples
 * past the end are the last ones, and are not its own.
 */
export function productBlock(y: Tensor, layout: Layout, invocations: number, name: string, span = 1) {
  const batch = y.shape.slice(0, -2);
  const [rows, columns] = y.shape.slice(-2) as [number, number];
  const { height, width } = blockOf(rows, columns, span, Math.ceil(invocations / sizeOf(batch)));
  const [down, across] = [Math.ceil(rows / height), Math.ceil(columns / width)];
  const { lines, names } = indexLines(name, [...batch, down, across], 'p');
  const batchNames = names.slice(0, -2);
  const [top, left] = [`${names.at(-2)} * ${height}u`, `${names.at(-1)} * ${width}u`];
  const along = (from: string, size: number, length: number, name: string) =>
    range(length).map((i) => {
      const at = `${from} + ${i}u`;
      return `let ${name}${i} = ${size % length === 0 ? at : `min(${at}, ${size - 1}u)`};`;
    });
  const inside = (from: string, size: number, length: number, i: number) =>
    size % length === 0 || i === 0 ? [] : [`${from} + ${i}u < ${size}u`];
  const samples = range(span).map((n) => (n === 0 ? 's' : `s${n}`));
  const others = range(span - 1).map((n) => `let s${n + 1} = min(s + ${n + 1}u * apart, now.samples - 1u);`);
  const { transposeA, transposeB } = y.attributes;
  const [factorA, factorB] = y.inputs as [Tensor, Tensor];
  const inner = factorA.shape.at(transposeA ? -2 : -1)!;
  const rowNames = range(height).map((i) => `row${i}`);
  const columnNames = range(width).map((j) => `column${j}`);
  const a = reading(factorA, transposeA ? -2 : -1, rowNames, samples, 'a', batchNames, layout);
  const b = reading(factorB, transposeB ? -1 : -2, columnNames, ['s'], 'b', batchNames, layout);
  const cells = range(span).flatMap((n) => range(height).flatMap((i) => range(width).map((j) => ({ n, i, j }))));
  const cell = ({ n, i, j }: (typeof cells)[number]) => `c${n}${i}${j}`;
  return {
    count: sizeOf(batch) * down * across,
    begin: [
      ...lines,
      ...along(top, rows, height, 'row'),
      ...along(left, columns, width, 'column'),
      ...others,
      ...a.begin,
      ...b.begin,
      ...cells.map((at) => `var ${cell(at)} = 0.0f;`),
    ],
    add: [
      ...a.start,
      ...b.start,
      ...(inner === 1 ? [] : [`for (var k = 0u; k < ${inner}u; k++) {`]),
      ...[...a.load, ...b.load].map((line) => `  ${line}`),
      ...cells.map((at) => `  ${cell(at)} = fma(a${at.n}${at.i}, b0${at.j}, ${cell(at)});`),
      ...(inner === 1 ? [] : [...[...a.next, ...b.next].map((line) => `  ${line}`), '}']),
    ],
    numbers: cells.map((at): ProductNumber => {
      const { n, i, j } = at;
      const isThere = n === 0 ? [] : [`s + ${n}u * apart < now.samples`];
      return {
        name: cell(at),
        element: elementOf(batchNames, y.shape, `row${i}`, `column${j}`),
        own: [...isThere, ...inside(top, rows, height, i), ...inside(left, columns, width, j)].join(' && '),
        sample: samples[n]!,
        indices: [...batchNames, `row${i}`, `column${j}`],
      };
    }),
  };
}

/** `invocations`: that work on the product of one sample side by side. */
export function productKernel(unit: Extract<Unit, { kind: 'op' }>, layout: Layout, invocations: number): Kernel {
  const { target: y, finish } = unit;
  const span = y.perSample ? spanOf(y, layout) : 0;
  const { count, begin, add, numbers } = productBlock(y, layout, invocations, 'e', Math.max(1, span));
  const { work, isStored = true } = finish ?? {};
  const stores = numbers.flatMap(({ name, element, own, sample, indices }) => {
    const members = new Members(layout, indices, work?.members ?? [], [[y, name]], sample);
    const results = [...(isStored ? [y] : []), ...(work?.outputs ?? [])];
    const lines = results.map((x) => `${layout.element(x, element, sample)} = ${members.value(x)};`);
    return [own === '' ? '{' : `if (${own}) {`, ...[...members.lines, ...lines].map((line) => `  ${line}`), '}'];
  });
  const title = work ? `${productTitle(y)}: ${titleOf(work.members)}` : productTitle(y);
  return { title, count, span, lines: [...begin, ...add, ...stores] };
}
