// Products that sum over samples (weight gradients): out[k,n] (=|+=) Σ_m Σ_{t<valid} a[m,k,t]·b[m,n,t].
// b is first transposed into scratch, in panels of eight n: scratch[(n/8)][m][t][8], zero for t ≥ valid and beyond N.
// Then a block of 6 k × 8 n stays in registers while m and t run, in order. Zeros in b suffice because the lanes of a
// that are not valid hold finite copies. Not for sums over anything but the sample axis.

import {
  count, Five, Four, highHalves, interleaveHigh, interleaveLow, lanesBelow, lowHalves, madd, One, Six, SIX_ROWS_FIT,
  Three, Two, writeColumn, zero,
} from './lanes';

const PANEL: i32 = 8;
const SAMPLE_BYTES: usize = 32;
/** One block at the start of scratch: outputs that cannot be stored as vectors leave through it. */
const BLOCK_BYTES: usize = 192;

export function gemmSamples(
  out: usize, a: usize, b: usize, M: i32, K: i32, N: i32,
  aM: usize, aK: usize, bM: usize, bN: usize, outK: usize, outN: usize,
  T: i32, valid: i32, scratch: usize, accumulate: bool,
): void {
  const steps = (min(valid, T) + 3) >> 2;
  const packed = scratch + BLOCK_BYTES;
  packSamples(packed, b, M, N, bM, bN, steps, valid);
  for (; K >= 6; K -= 6) {
    if (SIX_ROWS_FIT) {
      strip<Six>(out, a, packed, M, N, aM, aK, outK, outN, steps, scratch, accumulate);
    } else {
      strip<Three>(out, a, packed, M, N, aM, aK, outK, outN, steps, scratch, accumulate);
      strip<Three>(out + outK * 3, a + aK * 3, packed, M, N, aM, aK, outK, outN, steps, scratch, accumulate);
    }
    out += outK * 6;
    a += aK * 6;
  }
  if (K == 5) strip<Five>(out, a, packed, M, N, aM, aK, outK, outN, steps, scratch, accumulate);
  else if (K == 4) strip<Four>(out, a, packed, M, N, aM, aK, outK, outN, steps, scratch, accumulate);
  else if (K == 3) strip<Three>(out, a, packed, M, N, aM, aK, outK, outN, steps, scratch, accumulate);
  else if (K == 2) strip<Two>(out, a, packed, M, N, aM, aK, outK, outN, steps, scratch, accumulate);
  else if (K == 1) strip<One>(out, a, packed, M, N, aM, aK, outK, outN, steps, scratch, accumulate);
}

function packSamples(to: usize, b: usize, M: i32, N: i32, bM: usize, bN: usize, steps: i32, valid: i32): void {
  const lastMask = lanesBelow(valid - ((steps - 1) << 2));
  for (let n = 0; n < N; n += PANEL) {
    const columns = min(PANEL, N - n);
    for (let m = 0; m < M; m++) {
      const from = b + <usize>m * bM + <usize>n * bN;
      for (let step = 0; step < steps; step++) {
        const at = from + <usize>(step << 4);
        const mask = step == steps - 1 ? lastMask : i32x4.splat(-1);
        packFour(to, at, bN, columns, mask);
        packFour(to + 16, at + bN * 4, bN, columns - 4, mask);
        to += SAMPLE_BYTES * 4;
      }
    }
  }
}

/** Four samples of up to four n, transposed to four n of four samples, eight n apart. */
@inline
function packFour(to: usize, at: usize, bN: usize, columns: i32, mask: v128): void {
  const b0 = columns > 0 ? v128.and(v128.load(at), mask) : zero();
  const b1 = columns > 1 ? v128.and(v128.load(at + bN), mask) : zero();
  const b2 = columns > 2 ? v128.and(v128.load(at + bN * 2), mask) : zero();
  const b3 = columns > 3 ? v128.and(v128.load(at + bN * 3), mask) : zero();
  const low01 = interleaveLow(b0, b1);
  const low23 = interleaveLow(b2, b3);
  const high01 = interleaveHigh(b0, b1);
  const high23 = interleaveHigh(b2, b3);
  v128.store(to, lowHalves(low01, low23));
  v128.store(to, highHalves(low01, low23), 32);
  v128.store(to, lowHalves(high01, high23), 64);
  v128.store(to, highHalves(high01, high23), 96);
}

function strip<Rows>(
  out: usize, a: usize, b: usize, M: i32, N: i32, aM: usize, aK: usize, outK: usize, outN: usize,
  steps: i32, spill: usize, accumulate: bool,
): void {
  const rows = count<Rows>();
  const panelBytes = <usize>(M * steps) * (SAMPLE_BYTES * 4);
  for (; N > 4; N -= PANEL) {
    block(rows, 2, out, a, b, M, N, aM, aK, outK, outN, steps, spill, accumulate);
    b += panelBytes;
    out += outN * PANEL;
  }
  if (N > 0) block(rows, 1, out, a, b, M, N, aM, aK, outK, outN, steps, spill, accumulate);
}

@inline
function block(
  rows: i32, vectors: i32, out: usize, a: usize, b: usize, M: i32, N: i32,
  aM: usize, aK: usize, outK: usize, outN: usize, steps: i32, spill: usize, accumulate: bool,
): void {
  let c0 = zero(), c1 = zero(), c2 = zero(), c3 = zero(), c4 = zero(), c5 = zero();
  let d0 = zero(), d1 = zero(), d2 = zero(), d3 = zero(), d4 = zero(), d5 = zero();
  let p0 = a, p1 = a + aK, p2 = p1 + aK, p3 = p2 + aK, p4 = p3 + aK, p5 = p4 + aK;
  const skip = aM - <usize>(steps << 4);
  do {
    let t = steps << 2;
    do {
      const x = v128.load(b);
      const y = v128.load(b, 16);
      let s = v128.load32_splat(p0);
      c0 = madd(s, x, c0);
      if (vectors > 1) d0 = madd(s, y, d0);
      if (rows > 1) { s = v128.load32_splat(p1); c1 = madd(s, x, c1); if (vectors > 1) d1 = madd(s, y, d1); }
      if (rows > 2) { s = v128.load32_splat(p2); c2 = madd(s, x, c2); if (vectors > 1) d2 = madd(s, y, d2); }
      if (rows > 3) { s = v128.load32_splat(p3); c3 = madd(s, x, c3); if (vectors > 1) d3 = madd(s, y, d3); }
      if (rows > 4) { s = v128.load32_splat(p4); c4 = madd(s, x, c4); if (vectors > 1) d4 = madd(s, y, d4); }
      if (rows > 5) { s = v128.load32_splat(p5); c5 = madd(s, x, c5); if (vectors > 1) d5 = madd(s, y, d5); }
      b += SAMPLE_BYTES;
      p0 += 4;
      if (rows > 1) p1 += 4;
      if (rows > 2) p2 += 4;
      if (rows > 3) p3 += 4;
      if (rows > 4) p4 += 4;
      if (rows > 5) p5 += 4;
    } while (--t);
    p0 += skip;
    if (rows > 1) p1 += skip;
    if (rows > 2) p2 += skip;
    if (rows > 3) p3 += skip;
    if (rows > 4) p4 += skip;
    if (rows > 5) p5 += skip;
  } while (--M);
  const direct = outN == 4 && N >= vectors * 4;
  const to = direct ? out : spill;
  const toK = direct ? outK : SAMPLE_BYTES;
  writeColumn(rows, to, toK, c0, c1, c2, c3, c4, c5, direct && accumulate);
  if (vectors > 1) writeColumn(rows, to + 16, toK, d0, d1, d2, d3, d4, d5, direct && accumulate);
  if (!direct) scatter(out, spill, rows, min(N, vectors * 4), outK, outN, accumulate);
}

/** From the block at `from` to strided or partly valid outputs, one by one. */
function scatter(
  out: usize, from: usize, rows: i32, columns: i32, outK: usize, outN: usize, accumulate: bool,
): void {
  for (let row = 0; row < rows; row++) {
    let to = out;
    for (let column = 0; column < columns; column++) {
      const value = load<f32>(from + <usize>(column << 2));
      store<f32>(to, accumulate ? load<f32>(to) + value : value);
      to += outN;
    }
    from += SAMPLE_BYTES;
    out += outK;
  }
}
