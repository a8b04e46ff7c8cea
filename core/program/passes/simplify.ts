/**
 * Constant folding and the algebra that derivatives leave behind: products with one, sums with zero, views of views,
 * element-wise work on repeated values (done once, then repeated).
 *
 * A product with a literal zero becomes zero even where the other factor could be infinite: such zeros come from
 * derivatives of constants and are exact.
 */
import { elementFunctions } from '../element-functions.ts';
import {
  add,
  broadcast,
  concat,
  constant,
  mul,
  neg,
  primitives,
  reshape,
  ruleOf,
  slice,
  spread,
  sum,
  sumOverSamples,
  transpose,
  withInputs,
} from '../primitives.ts';
import { sameShape, sizeOf, type Tensor } from '../tensor.ts';
import { type Pass, rewrite } from './rewrite.ts';

export const simplify: Pass = (program) => rewrite(program, simplified);

/** The one number that fills a tensor, if a single literal does. */
export function literal(x: Tensor): number | undefined {
  if (x.primitive === 'constant') {
    const { values } = x.attributes;
    return values!.every((v) => v === values![0]) ? values![0] : undefined;
  }
  return x.primitive === 'broadcast' || x.primitive === 'reshape' || x.primitive === 'spread'
    ? literal(x.inputs[0]!)
    : undefined;
}

/** A literal in the shape and of the kind of another tensor. */
function filled(value: number, like: Tensor): Tensor {
  const shared = broadcast(constant(value), like.shape, []);
  return like.perSample ? spread(shared) : shared;
}

function simplified(y: Tensor): Tensor {
  if (ruleOf(y).kind === 'map') return fold(y) ?? algebra(y) ?? onceThenRepeat(y) ?? y;
  return rearranged(y) ?? y;
}

function fold(y: Tensor): Tensor | undefined {
  const rule = elementFunctions[y.primitive];
  const known = y.inputs.map(literal);
  if (rule === undefined || known.includes(undefined)) return undefined;
  return filled(rule(known[0]!, known[1] ?? 0, known[2] ?? 0), y);
}

function algebra(y: Tensor): Tensor | undefined {
  const [a, b] = y.inputs as [Tensor, Tensor];
  // An identity may only stand for `y` where it is of the same kind.
  const same = (x: Tensor) => (x.perSample === y.perSample ? x : undefined);
  switch (y.primitive) {
    case 'add':
      if (literal(a) === 0) return same(b);
      if (literal(b) === 0) return same(a);
      return sumOfJoined(a, b);
    case 'mul': {
      const p = literal(a);
      const q = literal(b);
      if (p === 0 || q === 0) return filled(0, y);
      if (p === 1) return same(b);
      if (q === 1) return same(a);
      if (p === -1) return same(neg(b));
      if (q === -1) return same(neg(a));
      // Gather literals: (x · c₁) · c₂ = x · (c₁ c₂).
      const [factor, x] = p !== undefined ? [p, b] : q !== undefined ? [q, a] : [undefined, a];
      if (factor === undefined)
        return a.primitive === 'neg' && b.primitive === 'neg' ? mul(a.inputs[0]!, b.inputs[0]!) : undefined;
      if (x.primitive === 'neg' && x.perSample === y.perSample) return mul(x.inputs[0]!, -factor);
      if (x.primitive !== 'mul') return undefined;
      const inner = x.inputs.map(literal);
      const at = inner.findIndex((v) => v !== undefined);
      return at < 0 ? undefined : same(mul(x.inputs[1 - at]!, factor * inner[at]!));
    }
    case 'neg':
      return a.primitive === 'neg' ? a.inputs[0]! : undefined;
    case 'stopGradient':
      return a;
    default:
      return undefined;
  }
}

/** f(repeat a, repeat b) = repeat f(a, b). */
function onceThenRepeat(y: Tensor): Tensor | undefined {
  const pattern = y.inputs.find((x) => x.primitive === 'broadcast' && literal(x) === undefined);
  if (pattern === undefined) return undefined;
  const { axes } = pattern.attributes;
  const core = pattern.inputs[0]!.shape;
  const small: Tensor[] = [];
  for (const x of y.inputs) {
    const value = literal(x);
    if (value !== undefined) small.push(broadcast(constant(value), core, []));
    else if (x.primitive === 'broadcast' && sameShape(x.attributes.axes!, axes!)) small.push(x.inputs[0]!);
    else return undefined;
  }
  return broadcast(simplified(withInputs(y, small)), y.shape, axes!);
}

function rearranged(y: Tensor): Tensor | undefined {
  const x = y.inputs[0];
  if (x === undefined) return undefined;
  const { axes, axis, start, stop } = y.attributes;
  switch (y.primitive) {
    case 'reshape':
      if (sameShape(x.shape, y.shape)) return x;
      return x.primitive === 'reshape' ? reshape(x.inputs[0]!, y.shape) : undefined;
    case 'transpose':
      return x.primitive === 'transpose'
        ? transpose(
            x.inputs[0]!,
            axes!.map((i) => x.attributes.axes![i]!),
          )
        : undefined;
    case 'broadcast':
      return x.primitive === 'broadcast'
        ? broadcast(
            x.inputs[0]!,
            y.shape,
            x.attributes.axes!.map((i) => axes![i]!),
          )
        : undefined;
    case 'concat':
      return flatJoined(y);
    case 'slice':
      return x.primitive === 'concat' && x.attributes.axis === axis
        ? sliceOfJoined(x, axis!, start!, stop!)
        : undefined;
    case 'sum':
      return sumOf(y, x);
    case 'spread':
      return x.perSample ? x : undefined;
    case 'sumOverSamples':
      return sumOverSamplesOf(x);
    default:
      return undefined;
  }
}

/** Pieces that were padded with zeros to the same whole, as the cotangents of slices are: add piece by piece. */
function sumOfJoined(a: Tensor, b: Tensor): Tensor | undefined {
  if (a.primitive !== 'concat' || b.primitive !== 'concat' || a.attributes.axis !== b.attributes.axis) return undefined;
  const pairs = a.inputs.map((part, i) => [part, b.inputs[i]] as const);
  const fits = a.inputs.length === b.inputs.length && pairs.every(([p, q]) => q && sameShape(p.shape, q.shape));
  const disjoint = pairs.every(([p, q]) => q && (literal(p) === 0 || literal(q) === 0));
  if (!fits || !disjoint) return undefined;
  const parts = pairs.map(([p, q]) => (literal(p) === 0 ? q! : p));
  return parts.some((part) => part.perSample) === (a.perSample || b.perSample)
    ? concat(parts, a.attributes.axis!)
    : undefined;
}

/** A joined tensor laid flat inside another: its parts are neighbours there, too. */
function flatJoined(y: Tensor): Tensor | undefined {
  if (y.shape.length !== 1) return undefined;
  const inner = (x: Tensor) => (x.primitive === 'reshape' ? x.inputs[0]! : x);
  const splices = (x: Tensor) => inner(x).primitive === 'concat' && inner(x).attributes.axis === 0;
  if (!y.inputs.some(splices)) return undefined;
  const parts = y.inputs.flatMap((x) =>
    splices(x) ? inner(x).inputs.map((part) => reshape(part, [sizeOf(part.shape)])) : [x],
  );
  return concat(parts, 0);
}

function sliceOfJoined(joined: Tensor, axis: number, start: number, stop: number): Tensor | undefined {
  let from = 0;
  for (const part of joined.inputs) {
    const to = from + part.shape[axis]!;
    if (start >= from && stop <= to && part.perSample === joined.perSample)
      return slice(part, axis, start - from, stop - from);
    from = to;
  }
  return undefined;
}

function sumOf(y: Tensor, x: Tensor): Tensor | undefined {
  const axes = y.attributes.axes!;
  const count = axes.reduce((n, a) => n * x.shape[a]!, 1);
  if (count === 1) return reshape(x, y.shape);
  if (x.primitive !== 'broadcast') return undefined;
  // Summing copies is multiplying; axes that are not copies are still summed.
  const repeated = axes.filter((a) => !x.attributes.axes!.includes(a));
  if (repeated.length === 0) return undefined;
  const copies = repeated.reduce((n, a) => n * x.shape[a]!, 1);
  const core = x.inputs[0]!;
  const summed = sum(
    core,
    x.attributes.axes!.flatMap((a, i) => (axes.includes(a) ? [i] : [])),
  );
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const places = x.attributes.axes!.filter((a) => !axes.includes(a)).map((a) => kept.indexOf(a));
  return broadcast(mul(summed, copies), y.shape, places);
}

/** Views commute with the sum over samples, which is then smaller or meets a matrix product. */
function sumOverSamplesOf(x: Tensor): Tensor | undefined {
  const inner = x.inputs[0];
  if (x.primitive === 'spread' || inner === undefined || !inner.perSample) return undefined;
  if (x.primitive === 'neg') return neg(sumOverSamples(inner));
  if (x.primitive === 'add' && x.inputs.every((part) => part.perSample)) {
    return add(sumOverSamples(x.inputs[0]!), sumOverSamples(x.inputs[1]!));
  }
  if (primitives[x.primitive].kind !== 'view') return undefined;
  if (x.primitive === 'slice' && sizeOf(inner.shape) > sizeOf(x.shape)) return undefined;
  return withInputs(x, [sumOverSamples(inner)]);
}
