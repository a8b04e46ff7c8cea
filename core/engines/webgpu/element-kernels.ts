/**
 * Shaders for work that goes element by element: fused maps, reductions with the map inside them, copies, joins,
 * choices of rows, random draws. One invocation has one element of one sample; many share a sum of many shared numbers.
 */
import type { MapUnit, Unit } from '../../program/passes/fuse.ts';
import { literal } from '../../program/passes/simplify.ts';
import { sizeOf, stridesOf, type Tensor } from '../../program/tensor.ts';
import { invocations, type Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { inParts } from './split-sums.ts';
import { float } from './wgsl.ts';

/** Lines that take a number apart into one index for each axis of a shape: `names`. */
export function indexLines(from: string, shape: readonly number[], prefix = 'i'): { lines: string[]; names: string[] } {
  const strides = stridesOf(shape);
  const lines: string[] = [];
  const names = shape.map((size, axis) => {
    const name = `${prefix}${axis}`;
    const whole = strides[axis] === 1 ? from : `${from} / ${strides[axis]}u`;
    if (size > 1)
      lines.push(`let ${name} = ${axis === 0 || isOutermost(shape, axis) ? whole : `(${whole}) % ${size}u`};`);
    return size > 1 ? name : '0u';
  });
  return { lines, names };
}

const isOutermost = (shape: readonly number[], axis: number): boolean => shape.slice(0, axis).every((n) => n === 1);

const ARITHMETIC: Readonly<Partial<Record<Tensor['primitive'], (a: string, b: string, c: string) => string>>> = {
  add: (a, b) => `${a} + ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  neg: (a) => `-${a}`,
  reciprocal: (a) => `1.0f / ${a}`,
  exp: (a) => `exp_of(${a})`,
  log: (a) => `log_of(${a})`,
  tanh: (a) => `tanh_of(${a})`,
  sqrt: (a) => `sqrt(${a})`,
  sin: (a) => `sin_of(${a})`,
  cos: (a) => `cos_of(${a})`,
  greater: (a, b) => `select(0.0f, 1.0f, ${a} > ${b})`,
  equal: (a, b) => `select(0.0f, 1.0f, ${a} == ${b})`,
  select: (c, a, b) => `select(${b}, ${a}, ${c} != 0.0f)`,
  stopGradient: (a) => a,
};

/** The members of a unit as statements; `value` then names what each tensor is. */
export class Members {
  readonly lines: string[] = [];
  readonly #names: Map<Tensor, string>;
  readonly #layout: Layout;
  readonly #indices: readonly string[];
  readonly #sample: string;

  /** `known`: names that tensors have already. */
  constructor(
    layout: Layout,
    indices: readonly string[],
    members: readonly Tensor[],
    known: readonly (readonly [Tensor, string])[] = [],
    sample = 's',
  ) {
    this.#layout = layout;
    this.#indices = indices;
    this.#sample = sample;
    this.#names = new Map(known);
    for (const y of members) {
      const write = ARITHMETIC[y.primitive];
      if (!write) throw new Error(`'${y.primitive}' is not element-wise.`);
      const [a = '', b = '', c = ''] = y.inputs.map((x) => this.value(x));
      this.#define(y, write(a, b, c));
    }
  }

  value(x: Tensor): string {
    const known = this.#names.get(x);
    if (known !== undefined) return known;
    const number = literal(x);
    return number === undefined ? this.#define(x, this.#layout.load(x, this.#indices, this.#sample)) : float(number);
  }

  #define(x: Tensor, expression: string): string {
    const name = `t${this.#names.size}`;
    this.lines.push(`let ${name} = ${expression};`);
    this.#names.set(x, name);
    return name;
  }
}

export const titleOf = (members: readonly Tensor[]) => members.map(({ primitive }) => primitive).join(' ');

export function mapKernel({ shape, members, outputs }: MapUnit, layout: Layout): Kernel {
  const { lines, names } = indexLines('e', shape);
  const body = new Members(layout, names, members);
  const stores = outputs.map((y) => `${layout.element(y, 'e')} = ${body.value(y)};`);
  const title = `map [${shape}]: ${titleOf(members)}`;
  return invocations(title, sizeOf(shape), outputs[0]!.perSample, [...lines, ...body.lines, ...stores]);
}

export function copyKernel(target: Tensor, layout: Layout): Kernel {
  const x = target.inputs[0]!;
  const { lines, names } = indexLines('e', x.shape);
  const body = new Members(layout, names, []);
  const store = `${layout.element(target, 'e')} = ${body.value(x)};`;
  return invocations(`copy [${x.shape}]`, sizeOf(x.shape), target.perSample, [...lines, ...body.lines, store]);
}

/** So many shared numbers are summed by many invocations rather than by one. */
const MANY = 256;

export function reduceKernels({ target, members }: Extract<Unit, { kind: 'reduce' }>, layout: Layout): Kernel[] {
  const x = target.inputs[0]!;
  const { axes } = target.attributes;
  const isMax = target.primitive === 'max';
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes!.includes(axis));
  const reducedShape = axes!.map((axis) => x.shape[axis]!);
  const count = sizeOf(reducedShape);
  const isShared = !target.perSample && count >= MANY;
  const outer = indexLines(isShared ? 'block' : 'e', target.shape, 'o');
  const inner = indexLines('r', reducedShape, 'r');
  const names = x.shape.map((size, axis) => {
    if (size === 1) return '0u';
    return axes!.includes(axis) ? inner.names[axes!.indexOf(axis)]! : outer.names[kept.indexOf(axis)]!;
  });
  const body = new Members(layout, names, members);
  const value = body.value(x);
  const start = isMax ? float(Number.NEGATIVE_INFINITY) : '0.0f';
  const combine = (a: string, b: string) => (isMax ? `select(${a}, ${b}, ${a} < ${b})` : `${a} + ${b}`);
  const begin = [...outer.lines, `var total = ${start};`];
  const add = (first: string, step: string) => [
    `for (var r = ${first}; r < ${count}u; r += ${step}) {`,
    ...[...inner.lines, ...body.lines].map((line) => `  ${line}`),
    `  total = ${combine('total', value)};`,
    '}',
  ];
  const title = `${target.primitive} [${x.shape}] to [${target.shape}]: ${titleOf(members) || 'a tensor'}`;
  const size = sizeOf(target.shape);
  const at = layout.element(target, 'e');
  if (isShared) {
    const numbers = [{ name: 'total', element: 'block', own: '' }];
    return inParts({ title, blocks: size, begin, add, numbers, start, combine }, size, `${at} = whole;`, layout);
  }
  return [invocations(title, size, target.perSample, [...begin, ...add('0u', '1u'), `${at} = total;`])];
}

/** One kernel for each part that is joined. */
export function concatKernels(target: Tensor, layout: Layout): Kernel[] {
  const axis = target.attributes.axis!;
  const strides = stridesOf(target.shape);
  let start = 0;
  return target.inputs.map((part) => {
    const { lines, names } = indexLines('e', part.shape);
    const body = new Members(layout, names, []);
    const value = body.value(part);
    const offset = start * strides[axis]!;
    start += part.shape[axis]!;
    const at = names.flatMap((name, i) => (part.shape[i] === 1 ? [] : [`${name} * ${strides[i]}u`]));
    const store = `${layout.element(target, [`${offset}u`, ...at].join(' + '))} = ${value};`;
    const title = `join [${part.shape}] into [${target.shape}]`;
    return invocations(title, sizeOf(part.shape), target.perSample, [...lines, ...body.lines, store]);
  });
}

export function gatherKernel(target: Tensor, layout: Layout): Kernel {
  const [table, index] = target.inputs as [Tensor, Tensor];
  const row = table.shape.slice(1);
  const chosen = indexLines(`(e / ${sizeOf(row)}u)`, index.shape, 'c');
  const column = indexLines(`(e % ${sizeOf(row)}u)`, row, 'w');
  const at = new Members(layout, chosen.names, []);
  const wanted = at.value(index);
  const lines = [
    ...chosen.lines,
    ...column.lines,
    ...at.lines,
    `let chosen = u32(clamp(${wanted}, 0.0f, ${float(table.shape[0]! - 1)}));`,
  ];
  const number = literal(table);
  const value = number === undefined ? layout.load(table, ['chosen', ...column.names]) : float(number);
  return invocations(`rows of [${table.shape}] by [${index.shape}]`, sizeOf(target.shape), target.perSample, [
    ...lines,
    `${layout.element(target, 'e')} = ${value};`,
  ]);
}

/** Four numbers of one sample at a time: what one counter gives. */
export function drawKernel(target: Tensor, layout: Layout): Kernel {
  const { primitive, attributes } = target;
  const blocks = Math.ceil(sizeOf(target.shape) / 4);
  const title = `draw ${primitive} [${target.shape}], stream ${attributes.stream}`;
  return invocations(title, blocks, true, [
    `let words = philox(vec4u(now.first_sample + s, e, now.step, ${attributes.stream}u));`,
    `let drawn = ${primitive === 'uniform' ? 'uniforms' : 'normals'}(words);`,
    ...[0, 1, 2, 3].map((w) => `${layout.element(target, `e * 4u + ${w}u`)} = drawn[${w}];`),
  ]);
}
