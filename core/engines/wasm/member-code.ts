/**
 * The arithmetic inside a unit: each member's primitive as vector instructions on locals, with products melted into
 * sums (multiply-add) and reciprocals into quotients where nobody else needs them.
 */
import { literal } from '../../program/passes/simplify.ts';
import type { Tensor } from '../../program/tensor.ts';
import { cos, exp, log, sin, tanh } from '../elementary.ts';
import type { LaneCode } from './lane-code.ts';

/** What a unit computes and what of it is read from outside. */
export interface MemberTask {
  readonly members: readonly Tensor[];
  readonly stores: readonly { readonly value: Tensor }[];
  readonly reduction?: Tensor;
}

export class MemberCode {
  readonly #lane: LaneCode;
  readonly #values = new Map<Tensor, number>();
  readonly #masks = new Map<Tensor, number>();
  readonly #members: ReadonlySet<Tensor>;
  /** Members that only one other member reads, so that they may melt into its instruction. */
  readonly #private: ReadonlySet<Tensor>;

  constructor(lane: LaneCode, task: MemberTask) {
    this.#lane = lane;
    this.#members = new Set(task.members);
    const reads = new Map<Tensor, number>();
    for (const y of task.members) for (const x of y.inputs) reads.set(x, (reads.get(x) ?? 0) + 1);
    for (const { value } of task.stores) reads.set(value, (reads.get(value) ?? 0) + (task.reduction ? 1 : 2));
    this.#private = new Set(task.members.filter((y) => reads.get(y) === 1));
  }

  define(x: Tensor, local: number): void {
    this.#values.set(x, local);
  }

  /** The local that holds a tensor's value; computes members that were put off. */
  value(x: Tensor): number {
    const known = this.#values.get(x);
    if (known !== undefined) return known;
    const number = literal(x);
    const local = number !== undefined ? this.#lane.constant(number) : this.#calculate(x);
    if (number === undefined) this.#values.set(x, local);
    return local;
  }

  compute(y: Tensor): void {
    // Products, negations and reciprocals with one reader wait for it: it may take them in.
    const waits = y.primitive === 'mul' || y.primitive === 'neg' || y.primitive === 'reciprocal';
    if (!(waits && this.#private.has(y))) this.value(y);
  }

  /** total + x, as one instruction where x is a private product. */
  addTo(total: number, x: Tensor): number {
    const product = this.#taken(x, 'mul');
    return product
      ? this.#lane.madd(this.value(product[0]!), this.value(product[1]!), total)
      : this.#lane.add(total, this.value(x));
  }

  /** The inputs of a private, not yet computed member of this kind. */
  #taken(x: Tensor, primitive: Tensor['primitive']): readonly Tensor[] | undefined {
    const free = this.#members.has(x) && this.#private.has(x) && !this.#values.has(x);
    return free && x.primitive === primitive ? x.inputs : undefined;
  }

  #sum(a: Tensor, b: Tensor): number {
    const o = this.#lane;
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      const negated = this.#taken(q, 'neg');
      if (!negated) continue;
      const product = this.#taken(negated[0]!, 'mul');
      if (product) return o.nmadd(this.value(product[0]!), this.value(product[1]!), this.value(p));
      return o.sub(this.value(p), this.value(negated[0]!));
    }
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      const product = this.#taken(q, 'mul');
      if (product) return o.madd(this.value(product[0]!), this.value(product[1]!), this.value(p));
    }
    return o.add(this.value(a), this.value(b));
  }

  #product(a: Tensor, b: Tensor): number {
    const o = this.#lane;
    const [p, q] = [this.#taken(a, 'reciprocal'), this.#taken(b, 'reciprocal')];
    if (q) return o.div(this.value(a), this.value(q[0]!));
    if (p) return o.div(this.value(b), this.value(p[0]!));
    return o.mul(this.value(a), this.value(b));
  }

  #mask(c: Tensor): number {
    const known = this.#masks.get(c);
    if (known !== undefined) return known;
    const o = this.#lane;
    const [a, b] = c.inputs;
    let mask: number;
    if (this.#members.has(c) && c.primitive === 'greater') mask = o.lessThan(this.value(b!), this.value(a!));
    else if (this.#members.has(c) && c.primitive === 'equal') mask = o.equal(this.value(a!), this.value(b!));
    else mask = o.notEqual(this.value(c), o.constant(0));
    this.#masks.set(c, mask);
    return mask;
  }

  #calculate(y: Tensor): number {
    const o = this.#lane;
    const [a, b, c] = y.inputs as [Tensor, Tensor, Tensor];
    switch (y.primitive) {
      case 'add':
        return this.#sum(a, b);
      case 'mul':
        return this.#product(a, b);
      case 'neg':
        return o.neg(this.value(a));
      case 'reciprocal':
        return o.div(o.constant(1), this.value(a));
      case 'exp':
        return exp(o, this.value(a));
      case 'log':
        return log(o, this.value(a));
      case 'tanh':
        return tanh(o, this.value(a));
      case 'sqrt':
        return o.sqrt(this.value(a));
      case 'sin':
        return sin(o, this.value(a));
      case 'cos':
        return cos(o, this.value(a));
      case 'greater':
      case 'equal':
        return o.and(this.#mask(y), o.constant(1));
      case 'select':
        return o.select(this.#mask(a), this.value(b), this.value(c));
      case 'stopGradient':
        return this.value(a);
      default:
        throw new Error(`'${y.primitive}' is not element-wise.`);
    }
  }
}
