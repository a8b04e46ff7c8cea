/**
 * Vector instructions as WebAssembly: the `LaneOps` of `elementary.ts` on locals of one function.
 *
 * A value is the index of a v128 local. Literals live in a pool in memory and are loaded once at the top of the
 * function, which is cheaper than a 16-byte immediate in a loop.
 */
import { type LaneOps, roundedByAdding } from '../elementary.ts';
import type { FunctionBody } from './encode.ts';
import type { KernelVariant } from './kernels.ts';

export const OPCODE = {
  load: 0x00,
  loadSplat: 0x09,
  store: 0x0b,
  storeLane: 0x5a,
  shuffle: 0x0d,
} as const;

/** Where float32 and int32 literals lie in memory; the engine writes them there before the first run. */
export class LiteralPool {
  readonly #addresses = new Map<number, number>();
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  addressOf(bits: number): number {
    const key = bits >>> 0;
    let address = this.#addresses.get(key);
    if (address === undefined) {
      address = this.#start + 4 * this.#addresses.size;
      this.#addresses.set(key, address);
    }
    return address;
  }

  /** The literals in the order of their addresses. */
  words(): Uint32Array {
    return Uint32Array.from(this.#addresses.keys());
  }
}

const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!;

export class LaneCode implements LaneOps<number> {
  readonly fn: FunctionBody;
  readonly #pool: LiteralPool;
  readonly #fused: boolean;
  readonly #literals = new Map<number, number>();

  constructor(fn: FunctionBody, pool: LiteralPool, variant: KernelVariant) {
    this.fn = fn;
    this.#pool = pool;
    this.#fused = variant === 'relaxed';
  }

  constant(value: number): number {
    return this.constantBits(bitsOf(value));
  }
  constantBits(bits: number): number {
    let local = this.#literals.get(bits >>> 0);
    if (local === undefined) {
      local = this.fn.local('v128');
      this.#literals.set(bits >>> 0, local);
      const at = this.fn.code.length;
      this.fn.integer(0).simdMemory(OPCODE.loadSplat, this.#pool.addressOf(bits)).set(local);
      this.fn.prologue.push(...this.fn.code.splice(at));
    }
    return local;
  }

  #op(opcode: number, ...operands: number[]): number {
    for (const operand of operands) this.fn.get(operand);
    const result = this.fn.local('v128');
    this.fn.simd(opcode).set(result);
    return result;
  }
  #shift(opcode: number, a: number, bits: number): number {
    const result = this.fn.local('v128');
    this.fn.get(a).integer(bits).simd(opcode).set(result);
    return result;
  }

  add = (a: number, b: number): number => this.#op(0xe4, a, b);
  sub = (a: number, b: number): number => this.#op(0xe5, a, b);
  mul = (a: number, b: number): number => this.#op(0xe6, a, b);
  div = (a: number, b: number): number => this.#op(0xe7, a, b);
  madd = (a: number, b: number, c: number): number =>
    this.#fused ? this.#op(0x105, a, b, c) : this.add(this.mul(a, b), c);
  /** c − a·b */
  nmadd = (a: number, b: number, c: number): number =>
    this.#fused ? this.#op(0x106, a, b, c) : this.sub(c, this.mul(a, b));
  neg = (a: number): number => this.#op(0xe1, a);
  abs = (a: number): number => this.#op(0xe0, a);
  sqrt = (a: number): number => this.#op(0xe3, a);
  floor = (a: number): number => this.#op(0x68, a);
  nearest = (a: number): number => this.#op(0x6a, a);
  rounded = (a: number, factor: number, offset: number, bias: number): [number, number] =>
    roundedByAdding(this, a, factor, offset, bias);
  min = (a: number, b: number): number => this.#op(0xea, a, b);
  max = (a: number, b: number): number => this.#op(0xeb, a, b);
  lessThan = (a: number, b: number): number => this.#op(0x43, a, b);
  equal = (a: number, b: number): number => this.#op(0x41, a, b);
  notEqual = (a: number, b: number): number => this.#op(0x42, a, b);
  select = (mask: number, a: number, b: number): number => this.#op(0x52, a, b, mask);
  toInt = (a: number): number => this.#op(0xf8, a);
  fromInt = (a: number): number => this.#op(0xfa, a);
  addInt = (a: number, b: number): number => this.#op(0xae, a, b);
  subInt = (a: number, b: number): number => this.#op(0xb1, a, b);
  and = (a: number, b: number): number => this.#op(0x4e, a, b);
  or = (a: number, b: number): number => this.#op(0x50, a, b);
  xor = (a: number, b: number): number => this.#op(0x51, a, b);
  shiftLeft = (a: number, bits: number): number => this.#shift(0xab, a, bits);
  shiftRight = (a: number, bits: number): number => this.#shift(0xad, a, bits);
  shiftRightSigned = (a: number, bits: number): number => this.#shift(0xac, a, bits);

  /** The sum (or maximum) of the four lanes, in every lane. */
  acrossLanes(a: number, combine: (a: number, b: number) => number): number {
    const swapped = (x: number, lanes: readonly number[]) => {
      const result = this.fn.local('v128');
      this.fn.get(x).get(x).simd(OPCODE.shuffle);
      this.fn.code.push(...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)));
      this.fn.set(result);
      return result;
    };
    const halves = combine(a, swapped(a, [2, 3, 0, 1]));
    return combine(halves, swapped(halves, [1, 0, 3, 2]));
  }
}
