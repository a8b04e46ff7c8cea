// Work on shared tensors only (parameters, gradients): a plain matrix product and the sum of the gradient lanes.
// Not per sample, so not tuned to the last: they run once per call, not once per tile.

import { madd, zero } from './lanes';

/** out[i,j] = Σ_k a[i,k]·b[k,j] for fromI ≤ i < toI; vectors over j where b and out are contiguous in j. */
export function matmulShared(
  out: usize, a: usize, b: usize, I: i32, J: i32, K: i32,
  aI: usize, aK: usize, bK: usize, bJ: usize, oI: usize, oJ: usize, fromI: i32, toI: i32,
): void {
  const end = min(I, toI);
  const vectorEnd = bJ == 4 && oJ == 4 ? J & ~3 : 0;
  for (let j = 0; j < vectorEnd; j += 4) {
    const to = out + <usize>(j << 2);
    const from = b + <usize>(j << 2);
    let i = fromI;
    for (; i + 8 <= end; i += 8) rowsByFour(8, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, aK, bK, oI);
    for (; i < end; i++) rowsByFour(1, to + <usize>i * oI, a + <usize>i * aI, from, K, aI, aK, bK, oI);
  }
  for (let i = fromI; i < end; i++) {
    for (let j = vectorEnd; j < J; j++) {
      const sum = dot(a + <usize>i * aI, b + <usize>j * bJ, K, aK, bK);
      store<f32>(out + <usize>i * oI + <usize>j * oJ, sum);
    }
  }
}

/** One or eight rows × four columns. Eight sums keep both multiply-add pipes busy. */
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
