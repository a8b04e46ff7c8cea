/**
 * The elementary functions of our own engines in float32, written over an abstract vector instruction set: the code
 * generator instantiates them with handles to Wasm locals, the tests with plain numbers. What they are not: a library
 * for scalars, or correctly rounded. Each result is within 4 ulp of the exact value whether `madd` fuses or not, and
 * no function branches. Coefficients are our own: reweighted least squares towards the smallest largest error, rounded
 * to float32, then adjusted by a few units in the last place with the rounding of the evaluation included.
 */

/** The vector instructions a float32 lane program may use; V is a handle to a 4-lane value. */
export interface LaneOps<V> {
  /** Every lane the float32 nearest to `value`. */
  constant(value: number): V;
  /** Every lane these 32 bits. */
  constantBits(bits: number): V;
  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  div(a: V, b: V): V;
  /** a·b + c, rounded once where the hardware fuses and twice where it does not. */
  madd(a: V, b: V, c: V): V;
  neg(a: V): V;
  abs(a: V): V;
  sqrt(a: V): V;
  floor(a: V): V;
  /** To the nearest integer, halves to even. */
  nearest(a: V): V;
  /**
   * a · factor + offset to the nearest integer, halves to even: that number, and 32 bits of which the low ones are the
   * integer plus `bias`. `roundedByAdding` does it where a compiler computes what is written and nothing else.
   */
  rounded(a: V, factor: number, offset: number, bias: number): readonly [V, V];
  /**
   * The smaller. A NaN in `a` must come back when `b` is a number: f32x4.pmin (b < a ? b : a, one x86 instruction) and
   * f32x4.min both do that; nothing here relies on a NaN in `b` or on the order of -0 and +0.
   */
  min(a: V, b: V): V;
  /** The larger, with the same rule for NaN: f32x4.pmax (a < b ? b : a) or f32x4.max. */
  max(a: V, b: V): V;
  /** All ones where a < b, otherwise zero (also for NaN). */
  lessThan(a: V, b: V): V;
  equal(a: V, b: V): V;
  /** The bits of `a` where the mask is one, of `b` where it is zero. */
  select(mask: V, a: V, b: V): V;
  /** To int32, truncated and saturated; NaN becomes 0. */
  toInt(a: V): V;
  fromInt(a: V): V;
  addInt(a: V, b: V): V;
  subInt(a: V, b: V): V;
  and(a: V, b: V): V;
  or(a: V, b: V): V;
  xor(a: V, b: V): V;
  shiftLeft(a: V, bits: number): V;
  /** Zeros come in from the left (i32x4.shr_u). */
  shiftRight(a: V, bits: number): V;
  /** Copies of the sign come in from the left (i32x4.shr_s). */
  shiftRightSigned(a: V, bits: number): V;
}

/** Adding this rounds to an integer (halves to even) and leaves it in the low bits of the sum. */
const ROUNDER = 1.5 * 2 ** 23;

/** A compiler that reorders sums would take it for nothing. */
export function roundedByAdding<V>(o: LaneOps<V>, a: V, factor: number, offset: number, bias: number): [V, V] {
  const rounder = o.constant(ROUNDER + bias);
  const bits =
    offset === 0
      ? o.madd(a, o.constant(factor), rounder)
      : o.add(o.madd(a, o.constant(factor), o.constant(offset)), rounder);
  return [o.sub(bits, rounder), bits];
}

/** ln 2 = high + low; high has twelve bits, so the exponent times it is exact without fusing. */
const LN2_HIGH = 5678 / 2 ** 13;
const LN2_LOW = 3.1946183054e-5;

/** π = high + middle + low; the first two have eleven bits, so up to 2¹³ half turns times them are exact. */
const PI_HIGH = 1608 / 2 ** 9;
const PI_MIDDLE = 2029 / 2 ** 21;
const PI_LOW = Math.PI - PI_HIGH - PI_MIDDLE;

/** exp(r) = 1 + r·(…) on [0, ln 2], lowest power first. */
const EXP = [1.0000059604644775, 0.4998708665370941, 0.1675548404455185, 0.03906266391277313, 0.011669320054352283];

/** sinh(x) = x + x³·(…), as exact as tanh needs it: the tolerance at x is that of tanh times cosh² x. */
const SINH = [
  0.1666671633720398, 0.008332057856023312, 0.0001991194294532761, 2.6239638373226626e-6, 3.3871756954795273e-8,
];

/** ln((1 + s/2)/(1 - s/2)) = s + s³·(…) for √½ ≤ (1 + s/2)/(1 - s/2) ≤ √2. */
const LOG = [0.08333346992731094, 0.012492992915213108, 0.0023336601443588734];

/** sin(r) = r + r³·(…) for |r| ≤ LARGEST_REMAINDER, never above 1 there. */
const SIN = [-0.16666656732559204, 0.008333053439855576, -0.00019809584773611277, 2.6057105060317554e-6];
const LARGEST_REMAINDER = 1.5711;

/** sin(2πw) = w·(…) for |w| ≤ ¼, exactly 1 at ¼ and never above it. */
const SIN_OF_TURNS = [6.283185482025146, -41.341678619384766, 81.60215759277344, -76.57476043701172, 39.71240234375];

/** c₀ + c₁x + c₂x² + … */
function polynomial<V>(o: LaneOps<V>, x: V, coefficients: readonly number[]): V {
  return coefficients.map((c) => o.constant(c)).reduceRight((sum, c) => o.madd(sum, x, c));
}

/**
 * eˣ. Above the largest float32: +inf. Below the smallest normal number (2⁻¹²⁶): 0, never a denormal.
 *
 * x = n ln 2 + r with r in [0, ln 2) rather than around 0: the polynomial is no longer, and the scale 2ⁿ, whose
 * exponent bits are a shift away, is then itself +inf for n = 128 and 0 for n = -127, exactly where eˣ must be.
 */
export function exp<V>(o: LaneOps<V>, x: V): V {
  const clamped = o.max(o.min(x, o.constant(89)), o.constant(-88));
  // A hair above -½: x = 0 must round up to n = 0.
  const [n, biased] = o.rounded(clamped, Math.LOG2E, -0.49999997, 127);
  const r = o.madd(n, o.constant(-LN2_LOW), o.madd(n, o.constant(-LN2_HIGH), clamped));
  return o.mul(polynomial(o, r, [1, ...EXP]), o.shiftLeft(biased, 23));
}

/**
 * tanh x = s / √(1 + s²) with s = sinh x, where only small x needs s precisely: a short polynomial is enough, |x| and
 * relative accuracy survive for small x, and since √(s²) is |s| even after rounding, the result never exceeds 1 and is
 * exactly ±1 from |x| = 9.6 on.
 */
export function tanh<V>(o: LaneOps<V>, x: V): V {
  const clamped = o.max(o.min(x, o.constant(10)), o.constant(-10));
  const square = o.mul(clamped, clamped);
  const sinh = o.madd(polynomial(o, square, SINH), o.mul(square, clamped), clamped);
  return o.div(sinh, o.sqrt(o.madd(sinh, sinh, o.constant(1))));
}

/**
 * scale · ln x for normal positive x; scale is ± a power of two, which changes no rounding.
 *
 * x = 2ᵉ·m with √½ ≤ m < √2, ln m = 2 artanh(f / (2 + f)) with f = m - 1. Near 1 the exponent is 0, so nothing cancels.
 */
function logOfNormal<V>(o: LaneOps<V>, x: V, scale: number): V {
  const exponent = o.shiftRightSigned(o.subInt(x, o.constantBits(0x3f3504f3)), 23);
  const f = o.sub(o.subInt(x, o.shiftLeft(exponent, 23)), o.constant(1));
  const s = o.div(f, o.madd(f, o.constant(0.5 / scale), o.constant(1 / scale)));
  const square = o.mul(s, s);
  const series = polynomial(
    o,
    square,
    LOG.map((c, i) => c / scale ** (2 * i + 2)),
  );
  const logOfMantissa = o.madd(series, o.mul(square, s), s);
  return o.madd(o.fromInt(exponent), o.constant(scale * Math.LN2), logOfMantissa);
}

/** ln x: -inf at ±0, NaN below, exact enough for denormals too. */
export function log<V>(o: LaneOps<V>, x: V): V {
  const denormal = o.lessThan(x, o.constant(2 ** -126));
  const normal = o.select(denormal, o.mul(x, o.constant(2 ** 23)), x);
  const positive = o.add(logOfNormal(o, normal, 1), o.and(denormal, o.constant(-23 * Math.LN2)));
  const orInfinite = o.select(o.lessThan(x, o.constant(Infinity)), positive, x);
  const orZero = o.select(o.equal(x, o.constant(0)), o.constant(-Infinity), orInfinite);
  return o.select(o.lessThan(x, o.constant(0)), o.constant(NaN), orZero);
}

/** (-1)ⁿ sin(x - halfTurns·π), n the low bit of `parity`; halfTurns is a multiple of ½. */
function sinOfRemainder<V>(o: LaneOps<V>, x: V, halfTurns: V, parity: V): V {
  const coarse = o.madd(halfTurns, o.constant(-PI_MIDDLE), o.madd(halfTurns, o.constant(-PI_HIGH), x));
  const remainder = o.madd(halfTurns, o.constant(-PI_LOW), coarse);
  const limit = o.constant(LARGEST_REMAINDER);
  const r = o.max(o.min(remainder, limit), o.constant(-LARGEST_REMAINDER));
  const square = o.mul(r, r);
  const sin = o.madd(polynomial(o, square, SIN), o.mul(square, r), r);
  return o.xor(sin, o.shiftLeft(parity, 31));
}

/**
 * sin x for |x| ≤ 10⁴; beyond that some number in [-1, 1]. One polynomial on [-π/2, π/2] and a sign, rather than two
 * polynomials on a quarter and a choice.
 */
export function sin<V>(o: LaneOps<V>, x: V): V {
  const [halfTurns, parity] = o.rounded(x, 1 / Math.PI, 0, 0);
  return sinOfRemainder(o, x, halfTurns, parity);
}

/**
 * cos x = (-1)ⁿ⁺¹ sin(x - (n + ½)π), so that it is precise near its own zeros; the range is that of `sin`. cos 0 is
 * 1, or the float32 below 1 where `madd` does not fuse.
 */
export function cos<V>(o: LaneOps<V>, x: V): V {
  const [below, parity] = o.rounded(x, 1 / Math.PI, -0.5, 1);
  return sinOfRemainder(o, x, o.add(below, o.constant(0.5)), parity);
}

/** sin(2πw) for |w| ≤ ¼. */
function sinOfTurns<V>(o: LaneOps<V>, w: V): V {
  return o.mul(polynomial(o, o.mul(w, w), SIN_OF_TURNS), w);
}

/** [cos 2πu, sin 2πu] for u in [0, 1]: both as a sine within a quarter turn of 0, reached by exact subtractions. */
export function cosSinOfTurns<V>(o: LaneOps<V>, u: V): [V, V] {
  const half = o.constant(0.5);
  const fromMinimum = o.sub(o.abs(o.sub(u, half)), o.constant(0.25));
  const triangle = o.max(o.min(u, o.sub(half, u)), o.sub(u, o.constant(1)));
  return [sinOfTurns(o, fromMinimum), sinOfTurns(o, triangle)];
}

/**
 * Two independent standard normal numbers √(-2 ln u₁)·(cos 2πu₂, sin 2πu₂) from two uniform ones: u₁ in (0, 1] and at
 * least 2⁻¹²⁶, u₂ in [0, 1].
 */
export function boxMuller<V>(o: LaneOps<V>, u1: V, u2: V): [V, V] {
  const radius = o.sqrt(logOfNormal(o, u1, -2));
  const [cosine, sine] = cosSinOfTurns(o, u2);
  return [o.mul(radius, cosine), o.mul(radius, sine)];
}
