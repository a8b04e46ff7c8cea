/**
 * The table of primitives: everything a program can do to a tensor, and nothing else.
 *
 * One entry each: shape rule, forward-mode rule, reverse-mode rule (both written in the same primitives, so that
 * derivatives of derivatives need no further thought) and cost. Softmax, layer norm or attention are ordinary
 * functions over these (`functions.ts`). Engines implement exactly this table.
 */
import { type Attributes, node, type PrimitiveName, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';

type Maybe = Tensor | undefined;

interface Primitive {
  /** `map` primitives act element by element on inputs of one common shape. */
  readonly kind: 'source' | 'map' | 'view' | 'reduce' | 'other';
  shape(inputs: readonly Shape[], attributes: Attributes): Shape;
  /** Tangent of the output from the tangents of the inputs; `undefined` is an exact zero. */
  tangent(y: Tensor, dots: readonly Maybe[]): Maybe;
  /** Cotangents of the inputs from the output's; only those in `needs` are asked for. */
  cotangents(y: Tensor, bar: Tensor, needs: readonly boolean[]): readonly Maybe[];
  /** Arithmetic operations for one evaluation (of one sample). */
  cost(y: Tensor): number;
}

const perElement = (y: Tensor): number => sizeOf(y.shape);
const free = (): number => 0;
const given = (_: readonly Shape[], attributes: Attributes): Shape => attributes.shape!;

function common(shapes: readonly Shape[]): Shape {
  const first = shapes[0]!;
  for (const other of shapes) {
    if (!sameShape(first, other)) throw new RangeError(`Shapes [${first}] and [${other}] do not match.`);
  }
  return first;
}

/** An element-wise function of one variable with derivative `slope(y, x)`. */
const unary = (slope: (y: Tensor, x: Tensor) => Tensor, cost = 1): Primitive => ({
  kind: 'map',
  shape: common,
  tangent: (y, [dx]) => dx && mul(dx, slope(y, y.inputs[0]!)),
  cotangents: (y, bar) => [mul(bar, slope(y, y.inputs[0]!))],
  cost: (y) => cost * sizeOf(y.shape),
});

/** A source of numbers that no derivative flows through. */
const source = (shape: Primitive['shape'], cost: Primitive['cost'] = free): Primitive => ({
  kind: 'source',
  shape,
  tangent: () => undefined,
  cotangents: () => [],
  cost,
});

/** Comparisons: piecewise constant, so every derivative is zero. */
const comparison: Primitive = {
  kind: 'map',
  shape: common,
  tangent: () => undefined,
  cotangents: () => [undefined, undefined],
  cost: perElement,
};

const reducedShape = ([x]: readonly Shape[], { axes }: Attributes): Shape => x!.filter((_, i) => !axes!.includes(i));
const keptAxes = (x: Shape, axes: readonly number[]): number[] => x.map((_, i) => i).filter((i) => !axes.includes(i));

function matmulShape([a, b]: readonly Shape[], { transposeA, transposeB }: Attributes): Shape {
  const [am, ak] = transposeA ? [a!.at(-1)!, a!.at(-2)!] : [a!.at(-2)!, a!.at(-1)!];
  const [bk, bn] = transposeB ? [b!.at(-1)!, b!.at(-2)!] : [b!.at(-2)!, b!.at(-1)!];
  const batch = a!.slice(0, -2);
  if (a!.length < 2 || ak !== bk || !sameShape(batch, b!.slice(0, -2))) {
    throw new RangeError(`Cannot multiply [${a}]${transposeA ? 'ᵀ' : ''} by [${b}]${transposeB ? 'ᵀ' : ''}.`);
  }
  return [...batch, am, bn];
}

export const primitives: Readonly<Record<PrimitiveName, Primitive>> = {
  input: source(given),
  constant: source(given),
  /** Uniform in (0, 1), one draw per sample and element, named by its stream number. */
  uniform: source(given, (y) => 20 * sizeOf(y.shape)),
  /** Standard normal, likewise. */
  normal: source(given, (y) => 40 * sizeOf(y.shape)),

  add: {
    kind: 'map',
    shape: common,
    tangent: (_, [da, db]) => plus(da, db),
    cotangents: (_, bar) => [bar, bar],
    cost: perElement,
  },
  mul: {
    kind: 'map',
    shape: common,
    tangent: ({ inputs: [a, b] }, [da, db]) => plus(da && mul(da, b!), db && mul(a!, db)),
    cotangents: ({ inputs: [a, b] }, bar, needs) => [
      needs[0] ? mul(bar, b!) : undefined,
      needs[1] ? mul(bar, a!) : undefined,
    ],
    cost: perElement,
  },
  neg: {
    kind: 'map',
    shape: common,
    tangent: (_, [dx]) => dx && neg(dx),
    cotangents: (_, bar) => [neg(bar)],
    cost: perElement,
  },
  reciprocal: unary((y) => neg(mul(y, y)), 4),
  exp: unary((y) => y, 12),
  log: unary((_, x) => reciprocal(x), 16),
  tanh: unary((y) => sub(1, mul(y, y)), 18),
  sqrt: unary((y) => mul(0.5, reciprocal(y)), 4),
  sin: unary((_, x) => cos(x), 16),
  cos: unary((_, x) => neg(sin(x)), 16),
  greater: comparison,
  equal: comparison,
  /** `select(condition, a, b)`: a where the condition is not 0, else b. */
  select: {
    kind: 'map',
    shape: common,
    tangent: ({ inputs: [c, a] }, [, da, db]) =>
      da || db ? select(c!, da ?? zerosLike(a!), db ?? zerosLike(a!)) : undefined,
    cotangents: ({ inputs: [c] }, bar, needs) => [
      undefined,
      needs[1] ? select(c!, bar, zerosLike(bar)) : undefined,
      needs[2] ? select(c!, zerosLike(bar), bar) : undefined,
    ],
    cost: perElement,
  },
  stopGradient: {
    kind: 'map',
    shape: common,
    tangent: () => undefined,
    cotangents: () => [undefined],
    cost: free,
  },

  matmul: {
    kind: 'other',
    shape: matmulShape,
    tangent: ({ inputs: [a, b], attributes: { transposeA, transposeB } }, [da, db]) =>
      plus(da && matmul(da, b!, transposeA, transposeB), db && matmul(a!, db, transposeA, transposeB)),
    cotangents: ({ inputs: [a, b], attributes: { transposeA: ta, transposeB: tb } }, bar, needs) => [
      needs[0] ? (ta ? matmul(b!, bar, tb, true) : matmul(bar, b!, false, !tb)) : undefined,
      needs[1] ? (tb ? matmul(bar, a!, true, ta) : matmul(a!, bar, !ta, false)) : undefined,
    ],
    cost: (y) => 2 * sizeOf(y.shape) * y.inputs[0]!.shape.at(y.attributes.transposeA ? -2 : -1)!,
  },
  sum: {
    kind: 'reduce',
    shape: reducedShape,
    tangent: ({ attributes }, [dx]) => dx && sum(dx, attributes.axes!),
    cotangents: ({ inputs: [x], attributes }, bar) => [broadcast(bar, x!.shape, keptAxes(x!.shape, attributes.axes!))],
    cost: (y) => sizeOf(y.inputs[0]!.shape),
  },
  /** Largest element; at a tie each of the equal elements receives the whole derivative. */
  max: {
    kind: 'reduce',
    shape: reducedShape,
    tangent: (y, [dx]) => dx && sum(mul(isMaximum(y), dx), y.attributes.axes!),
    cotangents: (y, bar) => {
      const x = y.inputs[0]!;
      return [mul(isMaximum(y), broadcast(bar, x.shape, keptAxes(x.shape, y.attributes.axes!)))];
    },
    cost: (y) => sizeOf(y.inputs[0]!.shape),
  },
  /** `axes[i]` is the place of the input's axis i in the output; the output's other axes are copies. */
  broadcast: {
    kind: 'view',
    shape: ([x], { shape, axes }) => {
      const rising = axes!.every((a, i) => i === 0 || a > axes![i - 1]!);
      if (!rising || axes!.length !== x!.length || !x!.every((n, i) => shape![axes![i]!] === n))
        throw new RangeError(`Cannot broadcast [${x}] to [${shape}].`);
      return shape!;
    },
    tangent: ({ attributes }, [dx]) => dx && broadcast(dx, attributes.shape!, attributes.axes!),
    cotangents: ({ shape, attributes }, bar) => [sum(bar, keptAxes(shape, attributes.axes!))],
    cost: free,
  },
  reshape: {
    kind: 'view',
    shape: ([x], { shape }) => {
      if (sizeOf(x!) !== sizeOf(shape!)) throw new RangeError(`Cannot reshape [${x}] to [${shape}].`);
      return shape!;
    },
    tangent: ({ shape }, [dx]) => dx && reshape(dx, shape),
    cotangents: ({ inputs: [x] }, bar) => [reshape(bar, x!.shape)],
    cost: free,
  },
  /** Output axis i is the input's axis `axes[i]`. */
  transpose: {
    kind: 'view',
    shape: ([x], { axes }) => {
      if (axes!.length !== x!.length || !x!.every((_, i) => axes!.includes(i))) {
        throw new RangeError(`[${axes}] is no order of the axes of [${x}].`);
      }
      return axes!.map((i) => x![i]!);
    },
    tangent: ({ attributes }, [dx]) => dx && transpose(dx, attributes.axes!),
    cotangents: ({ attributes: { axes } }, bar) => [
      transpose(
        bar,
        axes!.map((_, i) => axes!.indexOf(i)),
      ),
    ],
    cost: free,
  },
  slice: {
    kind: 'view',
    shape: ([x], { axis, start, stop }) => {
      const whole = Number.isInteger(start) && Number.isInteger(stop);
      if (!(whole && start! >= 0 && stop! > start! && stop! <= x![axis!]!)) {
        throw new RangeError(`Cannot take ${start}…${stop} of axis ${axis} of [${x}].`);
      }
      return x!.with(axis!, stop! - start!);
    },
    tangent: ({ attributes: { axis, start, stop } }, [dx]) => dx && slice(dx, axis!, start!, stop!),
    cotangents: ({ inputs: [x], attributes: { axis, start, stop } }, bar) => {
      const padding = (n: number) => (n > 0 ? [zeros(x!.shape.with(axis!, n))] : []);
      return [concat([...padding(start!), bar, ...padding(x!.shape[axis!]! - stop!)], axis!)];
    },
    cost: free,
  },
  concat: {
    kind: 'other',
    shape: (shapes, { axis }) => {
      const first = shapes[0]!;
      for (const s of shapes) {
        if (!sameShape(first.with(axis!, 0), s.with(axis!, 0))) {
          throw new RangeError(`Cannot join [${first}] and [${s}] along axis ${axis}.`);
        }
      }
      return first.with(
        axis!,
        shapes.reduce((total, s) => total + s[axis!]!, 0),
      );
    },
    tangent: ({ inputs, attributes }, dots) =>
      dots.some(Boolean)
        ? concat(
            inputs.map((x, i) => dots[i] ?? zeros(x.shape)),
            attributes.axis!,
          )
        : undefined,
    cotangents: ({ inputs, attributes: { axis } }, bar, needs) => {
      let start = 0;
      return inputs.map((x, i) => {
        const from = start;
        start += x.shape[axis!]!;
        return needs[i] ? slice(bar, axis!, from, start) : undefined;
      });
    },
    cost: perElement,
  },
  /** Rows of a table [n, …] by index (whole numbers, clamped to the table). */
  gather: {
    kind: 'other',
    shape: ([table, index]) => {
      if (table!.length === 0) throw new RangeError('A single number has no rows to gather.');
      return [...index!, ...table!.slice(1)];
    },
    tangent: ({ inputs: [, index] }, [dtable]) => dtable && gather(dtable, index!),
    cotangents: ({ inputs: [table, index] }, bar) => {
      const [n, ...row] = table!.shape as [number, ...number[]];
      const rows = sizeOf(index!.shape);
      const columns = sizeOf(row);
      const flat = matmul(chosenRows(reshape(index!, [rows]), n), reshape(bar, [rows, columns]), true);
      return [reshape(flat, table!.shape), undefined];
    },
    cost: perElement,
  },

  /** The one way out of the per-sample world. */
  sumOverSamples: {
    kind: 'other',
    shape: ([x]) => x!,
    tangent: (_, [dx]) => dx && sumOverSamples(dx),
    cotangents: (_, bar) => [bar],
    cost: perElement,
  },
  /** A shared tensor, repeated for every sample. */
  spread: {
    kind: 'view',
    shape: ([x]) => x!,
    // A tangent that is the same for every sample stays shared, and is then computed once.
    tangent: (_, [dx]) => dx,
    cotangents: (_, bar) => [bar],
    cost: free,
  },
};

export const ruleOf = (y: Tensor): Primitive => primitives[y.primitive];

function apply(primitive: PrimitiveName, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor {
  const rule = primitives[primitive];
  const shape = rule.shape(
    inputs.map((x) => x.shape),
    attributes,
  );
  const perSample =
    primitive === 'spread' ||
    primitive === 'normal' ||
    primitive === 'uniform' ||
    (primitive !== 'sumOverSamples' && inputs.some((x) => x.perSample));
  return node(primitive, inputs, attributes, shape, perSample);
}

/** The same operation on other inputs: how passes rebuild a graph. */
export const withInputs = (y: Tensor, inputs: readonly Tensor[]): Tensor =>
  inputs.every((x, i) => x === y.inputs[i]) ? y : apply(y.primitive, inputs, y.attributes);

// ---- one function per primitive; element-wise ones broadcast their operands as NumPy does ----

export type Operand = Tensor | number;

export const input = (name: string, shape: Shape, perSample: boolean): Tensor =>
  node('input', [], { name, shape }, shape, perSample);

export function constant(values: number | ArrayLike<number>, shape?: Shape): Tensor {
  const data = typeof values === 'number' ? Float64Array.of(values) : Float64Array.from(values);
  const target = shape ?? (typeof values === 'number' ? [] : [data.length]);
  if (data.length !== sizeOf(target)) throw new RangeError(`${data.length} values do not fill the shape [${target}].`);
  return apply('constant', [], { values: data, shape: target });
}

export const uniform = (shape: Shape, stream: number): Tensor => apply('uniform', [], { shape, stream });
export const normal = (shape: Shape, stream: number): Tensor => apply('normal', [], { shape, stream });

const tensor = (x: Operand): Tensor => (typeof x === 'number' ? constant(x) : x);

function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const p = a[i - rank + a.length] ?? 1;
    const q = b[i - rank + b.length] ?? 1;
    if (p !== q && p !== 1 && q !== 1) throw new RangeError(`Shapes [${a}] and [${b}] do not match.`);
    return p === 1 ? q : p;
  });
}

/** Aligns trailing axes and repeats axes of length one. */
export function broadcastTo(x: Operand, shape: Shape): Tensor {
  const t = tensor(x);
  if (sameShape(t.shape, shape)) return t;
  const offset = shape.length - t.shape.length;
  const kept = t.shape.map((_, i) => i).filter((i) => t.shape[i] !== 1 || shape[i + offset] === 1);
  const core = reshape(
    t,
    kept.map((i) => t.shape[i]!),
  );
  return broadcast(
    core,
    shape,
    kept.map((i) => i + offset),
  );
}

function map(primitive: PrimitiveName, ...operands: Operand[]): Tensor {
  const xs = operands.map(tensor);
  const shape = xs.map((x) => x.shape).reduce(broadcastShape);
  return apply(
    primitive,
    xs.map((x) => broadcastTo(x, shape)),
  );
}

export const add = (a: Operand, b: Operand): Tensor => map('add', a, b);
export const mul = (a: Operand, b: Operand): Tensor => map('mul', a, b);
export const neg = (x: Operand): Tensor => map('neg', x);
export const sub = (a: Operand, b: Operand): Tensor => (typeof b === 'number' ? add(a, -b) : add(a, neg(b)));
export const reciprocal = (x: Operand): Tensor => map('reciprocal', x);
export const div = (a: Operand, b: Operand): Tensor => (typeof b === 'number' ? mul(a, 1 / b) : mul(a, reciprocal(b)));
export const exp = (x: Operand): Tensor => map('exp', x);
export const log = (x: Operand): Tensor => map('log', x);
export const tanh = (x: Operand): Tensor => map('tanh', x);
export const sqrt = (x: Operand): Tensor => map('sqrt', x);
export const sin = (x: Operand): Tensor => map('sin', x);
export const cos = (x: Operand): Tensor => map('cos', x);
export const greater = (a: Operand, b: Operand): Tensor => map('greater', a, b);
export const equal = (a: Operand, b: Operand): Tensor => map('equal', a, b);
export const select = (condition: Operand, a: Operand, b: Operand): Tensor => map('select', condition, a, b);
export const stopGradient = (x: Tensor): Tensor => apply('stopGradient', [x]);

/** Batched matrix product of the last two axes; a two-dimensional right side serves every batch. */
export function matmul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  if (b.shape.length === 2 && a.shape.length > 2 && !transposeA) {
    const rows = reshape(a, [sizeOf(a.shape.slice(0, -1)), a.shape.at(-1)!]);
    const flat = matmul(rows, b, false, transposeB);
    return reshape(flat, [...a.shape.slice(0, -1), flat.shape[1]!]);
  }
  return apply('matmul', [a, b], { transposeA, transposeB });
}

function normalAxes(x: Tensor, axes: readonly number[]): number[] {
  const rank = x.shape.length;
  const normal = axes.map((a) => (a < 0 ? a + rank : a));
  if (new Set(normal).size < axes.length || !normal.every((a) => Number.isInteger(a) && a >= 0 && a < rank)) {
    throw new RangeError(`[${axes}] are not different axes of [${x.shape}].`);
  }
  return normal;
}

export const sum = (x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i)): Tensor =>
  axes.length === 0 ? x : apply('sum', [x], { axes: normalAxes(x, axes) });
export const max = (x: Tensor, axes: readonly number[]): Tensor => apply('max', [x], { axes: normalAxes(x, axes) });

export const broadcast = (x: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  sameShape(x.shape, shape) && axes.every((a, i) => a === i) ? x : apply('broadcast', [x], { shape, axes });
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : apply('reshape', [x], { shape });
export const transpose = (x: Tensor, axes: readonly number[]): Tensor =>
  axes.length === x.shape.length && axes.every((a, i) => a === i) ? x : apply('transpose', [x], { axes });
export function slice(x: Tensor, axis: number, start: number, stop: number): Tensor {
  const [at] = normalAxes(x, [axis]);
  return start === 0 && stop === x.shape[at!] ? x : apply('slice', [x], { axis: at!, start, stop });
}
export const concat = (xs: readonly Tensor[], axis: number): Tensor =>
  xs.length === 1 ? xs[0]! : apply('concat', xs, { axis: normalAxes(xs[0]!, [axis])[0]! });
export const gather = (table: Tensor, index: Tensor): Tensor => apply('gather', [table, index]);

export const sumOverSamples = (x: Tensor): Tensor => apply('sumOverSamples', [spread(x)]);
export const spread = (x: Tensor): Tensor => (x.perSample ? x : apply('spread', [x]));

export const zeros = (shape: Shape): Tensor => broadcastTo(0, shape);
const zerosLike = (x: Tensor): Tensor => zeros(x.shape);

/** Rows of the identity: [k] whole numbers → [k, n] zeros and ones. */
export function oneHot(index: Tensor, n: number): Tensor {
  return equal(reshape(index, [...index.shape, 1]), constant(Array.from({ length: n }, (_, i) => i)));
}

/** `oneHot` for any index that `gather` takes: truncated and clamped to the table as there. */
function chosenRows(index: Tensor, n: number): Tensor {
  const low = select(greater(0, index), 0, index);
  const clamped = reshape(select(greater(low, n - 1), n - 1, low), [...index.shape, 1]);
  const rows = constant(Array.from({ length: n }, (_, i) => i));
  return mul(sub(1, greater(rows, clamped)), greater(add(rows, 1), clamped));
}

function isMaximum(y: Tensor): Tensor {
  const x = y.inputs[0]!;
  return equal(x, broadcast(y, x.shape, keptAxes(x.shape, y.attributes.axes!)));
}

function plus(a: Maybe, b: Maybe): Maybe {
  return a && b ? add(a, b) : (a ?? b);
}
