// Words for four float32 lanes that every kernel shares; all of them vanish by inlining.
// Not a place for loops or memory layout.

/**
 * Whether a block of 6 rows × 2 vectors fits V8's registers. Without fusing every product needs a register of its own:
 * six rows spill then (29 GFLOP/s), twice three do not (44).
 */
export const SIX_ROWS_FIT: bool = ASC_FEATURE_RELAXED_SIMD;

/**
 * Numbers as types, for want of constant generics: each is as many bytes as it says. A kernel generic in one of them is
 * compiled once per number of rows, without the rows that are not there.
 */
@unmanaged export class One { a: u8; }
@unmanaged export class Two extends One { b: u8; }
@unmanaged export class Three extends Two { c: u8; }
@unmanaged export class Four extends Three { d: u8; }
@unmanaged export class Five extends Four { e: u8; }
@unmanaged export class Six extends Five { f: u8; }

@inline
export function count<Rows>(): i32 {
  return <i32>offsetof<Rows>();
}

/** a·b + c: fused in the relaxed build, two roundings in the plain one. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

@inline
export function zero(): v128 {
  return f32x4.splat(0);
}

/** Adds what memory holds at `address` to `value`. */
@inline
export function plusAt(address: usize, value: v128): v128 {
  return f32x4.add(v128.load(address), value);
}

/** Stores, or adds to memory, the first `rows` of six vectors `stride` apart. */
@inline
export function writeColumn(
  rows: i32, out: usize, stride: usize, v0: v128, v1: v128, v2: v128, v3: v128, v4: v128, v5: v128, accumulate: bool,
): void {
  if (accumulate) {
    v0 = plusAt(out, v0);
    if (rows > 1) v1 = plusAt(out + stride, v1);
    if (rows > 2) v2 = plusAt(out + stride * 2, v2);
    if (rows > 3) v3 = plusAt(out + stride * 3, v3);
    if (rows > 4) v4 = plusAt(out + stride * 4, v4);
    if (rows > 5) v5 = plusAt(out + stride * 5, v5);
  }
  v128.store(out, v0);
  if (rows > 1) v128.store(out + stride, v1);
  if (rows > 2) v128.store(out + stride * 2, v2);
  if (rows > 3) v128.store(out + stride * 3, v3);
  if (rows > 4) v128.store(out + stride * 4, v4);
  if (rows > 5) v128.store(out + stride * 5, v5);
}

// 4×4 transpose in two layers: first interleave (a, c) and (b, d), then interleave the results.

/** a0 b0 a1 b1 */
@inline
export function interleaveLow(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}

/** a2 b2 a3 b3 */
@inline
export function interleaveHigh(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}

/** a0 a1 b0 b1 */
@inline
export function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 1, 4, 5);
}

/** a2 a3 b2 b3 */
@inline
export function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 3, 6, 7);
}

/** All bits set in the lanes l with l < count. */
@inline
export function lanesBelow(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/**
 * Whether `madd` rounds once. (1 + ε)(1 − ε) − 1 is −ε² with one rounding and 0 with two, for ε = 2⁻¹³.
 * ε is an argument so that no optimiser can answer at build time.
 */
export function isFused(epsilon: f32): bool {
  const residue = madd(f32x4.splat(1 + epsilon), f32x4.splat(1 - epsilon), f32x4.splat(-1));
  return f32x4.extract_lane(residue, 0) != 0;
}
