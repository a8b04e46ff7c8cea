/**
 * A very small WebAssembly assembler: functions over i32 and v128 locals, imports, exports, one shared memory.
 *
 * It writes bytes and knows no arithmetic, no tensors and no layout; `lane-code.ts` and `emit-*.ts` build on it.
 * Section and opcode numbers are those of the WebAssembly specification (core 2.0, SIMD, relaxed SIMD).
 */

const I32 = 0x7f;
const V128 = 0x7b;
export type LocalType = 'i32' | 'v128';

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && !(low & 0x40)) || (rest === -1 && low & 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const text = (s: string): number[] => {
  const bytes = [...new TextEncoder().encode(s)];
  return [...unsigned(bytes.length), ...bytes];
};

const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];

export class FunctionBody {
  readonly code: number[] = [];
  /** Runs before `code`: where values that many places need are loaded. */
  readonly prologue: number[] = [];
  readonly #locals: number[] = [];
  readonly parameters: number;

  constructor(parameters: number) {
    this.parameters = parameters;
  }

  local(type: LocalType): number {
    this.#locals.push(type === 'i32' ? I32 : V128);
    return this.parameters + this.#locals.length - 1;
  }

  get(local: number): this {
    this.code.push(0x20, ...unsigned(local));
    return this;
  }
  set(local: number): this {
    this.code.push(0x21, ...unsigned(local));
    return this;
  }
  integer(value: number): this {
    this.code.push(0x41, ...signed(value));
    return this;
  }
  addInteger(): this {
    this.code.push(0x6a);
    return this;
  }
  subtractInteger(): this {
    this.code.push(0x6b);
    return this;
  }
  multiplyInteger(): this {
    this.code.push(0x6c);
    return this;
  }
  /** i32.load at a fixed address. */
  loadInteger(address: number): this {
    this.code.push(0x41, 0, 0x28, 2, ...unsigned(address));
    return this;
  }
  /** memory.copy: destination, source and length are on the stack. */
  copyMemory(): this {
    this.code.push(0xfc, 0x0a, 0, 0);
    return this;
  }
  call(index: number): this {
    this.code.push(0x10, ...unsigned(index));
    return this;
  }
  /** A SIMD instruction without immediates. */
  simd(opcode: number): this {
    this.code.push(0xfd, ...unsigned(opcode));
    return this;
  }
  /** A SIMD memory instruction; the address is on the stack (and the value above it, for stores). */
  simdMemory(opcode: number, offset: number, lane?: number): this {
    this.code.push(0xfd, ...unsigned(opcode), 2, ...unsigned(offset));
    if (lane !== undefined) this.code.push(lane);
    return this;
  }
  /** Repeats `body` while the counter, decreased after each turn, is not zero. The counter must start above zero. */
  countDown(counter: number, body: () => void): this {
    this.code.push(0x03, 0x40);
    body();
    this.get(counter).integer(1).subtractInteger();
    this.code.push(0x22, ...unsigned(counter), 0x0d, 0, 0x0b);
    return this;
  }
  /** Runs `body` when the integer on the stack is not zero. */
  when(body: () => void): this {
    this.code.push(0x04, 0x40);
    body();
    this.code.push(0x0b);
    return this;
  }
  /** True (1) when the first of two integers on the stack is greater, as signed numbers. */
  greaterInteger(): this {
    this.code.push(0x4a);
    return this;
  }

  bytes(): number[] {
    const body = [...vector(this.#locals.map((type) => [1, type])), ...this.prologue, ...this.code, 0x0b];
    return [...unsigned(body.length), ...body];
  }
}

/** A module whose imports are `kernel` functions of i32 arguments and the one shared memory. */
export class ModuleBuilder {
  readonly #imports: { name: string; parameters: number }[];
  readonly #functions: { name: string; body: FunctionBody }[] = [];

  constructor(imports: readonly { name: string; parameters: number }[]) {
    this.#imports = [...imports];
  }

  /** Adds a function of i32 parameters without result, exports it by name and returns its index. */
  add(name: string, body: FunctionBody): number {
    this.#functions.push({ name, body });
    return this.#imports.length + this.#functions.length - 1;
  }

  imported(name: string): number {
    const index = this.#imports.findIndex((f) => f.name === name);
    if (index < 0) throw new Error(`No kernel is called '${name}'.`);
    return index;
  }

  bytes(memoryPages: { initial: number; maximum: number }): Uint8Array<ArrayBuffer> {
    const counts = [...this.#imports.map((f) => f.parameters), ...this.#functions.map((f) => f.body.parameters)];
    const types = [...new Set(counts)];
    const section = (id: number, content: readonly number[]) => [id, ...unsigned(content.length), ...content];
    const memory = [
      ...text('env'),
      ...text('memory'),
      0x02,
      0x03,
      ...unsigned(memoryPages.initial),
      ...unsigned(memoryPages.maximum),
    ];
    const imports = this.#imports.map((f) => [
      ...text('kernel'),
      ...text(f.name),
      0x00,
      ...unsigned(types.indexOf(f.parameters)),
    ]);
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, vector(types.map((n) => [0x60, ...vector(Array.from({ length: n }, () => [I32])), 0x00]))),
      ...section(2, vector([memory, ...imports])),
      ...section(3, vector(this.#functions.map((f) => unsigned(types.indexOf(f.body.parameters))))),
      ...section(
        7,
        vector(this.#functions.map((f, i) => [...text(f.name), 0x00, ...unsigned(this.#imports.length + i)])),
      ),
      ...section(10, vector(this.#functions.map((f) => f.body.bytes()))),
    ]);
  }
}
