// Work on shared tensors only (parameters, gradients): a plain matrix product and the sum of the gradient lanes.
// They run once per step, not once per tile: what they cost is felt where batches are small.

import { madd, zero } from './lanes';

/**
 * out[i,j] = Σ_k a[i,k]·b[k,j] for fromI ≤ i < toI. Vectors over j where b and out are contiguous in j, sixteen wide so
 * that a cache line of b is used whole; vectors over k where a and b are contiguous in k. The order of a sum does not
 * depend on which rows are done together.
 */
export function matmulShared(
  out: usize, a: usize, b: usize, I: i32, J: i32, K: i32,
  aI: usize, aK: usize, bK: usize, bJ: usize, oI: usize, oJ: usize, fromI: i32, toI: i32,
): void {
  const end = min(I, toI);
  let j = 0;
  if (bJ == 4 && oJ == 4) {
    // Rows of b a multiple of 1 KB apart push each other out of the first cache: the narrow form passes them less often.
    const wide = (bK & 1023) == 0 ? 0 : J & ~15;
    for (; j < wide; j += 16) {
      const to = out + <usize>(j << 2);
      const from = b + <usize>(j << 2);
      let i = fromI;
      for (; i + 2 <= end; i += 2) rowsBySixteen(2, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, aK, bK, oI);
      if (i < end) rowsBySixteen(1, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, aK, bK, oI);
    }
    for (; j + 4 <= J; j += 4) {
      const to = out + <usize>(j << 2);
      const from = b + <usize>(j << 2);
      let i = fromI;
      for (; i + 8 <= end; i += 8) rowsByFour(8, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, aK, bK, oI);
      for (; i < end; i++) rowsByFour(1, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, aK, bK, oI);
    }
  } else if (aK == 4 && bK == 4) {
    for (; j + 4 <= J; j += 4) {
      const to = out + <usize>j * oJ;
      const from = b + <usize>j * bJ;
      let i = fromI;
      for (; i + 2 <= end; i += 2) dots(2, 4, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, bJ, oI, oJ);
      if (i < end) dots(1, 4, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, bJ, oI, oJ);
    }
    for (; j < J; j++) {
      const to = out + <usize>j * oJ;
      const from = b + <usize>j * bJ;
      for (let i = fromI; i < end; i++) dots(1, 1, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, bJ, oI, oJ);
    }
  }
  for (let i = fromI; i < end; i++) {
    for (let rest = j; rest < J; rest++) {
      const sum = dot(a + <usize>i * aI, b + <usize>rest * bJ, K, aK, bK);
      store<f32>(out + <usize>i * oI + <usize>rest * oJ, sum);
    }
  }
}

/** One or two rows × sixteen columns. Eight sums keep both multiply-add pipes busy. */
@inline
function rowsBySixteen(
  rows: i32, to: usize, a: usize, b: usize, K: i32, aI: usize, aK: usize, bK: usize, oI: usize,
): void {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
  let t0 = zero(), t1 = zero(), t2 = zero(), t3 = zero();
  for (let k = 0; k < K; k++) {
    const s = v128.load32_splat(a);
    const t = rows > 1 ? v128.load32_splat(a + aI) : s;
    let v = v128.load(b);
    s0 = madd(s, v, s0);
    if (rows > 1) t0 = madd(t, v, t0);
    v = v128.load(b, 16);
    s1 = madd(s, v, s1);
    if (rows > 1) t1 = madd(t, v, t1);
    v = v128.load(b, 32);
    s2 = madd(s, v, s2);
    if (rows > 1) t2 = madd(t, v, t2);
    v = v128.load(b, 48);
    s3 = madd(s, v, s3);
    if (rows > 1) t3 = madd(t, v, t3);
    a += aK;
    b += bK;
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
  if (rows > 1) {
    v128.store(to + oI, t0);
    v128.store(to + oI, t1, 16);
    v128.store(to + oI, t2, 32);
    v128.store(to + oI, t3, 48);
  }
}

/** One or eight rows × four columns. */
@inline
function rowsByFour(
  rows: i32, to: usize, a: usize, b: usize, K: i32, aI: usize, aK: usize, bK: usize, oI: usize,
): void {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero(), s4 = zero(), s5 = zero(), s6 = zero(), s7 = zero();
  for (let k = 0; k < K; k++) {
    const v = v128.load(b);
    s0 = madd(v128.load32_splat(a), v, s0);
    if (rows > 1) {
      s1 = madd(v128.load32_splat(a + aI), v, s1);
      s2 = madd(v128.load32_splat(a + aI * 2), v, s2);
      s3 = madd(v128.load32_splat(a + aI * 3), v, s3);
      s4 = madd(v128.load32_splat(a + aI * 4), v, s4);
      s5 = madd(v128.load32_splat(a + aI * 5), v, s5);
      s6 = madd(v128.load32_splat(a + aI * 6), v, s6);
      s7 = madd(v128.load32_splat(a + aI * 7), v, s7);
    }
    a += aK;
    b += bK;
  }
  v128.store(to, s0);
  if (rows > 1) {
    v128.store(to + oI, s1);
    v128.store(to + oI * 2, s2);
    v128.store(to + oI * 3, s3);
    v128.store(to + oI * 4, s4);
    v128.store(to + oI * 5, s5);
    v128.store(to + oI * 6, s6);
    v128.store(to + oI * 7, s7);
  }
}

/** Scalar products of one or two rows of a with one or four columns of b, all contiguous in k. */
@inline
function dots(
  rows: i32, columns: i32, to: usize, a: usize, b: usize, K: i32, aI: usize, bJ: usize, oI: usize, oJ: usize,
): void {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
  let t0 = zero(), t1 = zero(), t2 = zero(), t3 = zero();
  const whole = <usize>(K & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) {
    const s = v128.load(a + at);
    const t = rows > 1 ? v128.load(a + aI + at) : s;
    let v = v128.load(b + at);
    s0 = madd(s, v, s0);
    if (rows > 1) t0 = madd(t, v, t0);
    if (columns > 1) {
      v = v128.load(b + bJ + at);
      s1 = madd(s, v, s1);
      if (rows > 1) t1 = madd(t, v, t1);
      v = v128.load(b + bJ * 2 + at);
      s2 = madd(s, v, s2);
      if (rows > 1) t2 = madd(t, v, t2);
      v = v128.load(b + bJ * 3 + at);
      s3 = madd(s, v, s3);
      if (rows > 1) t3 = madd(t, v, t3);
    }
  }
  const rest = K & 3;
  const tail = a + whole;
  finishDot(to, s0, tail, b + whole, rest);
  if (columns > 1) {
    finishDot(to + oJ, s1, tail, b + bJ + whole, rest);
    finishDot(to + oJ * 2, s2, tail, b + bJ * 2 + whole, rest);
    finishDot(to + oJ * 3, s3, tail, b + bJ * 3 + whole, rest);
  }
  if (rows > 1) {
    const below = to + oI;
    finishDot(below, t0, tail + aI, b + whole, rest);
    if (columns > 1) {
      finishDot(below + oJ, t1, tail + aI, b + bJ + whole, rest);
      finishDot(below + oJ * 2, t2, tail + aI, b + bJ * 2 + whole, rest);
      finishDot(below + oJ * 3, t3, tail + aI, b + bJ * 3 + whole, rest);
    }
  }
}

/** The four lanes of a sum, and the products beyond the last whole vector. */
@inline
function finishDot(to: usize, lanes: v128, a: usize, b: usize, rest: i32): void {
  const even = f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 1);
  const odd = f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3);
  store<f32>(to, even + odd + dot(a, b, rest, 4, 4));
}

@inline
function dot(a: usize, b: usize, K: i32, aK: usize, bK: usize): f32 {
  let sum: f32 = 0;
  for (let k = 0; k < K; k++) {
    sum += load<f32>(a) * load<f32>(b);
    a += aK;
    b += bK;
  }
  return sum;
}

/**
 * dst[e] = the sum of src[lane][e] over 1, 2, 4 or 8 lanes as a fixed binary tree, so that gradients do not depend on
 * how many threads filled the lanes. Vector and scalar give the same bits, so neither does the split of elements.
 */
export function reduceLanes(
  dst: usize, src: usize, laneStride: usize, lanes: i32, fromElement: i32, toElement: i32,
): void {
  const vectorsEnd = <usize>(fromElement + ((toElement - fromElement) & ~3)) << 2;
  const end = <usize>toElement << 2;
  let at = <usize>fromElement << 2;
  if (lanes == 8) for (; at < vectorsEnd; at += 16) v128.store(dst + at, sum8(src + at, laneStride));
  else if (lanes == 4) for (; at < vectorsEnd; at += 16) v128.store(dst + at, sum4(src + at, laneStride));
  else if (lanes == 2) for (; at < vectorsEnd; at += 16) v128.store(dst + at, sum2(src + at, laneStride));
  for (; at < end; at += 4) store<f32>(dst + at, sumAny(src + at, laneStride, lanes));
}

@inline
function sum2(src: usize, stride: usize): v128 {
  return f32x4.add(v128.load(src), v128.load(src + stride));
}

@inline
function sum4(src: usize, stride: usize): v128 {
  return f32x4.add(sum2(src, stride), sum2(src + stride * 2, stride));
}

@inline
function sum8(src: usize, stride: usize): v128 {
  return f32x4.add(sum4(src, stride), sum4(src + stride * 4, stride));
}

/** The same tree for one number: the ends of a range, and a single lane, which is a copy. */
function sumAny(src: usize, stride: usize, lanes: i32): f32 {
  if (lanes == 1) return load<f32>(src);
  const half = lanes >> 1;
  return sumAny(src, stride, half) + sumAny(src + <usize>half * stride, stride, half);
}
