// Matrix products of two per-sample operands (attention): lane by lane, out[i,j] (=|+=) Σ_k a[i,k]·b[k,j].
// The block in registers is up to 6 rows × 2 columns of one vector (four samples). Samples are the innermost loop
// around it, so that both operands' cache lines are used whole while they are near.
// Not for shared operands (gemm.ts). Sums run over k in order.

import { count, Five, Four, madd, One, Six, SIX_ROWS_FIT, Three, Two, writeColumn, zero } from './lanes';

export function gemmPair(
  out: usize, a: usize, b: usize, I: i32, J: i32, K: i32,
  aI: usize, aK: usize, bK: usize, bJ: usize, oI: usize, oJ: usize, T: i32, accumulate: bool,
): void {
  for (; I >= 6; I -= 6) {
    if (SIX_ROWS_FIT) {
      strip<Six>(out, a, b, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate);
    } else {
      strip<Three>(out, a, b, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate);
      strip<Three>(out + oI * 3, a + aI * 3, b, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate);
    }
    out += oI * 6;
    a += aI * 6;
  }
  if (I == 5) strip<Five>(out, a, b, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate);
  else if (I == 4) strip<Four>(out, a, b, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate);
  else if (I == 3) strip<Three>(out, a, b, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate);
  else if (I == 2) strip<Two>(out, a, b, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate);
  else if (I == 1) strip<One>(out, a, b, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate);
}

function strip<Rows>(
  out: usize, a: usize, b: usize, J: i32, K: i32, aI: usize, aK: usize, bK: usize, bJ: usize, oI: usize,
  oJ: usize, T: i32, accumulate: bool,
): void {
  const rows = count<Rows>();
  const tileBytes = <usize>T << 2;
  for (; J >= 2; J -= 2) {
    for (let t: usize = 0; t < tileBytes; t += 16) {
      block(rows, 2, out + t, a + t, b + t, K, aI, aK, bK, bJ, oI, oJ, accumulate);
    }
    b += bJ * 2;
    out += oJ * 2;
  }
  if (J > 0) {
    for (let t: usize = 0; t < tileBytes; t += 16) {
      block(rows, 1, out + t, a + t, b + t, K, aI, aK, bK, bJ, oI, oJ, accumulate);
    }
  }
}

@inline
function block(
  rows: i32, columns: i32, out: usize, a: usize, b: usize, K: i32,
  aI: usize, aK: usize, bK: usize, bJ: usize, oI: usize, oJ: usize, accumulate: bool,
): void {
  let c0 = zero(), c1 = zero(), c2 = zero(), c3 = zero(), c4 = zero(), c5 = zero();
  let d0 = zero(), d1 = zero(), d2 = zero(), d3 = zero(), d4 = zero(), d5 = zero();
  let p0 = a, p1 = a + aI, p2 = p1 + aI, p3 = p2 + aI, p4 = p3 + aI, p5 = p4 + aI;
  let q = b + bJ;
  do {
    const x = v128.load(b);
    const y = columns > 1 ? v128.load(q) : x;
    let s = v128.load(p0);
    c0 = madd(s, x, c0);
    if (columns > 1) d0 = madd(s, y, d0);
    if (rows > 1) { s = v128.load(p1); c1 = madd(s, x, c1); if (columns > 1) d1 = madd(s, y, d1); }
    if (rows > 2) { s = v128.load(p2); c2 = madd(s, x, c2); if (columns > 1) d2 = madd(s, y, d2); }
    if (rows > 3) { s = v128.load(p3); c3 = madd(s, x, c3); if (columns > 1) d3 = madd(s, y, d3); }
    if (rows > 4) { s = v128.load(p4); c4 = madd(s, x, c4); if (columns > 1) d4 = madd(s, y, d4); }
    if (rows > 5) { s = v128.load(p5); c5 = madd(s, x, c5); if (columns > 1) d5 = madd(s, y, d5); }
    b += bK;
    q += bK;
    p0 += aK;
    if (rows > 1) p1 += aK;
    if (rows > 2) p2 += aK;
    if (rows > 3) p3 += aK;
    if (rows > 4) p4 += aK;
    if (rows > 5) p5 += aK;
  } while (--K);
  writeColumn(rows, out, oI, c0, c1, c2, c3, c4, c5, accumulate);
  if (columns > 1) writeColumn(rows, out + oJ, oI, d0, d1, d2, d3, d4, d5, accumulate);
}
