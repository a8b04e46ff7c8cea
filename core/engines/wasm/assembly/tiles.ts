// Between sample-major arrays and sample-minor tiles: load, store, gather, and the sum over a tile's samples.
// A tile may hold fewer than T valid samples. Loading fills the rest with copies of the last one, so that every
// later lane is finite; storing and summing never touch the rest. Not arithmetic.

import { highHalves, interleaveHigh, interleaveLow, lanesBelow, lowHalves, zero } from './lanes';

export function loadTile(dst: usize, src: usize, E: i32, T: i32, valid: i32): void {
  const row = <usize>E << 2;
  const last = valid - 1;
  for (let t = 0; t < T; t += 4) {
    transposeRows(
      dst + <usize>(t << 2), E, T,
      src + <usize>min(t, last) * row, src + <usize>min(t + 1, last) * row,
      src + <usize>min(t + 2, last) * row, src + <usize>min(t + 3, last) * row,
    );
  }
}

/** dst[e][t] = table[index[t]][e], index truncated and clamped to the table (NaN counts as 0). */
export function gatherTile(dst: usize, table: usize, index: usize, E: i32, T: i32, rows: i32): void {
  const row = <usize>E << 2;
  const last = i32x4.splat(rows - 1);
  for (let t = 0; t < T; t += 4) {
    const wanted = i32x4.trunc_sat_f32x4_s(v128.load(index + <usize>(t << 2)));
    const i = i32x4.max_s(i32x4.min_s(wanted, last), i32x4.splat(0));
    transposeRows(
      dst + <usize>(t << 2), E, T,
      table + <usize>i32x4.extract_lane(i, 0) * row, table + <usize>i32x4.extract_lane(i, 1) * row,
      table + <usize>i32x4.extract_lane(i, 2) * row, table + <usize>i32x4.extract_lane(i, 3) * row,
    );
  }
}

/** Four rows of E elements become four lanes of E tile rows. */
function transposeRows(dst: usize, E: i32, T: i32, r0: usize, r1: usize, r2: usize, r3: usize): void {
  const row = <usize>T << 2;
  let e = 0;
  for (; e + 4 <= E; e += 4) {
    const at = <usize>(e << 2);
    const a = v128.load(r0 + at);
    const b = v128.load(r1 + at);
    const c = v128.load(r2 + at);
    const d = v128.load(r3 + at);
    const abLow = interleaveLow(a, b);
    const cdLow = interleaveLow(c, d);
    const abHigh = interleaveHigh(a, b);
    const cdHigh = interleaveHigh(c, d);
    v128.store(dst, lowHalves(abLow, cdLow));
    v128.store(dst + row, highHalves(abLow, cdLow));
    v128.store(dst + row * 2, lowHalves(abHigh, cdHigh));
    v128.store(dst + row * 3, highHalves(abHigh, cdHigh));
    dst += row << 2;
  }
  for (; e < E; e++) {
    const at = <usize>(e << 2);
    const ab = interleaveLow(v128.load32_zero(r0 + at), v128.load32_zero(r1 + at));
    const cd = interleaveLow(v128.load32_zero(r2 + at), v128.load32_zero(r3 + at));
    v128.store(dst, lowHalves(ab, cd));
    dst += row;
  }
}

export function storeTile(dst: usize, src: usize, E: i32, T: i32, valid: i32): void {
  const row = <usize>E << 2;
  for (let t = 0; t < valid; t += 4) {
    storeFour(dst + <usize>t * row, src + <usize>(t << 2), E, T, min(4, valid - t));
  }
}

/** Lanes of E tile rows become `count` rows of E elements. */
function storeFour(dst: usize, src: usize, E: i32, T: i32, count: i32): void {
  const row = <usize>T << 2;
  const r1 = dst + (<usize>E << 2);
  const r2 = r1 + (<usize>E << 2);
  const r3 = r2 + (<usize>E << 2);
  let e = 0;
  for (; e + 4 <= E; e += 4) {
    const at = <usize>(e << 2);
    const a = v128.load(src);
    const b = v128.load(src + row);
    const c = v128.load(src + row * 2);
    const d = v128.load(src + row * 3);
    const abLow = interleaveLow(a, b);
    const cdLow = interleaveLow(c, d);
    const abHigh = interleaveHigh(a, b);
    const cdHigh = interleaveHigh(c, d);
    v128.store(dst + at, lowHalves(abLow, cdLow));
    if (count > 1) v128.store(r1 + at, highHalves(abLow, cdLow));
    if (count > 2) v128.store(r2 + at, lowHalves(abHigh, cdHigh));
    if (count > 3) v128.store(r3 + at, highHalves(abHigh, cdHigh));
    src += row << 2;
  }
  for (; e < E; e++) {
    const at = <usize>(e << 2);
    const value = v128.load(src);
    v128.store32_lane(dst + at, value, 0);
    if (count > 1) v128.store32_lane(r1 + at, value, 1);
    if (count > 2) v128.store32_lane(r2 + at, value, 2);
    if (count > 3) v128.store32_lane(r3 + at, value, 3);
    src += row;
  }
}

/** out[e] (=|+=) the sum over valid samples: within each lane in order, then (l0 + l1) + (l2 + l3). */
export function sumSamples(out: usize, x: usize, E: i32, T: i32, valid: i32, accumulate: bool): void {
  const row = <usize>T << 2;
  let e = 0;
  for (; e + 4 <= E; e += 4) {
    const a = laneSums(x, valid);
    const b = laneSums(x + row, valid);
    const c = laneSums(x + row * 2, valid);
    const d = laneSums(x + row * 3, valid);
    const abLow = interleaveLow(a, b);
    const cdLow = interleaveLow(c, d);
    const abHigh = interleaveHigh(a, b);
    const cdHigh = interleaveHigh(c, d);
    const first = f32x4.add(lowHalves(abLow, cdLow), highHalves(abLow, cdLow));
    const second = f32x4.add(lowHalves(abHigh, cdHigh), highHalves(abHigh, cdHigh));
    const sum = f32x4.add(first, second);
    v128.store(out, accumulate ? f32x4.add(v128.load(out), sum) : sum);
    x += row << 2;
    out += 16;
  }
  for (; e < E; e++) {
    const a = laneSums(x, valid);
    const first = f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1);
    const second = f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3);
    const sum = first + second;
    store<f32>(out, accumulate ? load<f32>(out) + sum : sum);
    x += row;
    out += 4;
  }
}

/** Masks instead of multiplying: lanes that are not valid may hold NaN. */
@inline
function laneSums(x: usize, valid: i32): v128 {
  let sum = zero();
  let t = 0;
  for (; t + 4 <= valid; t += 4) sum = f32x4.add(sum, v128.load(x + <usize>(t << 2)));
  if (t < valid) sum = f32x4.add(sum, v128.and(v128.load(x + <usize>(t << 2)), lanesBelow(valid - t)));
  return sum;
}
