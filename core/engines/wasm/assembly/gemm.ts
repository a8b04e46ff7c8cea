// Matrix products of one shared matrix with per-sample columns, and the packing of that matrix.
// Packed: panels of six outputs, two side by side, dst[(panel/2·K + k)·12 + panel%2·6 + row], so that the inner loop reads
// weights in order and twelve outputs of one sample fill three vectors.
// The block in registers is 6 outputs × 8 samples: 12 sums, 2 columns and 1 weight fill 15 of the 16 registers that
// V8 has (it keeps one). Sums run over k in order whatever T is, so a sample's result does not depend on its tile.
// Not for two per-sample operands (pair.ts) and not for sums over samples (samples.ts).

import {
  count, Five, Four, highHalves, interleaveHigh, interleaveLow, lowHalves, madd, One, Six, SIX_ROWS_FIT, Three, Two,
  writeColumn, zero,
} from './lanes';

const PANEL: i32 = 6;
const PANEL_BYTES: usize = 24;
/** From one k to the next. */
const ROW_BYTES: usize = PANEL_BYTES * 2;
/** Eight panels of a row are three cache lines. */
const PANELS_TOGETHER: i32 = 8;

export function pack(
  dst: usize, src: usize, K: i32, O: i32, kStride: usize, oStride: usize, fromPanel: i32, toPanel: i32,
): void {
  const whole = min(toPanel, O / PANEL);
  let panel = fromPanel;
  if (oStride == 4) {
    for (; panel < whole; panel += PANELS_TOGETHER) {
      const panels = min(PANELS_TOGETHER, whole - panel);
      packRows(dst, panel, panels, src + <usize>panel * PANEL_BYTES, K, kStride);
    }
  } else if (kStride == 4) {
    for (; panel < whole; panel++) {
      packColumns(panelAt(dst, panel, K), src + <usize>(panel * PANEL) * oStride, K, oStride);
    }
  }
  for (panel = max(fromPanel, min(panel, whole)); panel < toPanel; panel++) {
    const rows = min(PANEL, O - panel * PANEL);
    packAny(panelAt(dst, panel, K), src + <usize>(panel * PANEL) * oStride, 0, K, rows, kStride, oStride);
  }
}

@inline
function panelAt(packed: usize, panel: i32, K: i32): usize {
  return packed + <usize>((panel >> 1) * K) * ROW_BYTES + <usize>(panel & 1) * PANEL_BYTES;
}

/** Several panels side by side, so that a row's cache lines are read once: rows 2 KB apart push each other out. */
function packRows(dst: usize, first: i32, panels: i32, from: usize, K: i32, kStride: usize): void {
  for (let k = 0; k < K; k++) {
    let source = from;
    for (let panel = first; panel < first + panels; panel++) {
      const target = panelAt(dst, panel, K);
      v128.store(target, v128.load(source));
      store<u64>(target, load<u64>(source, 16), 16);
      source += PANEL_BYTES;
    }
    dst += ROW_BYTES;
    from += kStride;
  }
}

/** Four k at a time: a 4×4 transpose of rows 0–3 and an interleave of rows 4 and 5. */
function packColumns(to: usize, from: usize, K: i32, oStride: usize): void {
  let k = 0;
  for (; k + 4 <= K; k += 4) {
    const at = from + <usize>(k << 2);
    const r0 = v128.load(at);
    const r1 = v128.load(at + oStride);
    const r2 = v128.load(at + oStride * 2);
    const r3 = v128.load(at + oStride * 3);
    const r4 = v128.load(at + oStride * 4);
    const r5 = v128.load(at + oStride * 5);
    const a = interleaveLow(r0, r1);
    const b = interleaveLow(r2, r3);
    const c = interleaveHigh(r0, r1);
    const d = interleaveHigh(r2, r3);
    const low = interleaveLow(r4, r5);
    const high = interleaveHigh(r4, r5);
    v128.store(to, lowHalves(a, b));
    store<u64>(to, i64x2.extract_lane(low, 0), 16);
    v128.store(to, highHalves(a, b), 48);
    store<u64>(to, i64x2.extract_lane(low, 1), 64);
    v128.store(to, lowHalves(c, d), 96);
    store<u64>(to, i64x2.extract_lane(high, 0), 112);
    v128.store(to, highHalves(c, d), 144);
    store<u64>(to, i64x2.extract_lane(high, 1), 160);
    to += ROW_BYTES * 4;
  }
  packAny(to, from, k, K, PANEL, 4, oStride);
}

function packAny(to: usize, from: usize, k: i32, K: i32, rows: i32, kStride: usize, oStride: usize): void {
  for (; k < K; k++) {
    let at = from + <usize>k * kStride;
    for (let row = 0; row < PANEL; row++) {
      store<f32>(to, row < rows ? load<f32>(at) : 0);
      at += oStride;
      to += 4;
    }
    to += ROW_BYTES - PANEL_BYTES;
  }
}

export function gemm(
  out: usize, packed: usize, x: usize, K: i32, O: i32, R: i32,
  oStride: usize, orStride: usize, xkStride: usize, xrStride: usize, T: i32, valid: i32, accumulate: bool,
): void {
  if (R * T == 4 && valid == 1 && !accumulate) return oneColumn(out, packed, x, K, O, oStride, xkStride);
  if (R * T == 4) {
    for (; O >= PANEL * 2; O -= PANEL * 2) {
      twoPanels(out, packed, x, K, oStride, xkStride, accumulate);
      packed += <usize>K * ROW_BYTES;
      out += oStride * (PANEL * 2);
    }
  }
  const dst = packed;
  for (let panel = 1; O >= PANEL; O -= PANEL, panel++) {
    tallPanel<Six>(out, packed, x, K, R, oStride, orStride, xkStride, xrStride, T, accumulate);
    packed = panelAt(dst, panel, K);
    out += oStride * PANEL;
  }
  if (O == 5) tallPanel<Five>(out, packed, x, K, R, oStride, orStride, xkStride, xrStride, T, accumulate);
  else if (O == 4) tallPanel<Four>(out, packed, x, K, R, oStride, orStride, xkStride, xrStride, T, accumulate);
  else if (O == 3) flatPanel<Three>(out, packed, x, K, R, oStride, orStride, xkStride, xrStride, T, accumulate);
  else if (O == 2) flatPanel<Two>(out, packed, x, K, R, oStride, orStride, xkStride, xrStride, T, accumulate);
  else if (O == 1) flatPanel<One>(out, packed, x, K, R, oStride, orStride, xkStride, xrStride, T, accumulate);
}

/** Byte offset of column vector c (four samples), counted through all r. */
@inline
function columnAt(c: u32, vectorsPerTile: u32, rStride: usize): usize {
  return <usize>(c / vectorsPerTile) * rStride + <usize>((c % vectorsPerTile) << 4);
}

/** Four to six rows: two vectors of columns at a time. They need not be neighbours, so T = 4 pairs up over r. */
function tallPanel<Rows>(
  out: usize, w: usize, x: usize, K: i32, R: i32, oS: usize, orS: usize, xkS: usize, xrS: usize, T: i32,
  accumulate: bool,
): void {
  const rows = count<Rows>();
  const perTile = T >> 2;
  const columns = R * perTile;
  let c = 0;
  for (; c + 2 <= columns; c += 2) {
    const outA = out + columnAt(c, perTile, orS), outB = out + columnAt(c + 1, perTile, orS);
    const xA = x + columnAt(c, perTile, xrS), xB = x + columnAt(c + 1, perTile, xrS);
    if (rows < 6 || SIX_ROWS_FIT) {
      block2(rows, outA, outB, oS, w, xA, xB, xkS, K, accumulate);
    } else {
      block2(3, outA, outB, oS, w, xA, xB, xkS, K, accumulate);
      block2(3, outA + oS * 3, outB + oS * 3, oS, w + 12, xA, xB, xkS, K, accumulate);
    }
  }
  if (c < columns) {
    block1(rows, out + columnAt(c, perTile, orS), oS, w, x + columnAt(c, perTile, xrS), xkS, K, accumulate);
  }
}

/** One to three rows: four vectors of columns at a time, or too few sums would wait for each other. */
function flatPanel<Rows>(
  out: usize, w: usize, x: usize, K: i32, R: i32, oS: usize, orS: usize, xkS: usize, xrS: usize, T: i32,
  accumulate: bool,
): void {
  const rows = count<Rows>();
  const perTile = T >> 2;
  const columns = R * perTile;
  let c = 0;
  for (; c + 4 <= columns; c += 4) {
    const outA = out + columnAt(c, perTile, orS), outB = out + columnAt(c + 1, perTile, orS);
    const outC = out + columnAt(c + 2, perTile, orS), outD = out + columnAt(c + 3, perTile, orS);
    const xA = x + columnAt(c, perTile, xrS), xB = x + columnAt(c + 1, perTile, xrS);
    const xC = x + columnAt(c + 2, perTile, xrS), xD = x + columnAt(c + 3, perTile, xrS);
    block4(rows, outA, outB, outC, outD, oS, w, xA, xB, xC, xD, xkS, K, accumulate);
  }
  for (; c < columns; c++) {
    block1(rows, out + columnAt(c, perTile, orS), oS, w, x + columnAt(c, perTile, xrS), xkS, K, accumulate);
  }
}

@inline
function block2(
  rows: i32, outA: usize, outB: usize, oS: usize, w: usize, xA: usize, xB: usize, xkS: usize, K: i32,
  accumulate: bool,
): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero();
  let b0 = zero(), b1 = zero(), b2 = zero(), b3 = zero(), b4 = zero(), b5 = zero();
  const end = w + <usize>K * ROW_BYTES;
  do {
    const x = v128.load(xA);
    const y = v128.load(xB);
    let s = v128.load32_splat(w);
    a0 = madd(s, x, a0); b0 = madd(s, y, b0);
    if (rows > 1) { s = v128.load32_splat(w, 4); a1 = madd(s, x, a1); b1 = madd(s, y, b1); }
    if (rows > 2) { s = v128.load32_splat(w, 8); a2 = madd(s, x, a2); b2 = madd(s, y, b2); }
    if (rows > 3) { s = v128.load32_splat(w, 12); a3 = madd(s, x, a3); b3 = madd(s, y, b3); }
    if (rows > 4) { s = v128.load32_splat(w, 16); a4 = madd(s, x, a4); b4 = madd(s, y, b4); }
    if (rows > 5) { s = v128.load32_splat(w, 20); a5 = madd(s, x, a5); b5 = madd(s, y, b5); }
    w += ROW_BYTES;
    xA += xkS;
    xB += xkS;
  } while (w < end);
  writeColumn(rows, outA, oS, a0, a1, a2, a3, a4, a5, accumulate);
  writeColumn(rows, outB, oS, b0, b1, b2, b3, b4, b5, accumulate);
}

@inline
function block1(rows: i32, out: usize, oS: usize, w: usize, x: usize, xkS: usize, K: i32, accumulate: bool): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero();
  const end = w + <usize>K * ROW_BYTES;
  do {
    const v = v128.load(x);
    a0 = madd(v128.load32_splat(w), v, a0);
    if (rows > 1) a1 = madd(v128.load32_splat(w, 4), v, a1);
    if (rows > 2) a2 = madd(v128.load32_splat(w, 8), v, a2);
    if (rows > 3) a3 = madd(v128.load32_splat(w, 12), v, a3);
    if (rows > 4) a4 = madd(v128.load32_splat(w, 16), v, a4);
    if (rows > 5) a5 = madd(v128.load32_splat(w, 20), v, a5);
    w += ROW_BYTES;
    x += xkS;
  } while (w < end);
  writeColumn(rows, out, oS, a0, a1, a2, a3, a4, a5, accumulate);
}

/** Twelve rows of a lone vector of columns (one tile of four samples): six sums would wait for each other. */
function twoPanels(out: usize, w: usize, x: usize, K: i32, oS: usize, xkS: usize, accumulate: bool): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero();
  let b0 = zero(), b1 = zero(), b2 = zero(), b3 = zero(), b4 = zero(), b5 = zero();
  const end = w + <usize>K * ROW_BYTES;
  do {
    const v = v128.load(x);
    a0 = madd(v128.load32_splat(w), v, a0);
    a1 = madd(v128.load32_splat(w, 4), v, a1);
    a2 = madd(v128.load32_splat(w, 8), v, a2);
    a3 = madd(v128.load32_splat(w, 12), v, a3);
    a4 = madd(v128.load32_splat(w, 16), v, a4);
    a5 = madd(v128.load32_splat(w, 20), v, a5);
    b0 = madd(v128.load32_splat(w, 24), v, b0);
    b1 = madd(v128.load32_splat(w, 28), v, b1);
    b2 = madd(v128.load32_splat(w, 32), v, b2);
    b3 = madd(v128.load32_splat(w, 36), v, b3);
    b4 = madd(v128.load32_splat(w, 40), v, b4);
    b5 = madd(v128.load32_splat(w, 44), v, b5);
    w += ROW_BYTES;
    x += xkS;
  } while (w < end);
  writeColumn(6, out, oS, a0, a1, a2, a3, a4, a5, accumulate);
  writeColumn(6, out + oS * 6, oS, b0, b1, b2, b3, b4, b5, accumulate);
}

@inline
function block4(
  rows: i32, outA: usize, outB: usize, outC: usize, outD: usize, oS: usize,
  w: usize, xA: usize, xB: usize, xC: usize, xD: usize, xkS: usize, K: i32, accumulate: bool,
): void {
  let a0 = zero(), b0 = zero(), c0 = zero(), d0 = zero();
  let a1 = zero(), b1 = zero(), c1 = zero(), d1 = zero();
  let a2 = zero(), b2 = zero(), c2 = zero(), d2 = zero();
  const end = w + <usize>K * ROW_BYTES;
  do {
    const s0 = v128.load32_splat(w);
    const s1 = v128.load32_splat(w, 4);
    const s2 = v128.load32_splat(w, 8);
    const x = v128.load(xA);
    a0 = madd(s0, x, a0);
    if (rows > 1) a1 = madd(s1, x, a1);
    if (rows > 2) a2 = madd(s2, x, a2);
    const y = v128.load(xB);
    b0 = madd(s0, y, b0);
    if (rows > 1) b1 = madd(s1, y, b1);
    if (rows > 2) b2 = madd(s2, y, b2);
    const z = v128.load(xC);
    c0 = madd(s0, z, c0);
    if (rows > 1) c1 = madd(s1, z, c1);
    if (rows > 2) c2 = madd(s2, z, c2);
    const u = v128.load(xD);
    d0 = madd(s0, u, d0);
    if (rows > 1) d1 = madd(s1, u, d1);
    if (rows > 2) d2 = madd(s2, u, d2);
    w += ROW_BYTES;
    xA += xkS;
    xB += xkS;
    xC += xkS;
    xD += xkS;
  } while (w < end);
  writeColumn(rows, outA, oS, a0, a1, a2, zero(), zero(), zero(), accumulate);
  writeColumn(rows, outB, oS, b0, b1, b2, zero(), zero(), zero(), accumulate);
  writeColumn(rows, outC, oS, c0, c1, c2, zero(), zero(), zero(), accumulate);
  writeColumn(rows, outD, oS, d0, d1, d2, zero(), zero(), zero(), accumulate);
}

/**
 * The only sample of a tile: vectors hold four outputs of it, in place of one output of four samples. Sums run over k in
 * order here, too, so the result is the same to the bit; the lanes of samples that are not there get copies.
 */
function oneColumn(out: usize, w: usize, x: usize, K: i32, O: i32, oS: usize, xkS: usize): void {
  for (; O > PANEL * 2; O -= PANEL * 4) {
    oneColumnOf<Two>(out, w, x, K, O, oS, xkS);
    w += <usize>K * (ROW_BYTES * 2);
    out += oS * (PANEL * 4);
  }
  if (O > 0) oneColumnOf<One>(out, w, x, K, O, oS, xkS);
}

/** Twelve outputs of each pair of panels. */
@inline
function oneColumnOf<Pairs>(out: usize, w: usize, x: usize, K: i32, O: i32, oS: usize, xkS: usize): void {
  const two = count<Pairs>() > 1;
  const end = w + <usize>K * ROW_BYTES;
  let next = end;
  let a0 = zero(), a1 = zero(), a2 = zero(), b0 = zero(), b1 = zero(), b2 = zero();
  do {
    const v = v128.load32_splat(x);
    a0 = madd(v128.load(w), v, a0);
    a1 = madd(v128.load(w, 16), v, a1);
    a2 = madd(v128.load(w, 32), v, a2);
    if (two) {
      b0 = madd(v128.load(next), v, b0);
      b1 = madd(v128.load(next, 16), v, b1);
      b2 = madd(v128.load(next, 32), v, b2);
      next += ROW_BYTES;
    }
    w += ROW_BYTES;
    x += xkS;
  } while (w < end);
  writeOutputs(out, oS, a0, O);
  writeOutputs(out + oS * 4, oS, a1, O - 4);
  writeOutputs(out + oS * 8, oS, a2, O - 8);
  if (two) {
    writeOutputs(out + oS * 12, oS, b0, O - 12);
    writeOutputs(out + oS * 16, oS, b1, O - 16);
    writeOutputs(out + oS * 20, oS, b2, O - 20);
  }
}

/** At most four outputs, each spread over the four lanes. */
@inline
function writeOutputs(out: usize, oS: usize, outputs: v128, rows: i32): void {
  if (rows > 0) v128.store(out, v128.shuffle<f32>(outputs, outputs, 0, 0, 0, 0));
  if (rows > 1) v128.store(out + oS, v128.shuffle<f32>(outputs, outputs, 1, 1, 1, 1));
  if (rows > 2) v128.store(out + oS * 2, v128.shuffle<f32>(outputs, outputs, 2, 2, 2, 2));
  if (rows > 3) v128.store(out + oS * 3, v128.shuffle<f32>(outputs, outputs, 3, 3, 3, 3));
}
