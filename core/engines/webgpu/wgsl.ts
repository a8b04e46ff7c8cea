/**
 * WGSL as text: numbers, the elementary functions of `elementary.ts` written out, random words, and the frame that
 * every shader of a program shares. Not here: what a program computes.
 */
import { boxMuller, cos, exp, type LaneOps, log, sin, tanh } from '../elementary.ts';

/** Invocations of a workgroup: every device has room for 256, and 64 keep a register tile of a product in registers. */
export const WORKGROUP = 64;

/** A float32 as WGSL writes it. What is no number, or infinite, may not stand in a shader as such. */
export function float(value: number): string {
  const rounded = Math.fround(value);
  if (Number.isFinite(rounded)) return rounded < 0 || Object.is(rounded, -0) ? `(-${-rounded}f)` : `${rounded}f`;
  if (Number.isNaN(rounded)) return 'bitcast<f32>(infinity_bits | 1u)';
  return rounded > 0 ? 'bitcast<f32>(infinity_bits)' : 'bitcast<f32>(infinity_bits | 0x80000000u)';
}

/** A value of a lane program: its name in the shader, and what it is there. */
interface Lane {
  readonly name: string;
  readonly type: 'f32' | 'i32' | 'bool';
}

/** Writes a lane program as WGSL statements, one for each instruction. */
class LaneText implements LaneOps<Lane> {
  readonly lines: string[] = [];

  #let(type: Lane['type'], expression: string): Lane {
    const name = `v${this.lines.length}`;
    this.lines.push(`let ${name}: ${type} = ${expression};`);
    return { name, type };
  }
  #float(a: Lane): string {
    return a.type === 'f32' ? a.name : `bitcast<f32>(${a.name})`;
  }
  #bits(a: Lane): string {
    return a.type === 'i32' ? a.name : `bitcast<i32>(${a.name})`;
  }

  constant = (value: number): Lane => ({ name: float(value), type: 'f32' });
  constantBits = (bits: number): Lane => ({ name: `${bits | 0}i`, type: 'i32' });
  add = (a: Lane, b: Lane) => this.#let('f32', `${this.#float(a)} + ${this.#float(b)}`);
  sub = (a: Lane, b: Lane) => this.#let('f32', `${this.#float(a)} - ${this.#float(b)}`);
  mul = (a: Lane, b: Lane) => this.#let('f32', `${this.#float(a)} * ${this.#float(b)}`);
  /** Devices may be off by a few units in the last place; one step of Newton's brings that down to one. */
  div = (a: Lane, b: Lane) => {
    const [over, under] = [this.#float(a), this.#float(b)];
    const quotient = this.#let('f32', `${over} / ${under}`).name;
    return this.#let('f32', `fma(fma(-${quotient}, ${under}, ${over}), 1.0f / ${under}, ${quotient})`);
  };
  madd = (a: Lane, b: Lane, c: Lane) =>
    this.#let('f32', `fma(${this.#float(a)}, ${this.#float(b)}, ${this.#float(c)})`);
  neg = (a: Lane) => this.#let('f32', `-${this.#float(a)}`);
  abs = (a: Lane) => this.#let('f32', `abs(${this.#float(a)})`);
  sqrt = (a: Lane) => {
    const square = this.#float(a);
    const root = this.#let('f32', `sqrt(${square})`).name;
    const better = this.#let('f32', `fma(fma(-${root}, ${root}, ${square}), 0.5f / ${root}, ${root})`).name;
    return this.#let('f32', `select(${root}, ${better}, ${root} > 0.0f)`);
  };
  floor = (a: Lane) => this.#let('f32', `floor(${this.#float(a)})`);
  nearest = (a: Lane) => this.#let('f32', `round(${this.#float(a)})`);
  rounded = (a: Lane, factor: number, offset: number, bias: number) => {
    const by = this.constant(factor);
    const whole = this.nearest(offset === 0 ? this.mul(a, by) : this.madd(a, by, this.constant(offset)));
    return [whole, this.#let('i32', `i32(${whole.name}) + ${bias}i`)] as const;
  };
  min = (a: Lane, b: Lane) => this.select(this.lessThan(b, a), b, a);
  max = (a: Lane, b: Lane) => this.select(this.lessThan(a, b), b, a);
  lessThan = (a: Lane, b: Lane) => this.#let('bool', `${this.#float(a)} < ${this.#float(b)}`);
  equal = (a: Lane, b: Lane) => this.#let('bool', `${this.#float(a)} == ${this.#float(b)}`);
  select = (mask: Lane, a: Lane, b: Lane) =>
    this.#let('f32', `select(${this.#float(b)}, ${this.#float(a)}, ${mask.name})`);
  toInt = (a: Lane) => this.#let('i32', `i32(${this.#float(a)})`);
  fromInt = (a: Lane) => this.#let('f32', `f32(${this.#bits(a)})`);
  addInt = (a: Lane, b: Lane) => this.#let('i32', `${this.#bits(a)} + ${this.#bits(b)}`);
  subInt = (a: Lane, b: Lane) => this.#let('i32', `${this.#bits(a)} - ${this.#bits(b)}`);
  /** A mask keeps a number or makes it 0. */
  and = (a: Lane, b: Lane) =>
    a.type === 'bool'
      ? this.#let('f32', `select(0.0f, ${this.#float(b)}, ${a.name})`)
      : this.#let('i32', `${this.#bits(a)} & ${this.#bits(b)}`);
  or = (a: Lane, b: Lane) => this.#let('i32', `${this.#bits(a)} | ${this.#bits(b)}`);
  xor = (a: Lane, b: Lane) => this.#let('i32', `${this.#bits(a)} ^ ${this.#bits(b)}`);
  shiftLeft = (a: Lane, bits: number) => this.#let('i32', `${this.#bits(a)} << ${bits}u`);
  shiftRight = (a: Lane, bits: number) => this.#let('i32', `bitcast<i32>(bitcast<u32>(${this.#bits(a)}) >> ${bits}u)`);
  shiftRightSigned = (a: Lane, bits: number) => this.#let('i32', `${this.#bits(a)} >> ${bits}u`);
  result = (a: Lane): string => this.#float(a);
}

const argument = (name: string): Lane => ({ name, type: 'f32' });

function elementary(name: string, body: (o: LaneOps<Lane>, x: Lane) => Lane): string {
  const text = new LaneText();
  const result = text.result(body(text, argument('x')));
  return `fn ${name}(x: f32) -> f32 {\n${text.lines.map((line) => `  ${line}`).join('\n')}\n  return ${result};\n}`;
}

function normalPair(): string {
  const text = new LaneText();
  const [a, b] = boxMuller(text, argument('u1'), argument('u2'));
  const lines = text.lines.map((line) => `  ${line}`).join('\n');
  return `fn normal_pair(u1: f32, u2: f32) -> vec2f {\n${lines}\n  return vec2f(${text.result(a)}, ${text.result(b)});\n}`;
}

/** The upper 32 bits of a product, of which WGSL has only the lower ones. */
const PHILOX = `fn high_product(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu; let a1 = a >> 16u;
  let b0 = b & 0xffffu; let b1 = b >> 16u;
  let first = a1 * b0 + ((a0 * b0) >> 16u);
  let second = a0 * b1 + (first & 0xffffu);
  return a1 * b1 + (first >> 16u) + (second >> 16u);
}
fn philox(counter: vec4u) -> vec4u {
  var c = counter;
  var key = vec2u(now.seed_low, now.seed_high);
  for (var round = 0; round < 10; round++) {
    c = vec4u(
      high_product(0xcd9e8d57u, c.z) ^ c.y ^ key.x, 0xcd9e8d57u * c.z,
      high_product(0xd2511f53u, c.x) ^ c.w ^ key.y, 0xd2511f53u * c.x,
    );
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}
fn uniforms(words: vec4u) -> vec4f {
  return (vec4f(words >> vec4u(9u)) + 0.5f) * ${2 ** -23}f;
}
// To the nearest: of a plain conversion the rounding is the device's own.
fn float_of(word: u32) -> f32 {
  return fma(f32(word >> 16u), 65536.0f, f32(word & 0xffffu));
}
fn normals(words: vec4u) -> vec4f {
  let u1 = (vec2f(float_of(words.x), float_of(words.z)) + 0.5f) * ${2 ** -32}f;
  let u2 = uniforms(words);
  return vec4f(normal_pair(u1.x, u2.y), normal_pair(u1.y, u2.w));
}`;

const FUNCTIONS: Readonly<Record<string, string>> = {
  exp_of: elementary('exp_of', exp),
  log_of: elementary('log_of', log),
  tanh_of: elementary('tanh_of', tanh),
  sin_of: elementary('sin_of', sin),
  cos_of: elementary('cos_of', cos),
  philox: `${normalPair()}\n${PHILOX}`,
};

/**
 * Where something lies, in the text of a kernel. A shader is told its places rather than having them written in it where
 * it can be: shaders of tensors that are alike are then one, and drivers take long to make each.
 */
export const placeText = (place: number): string => `place(${place}u)`;

const PLACE = /place\((\d+)u\)/g;

/** Bytes that a uniform buffer gives to the places of one shader, and how many that are. */
export const PLACES_BYTES = 256;
const MOST_PLACES = PLACES_BYTES / 4;

/** A text with places that it is told, and these. */
export function withPlaces(text: string): { readonly text: string; readonly places: readonly number[] } {
  const places = [...new Set(Array.from(text.matchAll(PLACE), ([, place]) => Number(place)))];
  if (places.length > MOST_PLACES) return { text, places: [] };
  const told = (place: string) => {
    const i = places.indexOf(Number(place));
    return `places[${Math.floor(i / 4)}].${'xyzw'[i % 4]}`;
  };
  return { text: text.replace(PLACE, (_, place: string) => told(place)), places };
}

/** How many bytes the uniform buffer gives to one step: the coarsest step that devices may ask for. */
export const STEP_BYTES = 256;

/** What all shaders see. Shared tensors lie in `fixed`, those of samples in `arena`. `arrays` holds what comes in and
 * goes out, sample after sample, each from its offset in `bases` on. `given` tells of the step, or of the first of them;
 * `places` are the shader's own. */
const FRAME = `struct Now {
  /** On the device; which is the first of them among all of the call, how many these are, and the name of the first. */
  samples: u32,
  first: u32,
  all_samples: u32,
  first_sample: u32,
  step: u32,
  seed_low: u32,
  seed_high: u32,
  /** Of this call. */
  index: u32,
  /** Which record of every stride's outputs. */
  stride_index: u32,
  /** Of those that are made in one go; then all of the call's, and from one record to the next. */
  count: u32,
  steps: u32,
  stride: u32,
}
@group(0) @binding(0) var<storage, read_write> fixed: array<f32>;
@group(0) @binding(1) var<storage, read_write> arena: array<f32>;
@group(0) @binding(2) var<storage, read_write> arrays: array<f32>;
@group(0) @binding(3) var<storage, read> bases: array<u32>;
@group(0) @binding(4) var<uniform> given: Now;
@group(0) @binding(5) var<uniform> places: array<vec4u, ${MOST_PLACES / 4}>;
var<private> now: Now;
var<private> infinity_bits: u32 = 0x7f800000u;`;

/** A whole shader: the frame, the functions that the body calls, and the body, in which places stand that it is not told. */
export function shader(body: string): string {
  const called = Object.entries(FUNCTIONS).flatMap(([name, text]) => (body.includes(`${name}(`) ? [text] : []));
  return [FRAME, ...called, body.replace(PLACE, '$1u'), ''].join('\n');
}
