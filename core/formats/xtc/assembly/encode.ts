// Coordinates to compressed bits, piece by piece: first all pieces are measured, then all are written.
// The choices (which differences are small, when the table entry changes) are those of the original writer, so that
// the bytes are the same. Not the frame's header: coder.ts.

import { bitLength, put } from './bits';
import { BYTES, MOST_WRITTEN, NUMBERS } from './layout';
import { FIRST, LAST, sizeAt } from './sizes';
import { bitsTogether, putSeparately, putTriple } from './triple';

/** How far an entry of the table may rise above the first one of a frame. */
const MOST_RISE: i32 = 8;
/** The table ends below; keeps sums of differences within 32 bits. */
const FAR: u32 = 1 << 26;
/** Whole numbers and their differences must stay below 2³¹. */
const TOO_LARGE: f32 = 2147483648;

const BOUNDS = memory.data(32, 16);
const DIFFERENCES = memory.data(96, 16);

let nearest: u32 = u32.MAX_VALUE;
let minX: i32 = 0;
let minY: i32 = 0;
let minZ: i32 = 0;
let sizeX: u32 = 0;
let sizeY: u32 = 0;
let sizeZ: u32 = 0;
let atomBits: i32 = 0;
let index: i32 = 0;
let lowestIndex: i32 = 0;
let highestIndex: i32 = 0;
let small: i32 = 0;
let smaller: i32 = 0;
let larger: i32 = 0;
let beforeX: i32 = 0;
let beforeY: i32 = 0;
let beforeZ: i32 = 0;
let runBefore: i32 = -1;
let position: u32 = 0;

export function beginMeasuring(): void {
  nearest = u32.MAX_VALUE;
  v128.store(BOUNDS, i32x4.splat(i32.MAX_VALUE));
  v128.store(BOUNDS, i32x4.splat(i32.MIN_VALUE), 16);
}

/** Least whole number of axis 0, 1 or 2 in all pieces measured. */
export function smallest(axis: i32): i32 {
  return load<i32>(BOUNDS + (<usize>axis << 2));
}

export function largest(axis: i32): i32 {
  return load<i32>(BOUNDS + (<usize>axis << 2), 16);
}

/** Coordinates to whole numbers, in place, and what all of them have in common. False where one is too large. */
export function measure(atoms: i32, precision: f32): bool {
  const factor = f32x4.splat(precision);
  const sign = i32x4.splat(0x80000000);
  const half = f32x4.splat(0.5);
  const limit = f32x4.splat(TOO_LARGE);
  let fits = i32x4.splat(-1);
  const end = NUMBERS + <usize>atoms * 12;
  // Up to three atoms beyond the last become copies of it, which change no bound.
  for (let pad: usize = 0; pad < 36; pad += 4) store<f32>(end + pad, load<f32>(end + pad - 12));
  let leastA = i32x4.splat(i32.MAX_VALUE), leastB = leastA, leastC = leastA;
  let mostA = i32x4.splat(i32.MIN_VALUE), mostB = mostA, mostC = mostA;
  for (let at = NUMBERS; at < end; at += 48) {
    const a = f32x4.mul(v128.load(at), factor);
    const b = f32x4.mul(v128.load(at, 16), factor);
    const c = f32x4.mul(v128.load(at, 32), factor);
    const wholeA = f32x4.add(a, v128.or(v128.and(a, sign), half));
    const wholeB = f32x4.add(b, v128.or(v128.and(b, sign), half));
    const wholeC = f32x4.add(c, v128.or(v128.and(c, sign), half));
    fits = v128.and(fits, f32x4.lt(f32x4.abs(wholeA), limit));
    fits = v128.and(fits, f32x4.lt(f32x4.abs(wholeB), limit));
    fits = v128.and(fits, f32x4.lt(f32x4.abs(wholeC), limit));
    const ia = i32x4.trunc_sat_f32x4_s(wholeA);
    const ib = i32x4.trunc_sat_f32x4_s(wholeB);
    const ic = i32x4.trunc_sat_f32x4_s(wholeC);
    leastA = i32x4.min_s(leastA, ia);
    leastB = i32x4.min_s(leastB, ib);
    leastC = i32x4.min_s(leastC, ic);
    mostA = i32x4.max_s(mostA, ia);
    mostB = i32x4.max_s(mostB, ib);
    mostC = i32x4.max_s(mostC, ic);
    v128.store(at, ia);
    v128.store(at, ib, 16);
    v128.store(at, ic, 32);
  }
  v128.store(BOUNDS, i32x4.min_s(v128.load(BOUNDS), i32x4.min_s(
    i32x4.min_s(leastA, secondAtom(leastA, leastB)), i32x4.min_s(thirdAtom(leastB, leastC), fourthAtom(leastC)),
  )));
  v128.store(BOUNDS, i32x4.max_s(v128.load(BOUNDS, 16), i32x4.max_s(
    i32x4.max_s(mostA, secondAtom(mostA, mostB)), i32x4.max_s(thirdAtom(mostB, mostC), fourthAtom(mostC)),
  )), 16);
  findNearest(atoms);
  return v128.all_true<i32>(fits);
}

// Of four atoms in three vectors, x y z x | y z x y | z x y z, one in the lanes x y z and anything.
@inline
function secondAtom(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 3, 4, 5, 3);
}
@inline
function thirdAtom(b: v128, c: v128): v128 {
  return v128.shuffle<i32>(b, c, 2, 3, 4, 2);
}
@inline
function fourthAtom(c: v128): v128 {
  return v128.shuffle<i32>(c, c, 1, 2, 3, 1);
}

/** The least |Δx| + |Δy| + |Δz| between atoms that follow one another. */
function findNearest(atoms: i32): void {
  const far = i32x4.splat(FAR);
  let least = far;
  let atom = 0;
  let at = NUMBERS;
  for (; atom + 4 < atoms; atom += 4) {
    const a = distance(at, far);
    const b = distance(at + 16, far);
    const c = distance(at + 32, far);
    const x = v128.shuffle<i32>(v128.shuffle<i32>(a, b, 0, 3, 6, 6), c, 0, 1, 2, 5);
    const y = v128.shuffle<i32>(v128.shuffle<i32>(a, b, 1, 4, 7, 7), c, 0, 1, 2, 6);
    const z = v128.shuffle<i32>(v128.shuffle<i32>(a, b, 2, 5, 5, 5), c, 0, 1, 4, 7);
    least = i32x4.min_u(least, i32x4.add(i32x4.add(x, y), z));
    at += 48;
  }
  least = i32x4.min_u(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
  least = i32x4.min_u(least, v128.shuffle<i32>(least, least, 1, 0, 3, 2));
  nearest = min(nearest, <u32>i32x4.extract_lane(least, 0));
  for (; atom + 1 < atoms; atom++) {
    const apart = distance(at, far);
    const sum = i32x4.extract_lane(apart, 0) + i32x4.extract_lane(apart, 1) + i32x4.extract_lane(apart, 2);
    nearest = min(nearest, <u32>sum);
    at += 12;
  }
}

/** |Δ| of four numbers and those one atom later. */
@inline
function distance(at: usize, far: v128): v128 {
  return i32x4.min_u(i32x4.abs(i32x4.sub(v128.load(at, 12), v128.load(at))), far);
}

/** After all pieces have been measured; returns the table's entry with which the frame begins. */
export function beginEncoding(): i32 {
  minX = smallest(0);
  minY = smallest(1);
  minZ = smallest(2);
  sizeX = largest(0) - minX + 1;
  sizeY = largest(1) - minY + 1;
  sizeZ = largest(2) - minZ + 1;
  atomBits = (sizeX | sizeY | sizeZ) > 0xffffff ? 0 : bitsTogether(sizeX, sizeY, sizeZ);
  index = FIRST;
  while (index < LAST && sizeAt(index) < nearest) index++;
  highestIndex = min(LAST, index + MOST_RISE);
  lowestIndex = highestIndex - MOST_RISE;
  small = sizeAt(index) >> 1;
  smaller = sizeAt(max(FIRST, index - 1)) >> 1;
  larger = sizeAt(highestIndex) >> 1;
  runBefore = -1;
  position = 0;
  return index;
}

/** How many bits there are by now. After those of whole bytes have been taken away, the next piece goes on with the rest. */
export function encodedBits(): u32 {
  return position;
}

/** Whether three differences are all below a size, either way. */
@inline
function within(dx: i32, dy: i32, dz: i32, size: i32): bool {
  const most = <u32>(2 * size - 1);
  return <u32>(dx + size - 1) < most && <u32>(dy + size - 1) < most && <u32>(dz + size - 1) < most;
}

/** Writes the whole numbers of a piece; returns of how many atoms. `first`: the frame begins with them; `last`: ends. */
export function encode(atoms: i32, first: bool, last: bool): i32 {
  if (!first) store<u8>(BYTES, load<u8>(BYTES + (position >> 3)));
  let at = position & 7;
  const stop = last ? atoms : atoms - MOST_WRITTEN - 2;
  let atom = 0;
  while (atom < stop) {
    let from = NUMBERS + <usize>atom * 12;
    let x = load<i32>(from);
    let y = load<i32>(from, 4);
    let z = load<i32>(from, 8);
    let change = 0;
    if (
      index < highestIndex && !(first && atom == 0) && within(x - beforeX, y - beforeY, z - beforeZ, larger)
    ) {
      change = 1;
    } else if (index > lowestIndex) {
      change = -1;
    }
    let near = false;
    if (atom + 1 < atoms) {
      const nextX = load<i32>(from, 12);
      const nextY = load<i32>(from, 16);
      const nextZ = load<i32>(from, 20);
      if (within(x - nextX, y - nextY, z - nextZ, small)) {
        near = true;
        store<i32>(from, x, 12);
        store<i32>(from, y, 16);
        store<i32>(from, z, 20);
        x = nextX;
        y = nextY;
        z = nextZ;
      }
    }
    at = putAtom(at, x - minX, y - minY, z - minZ);
    atom++;
    from += 12;

    let run = 0;
    if (!near && change < 0) change = 0;
    while (near && run < MOST_WRITTEN) {
      const nextX = load<i32>(from);
      const nextY = load<i32>(from, 4);
      const nextZ = load<i32>(from, 8);
      const dx = nextX - x;
      const dy = nextY - y;
      const dz = nextZ - z;
      x = nextX;
      y = nextY;
      z = nextZ;
      if (change < 0 && <i64>dx * dx + <i64>dy * dy + <i64>dz * dz >= <i64>smaller * smaller) change = 0;
      const to = DIFFERENCES + <usize>run * 12;
      store<i32>(to, dx + small);
      store<i32>(to, dy + small, 4);
      store<i32>(to, dz + small, 8);
      run++;
      atom++;
      from += 12;
      near =
        atom < atoms && within(load<i32>(from) - x, load<i32>(from, 4) - y, load<i32>(from, 8) - z, small);
    }

    if (run != runBefore || change != 0) {
      runBefore = run;
      put(BYTES, at, 6, 32 | (run * 3 + change + 1));
      at += 6;
    } else {
      put(BYTES, at, 1, 0);
      at += 1;
    }
    const size = sizeAt(index);
    for (let k = 0; k < run; k++) {
      const difference = DIFFERENCES + <usize>k * 12;
      putTriple(
        BYTES, at, index, size, size, load<u32>(difference), load<u32>(difference, 4), load<u32>(difference, 8),
      );
      at += index;
    }
    beforeX = x;
    beforeY = y;
    beforeZ = z;
    if (change < 0) {
      index--;
      small = smaller;
      smaller = sizeAt(index - 1) >> 1;
    } else if (change > 0) {
      index++;
      smaller = small;
      small = sizeAt(index) >> 1;
    }
  }
  position = at;
  return atom;
}

@inline
function putAtom(at: u32, x: u32, y: u32, z: u32): u32 {
  if (atomBits > 0) {
    putTriple(BYTES, at, atomBits, sizeY, sizeZ, x, y, z);
    return at + atomBits;
  }
  putSeparately(BYTES, at, sizeX, sizeY, sizeZ, x, y, z);
  return at + bitLength(sizeX) + bitLength(sizeY) + bitLength(sizeZ);
}
