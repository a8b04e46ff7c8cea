// Philox 4×32-10 (Salmon et al., SC'11): random words as a pure function of (key, counter), four samples at a time.
// key = (seedLo, seedHi), counter = (sample, block, step, stream): the same numbers whatever tile or thread asks.
// Word w of block j is element 4j + w. Not the normal transform: that is emitted with the element-wise code.

/** kind 0: every word becomes a uniform in (0, 1). */
const UNIFORM: i32 = 0;

export function philox(
  dst: usize, blocks: i32, T: i32, sample0: u32, lastSample: u32,
  step: u32, stream: u32, seedLo: u32, seedHi: u32, kind: i32,
): void {
  const row = <usize>T << 2;
  for (let t = 0; t < T; t += 4) {
    // The offset is clamped, not the sum: that one may pass 2³².
    const offset = i32x4.min_u(i32x4.add(i32x4.splat(t), i32x4(0, 1, 2, 3)), i32x4.splat(lastSample - sample0));
    const sample = i32x4.add(i32x4.splat(sample0), offset);
    let to = dst + <usize>(t << 2);
    for (let block = 0; block < blocks; block++) {
      writeBlock(to, row, sample, block, step, stream, seedLo, seedHi, kind);
      to += row << 2;
    }
  }
}

@inline
function writeBlock(
  to: usize, row: usize, sample: v128, block: u32, step: u32, stream: u32, key0: u32, key1: u32, kind: i32,
): void {
  const factor0 = i32x4.splat(0xd2511f53);
  const factor1 = i32x4.splat(0xcd9e8d57);
  let c0 = sample;
  let c1 = i32x4.splat(block);
  let c2 = i32x4.splat(step);
  let c3 = i32x4.splat(stream);
  for (let round = 0; round < 10; round++) {
    const low0 = i64x2.extmul_low_i32x4_u(c0, factor0);
    const high0 = i64x2.extmul_high_i32x4_u(c0, factor0);
    const low1 = i64x2.extmul_low_i32x4_u(c2, factor1);
    const high1 = i64x2.extmul_high_i32x4_u(c2, factor1);
    c0 = v128.xor(v128.xor(oddWords(low1, high1), c1), i32x4.splat(key0));
    c1 = evenWords(low1, high1);
    c2 = v128.xor(v128.xor(oddWords(low0, high0), c3), i32x4.splat(key1));
    c3 = evenWords(low0, high0);
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  v128.store(to, kind == UNIFORM ? uniform(c0) : positive(c0));
  v128.store(to + row, uniform(c1));
  v128.store(to + row * 2, kind == UNIFORM ? uniform(c2) : positive(c2));
  v128.store(to + row * 3, uniform(c3));
}

@inline
function evenWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

@inline
function oddWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

/** In (0, 1), exact: 23 random bits and a half. */
@inline
function uniform(word: v128): v128 {
  const bits = f32x4.convert_i32x4_s(i32x4.shr_u(word, 9));
  return f32x4.mul(f32x4.add(bits, f32x4.splat(0.5)), f32x4.splat(1.1920928955078125e-7));
}

/** In (0, 1], down to 2⁻³³: the radius of a Box–Muller pair needs the far tail, not the grid. */
@inline
function positive(word: v128): v128 {
  const value = f32x4.convert_i32x4_u(word);
  return f32x4.mul(f32x4.add(value, f32x4.splat(0.5)), f32x4.splat(2.3283064365386963e-10));
}
