// Compressed bits to coordinates, piece by piece. A group is one whole atom and a bit; where that is set, five bits say
// how many small differences follow (else as many as last time), and whether those of the next group are one entry of
// the table of sizes smaller, the same, or one larger; then the differences, each from the atom before. The first two
// atoms of a group are exchanged, because water is O H H and both H are near O.
// Bytes may be hostile: every piece says whether it holds, and nothing is read or written outside its room.

import { bitLength, take, takeFew, WORD } from './bits';
import { BYTES, BYTES_ROOM, CAPACITY, GROUP_BYTES, MOST_IN_GROUP, NUMBERS } from './layout';
import { FIRST, LAST, sizeAt } from './sizes';
import { bitsTogether, takeSeparately, takeTriple, tripleX, tripleY, tripleZ } from './triple';

/** Instead of a number of atoms. */
const ENDS_TOO_EARLY: i32 = -1;
const NOT_COORDINATES: i32 = -2;

let minX: i32 = 0;
let minY: i32 = 0;
let minZ: i32 = 0;
let sizeX: u32 = 0;
let sizeY: u32 = 0;
let sizeZ: u32 = 0;
/** Of a whole atom; 0 where its numbers are stored one by one. */
let atomBits: i32 = 0;
let scale: f32 = 0;
let index: i32 = 0;
let run: i32 = 0;
let position: u32 = 0;

/** Sizes are largest − smallest + 1, at least 1. Returns false where no frame begins with these. */
export function beginDecoding(
  smallX: i32, smallY: i32, smallZ: i32, sX: u32, sY: u32, sZ: u32, tableIndex: i32, nanometres: f32,
): bool {
  minX = smallX;
  minY = smallY;
  minZ = smallZ;
  sizeX = sX;
  sizeY = sY;
  sizeZ = sZ;
  atomBits = (sX | sY | sZ) > 0xffffff ? 0 : bitsTogether(sX, sY, sZ);
  scale = nanometres;
  index = tableIndex;
  run = 0;
  position = 0;
  return index >= FIRST && index <= LAST + 1;
}

/** How many bits of the last piece were used. Those of its last byte that were not are expected again. */
export function decodedBits(): u32 {
  return position;
}

/** Fewest bits an atom of this frame can take. */
export function fewestBits(): i32 {
  const whole = atomBits > 0 ? atomBits : bitLength(sizeX) + bitLength(sizeY) + bitLength(sizeZ);
  return min(whole + 1, FIRST);
}

@inline
function write(atom: i32, x: i32, y: i32, z: i32): void {
  const to = NUMBERS + <usize>atom * 12;
  store<i32>(to, x);
  store<i32>(to, y, 4);
  store<i32>(to, z, 8);
}

/** A whole atom that does not fit into one word, into the numbers of triple.ts; returns where the next bits are. */
function takeWide(at: u32): u32 {
  if (atomBits > 0) {
    takeTriple(BYTES, at, atomBits, sizeY, sizeZ);
    return at + atomBits;
  }
  takeSeparately(BYTES, at, sizeX, sizeY, sizeZ);
  return at + bitLength(sizeX) + bitLength(sizeY) + bitLength(sizeZ);
}

/** Up to `remaining` atoms from `bytes` bytes; returns how many they were. `last`: the frame ends with these bytes. */
export function decode(remaining: i32, bytes: u32, last: bool): i32 {
  const limit: i32 = <i32>(last ? bytes * 8 : (bytes - GROUP_BYTES) * 8);
  let at: u32 = position & 7;
  let done = 0;
  const narrow = atomBits > 0 && atomBits <= WORD;
  let x: i32, y: i32, z: i32;
  let size: u64 = sizeAt(index);
  let small = <i32>(size >> 1);
  let tableIndex = index;
  let count = run;

  while (done < remaining && done <= CAPACITY - MOST_IN_GROUP && <i32>at < limit) {
    if (narrow) {
      const value = take(BYTES, at, atomBits);
      const pair = value / sizeZ;
      const first = pair / sizeY;
      x = <i32>first;
      y = <i32>(pair - first * sizeY);
      z = <i32>(value - pair * sizeZ);
      at += atomBits;
    } else {
      at = takeWide(at);
      x = tripleX;
      y = tripleY;
      z = tripleZ;
    }
    x += minX;
    y += minY;
    z += minZ;

    let change = 0;
    if (takeFew(BYTES, at, 1)) {
      const code = takeFew(BYTES, at + 1, 5);
      at += 6;
      count = (code * 11) >> 5;
      change = code - count * 3 - 1;
    } else {
      at += 1;
    }

    if (count == 0) {
      write(done++, x, y, z);
    } else {
      if (count >= remaining - done || tableIndex > LAST) return NOT_COORDINATES;
      // The whole atom comes second.
      write(done + 1, x, y, z);
      let slot = done;
      for (let k = 0; k < count; k++) {
        let dx: u32, dy: u32, dz: u32;
        if (tableIndex <= WORD) {
          const value = take(BYTES, at, tableIndex);
          const pair = value / size;
          const first = pair / size;
          dx = <u32>first;
          dy = <u32>(pair - first * size);
          dz = <u32>(value - pair * size);
        } else {
          takeTriple(BYTES, at, tableIndex, <u32>size, <u32>size);
          dx = tripleX;
          dy = tripleY;
          dz = tripleZ;
        }
        if (dx >= size) return NOT_COORDINATES;
        at += tableIndex;
        x += <i32>dx - small;
        y += <i32>dy - small;
        z += <i32>dz - small;
        write(slot, x, y, z);
        slot += k == 0 ? 2 : 1;
      }
      done += count + 1;
    }

    if (change != 0) {
      tableIndex += change;
      if (tableIndex < FIRST || tableIndex > LAST + 1) return NOT_COORDINATES;
      size = sizeAt(tableIndex);
      small = <i32>(size >> 1);
    }
  }

  if (last && (at > bytes * 8 || (done < remaining && done <= CAPACITY - MOST_IN_GROUP))) return ENDS_TOO_EARLY;
  index = tableIndex;
  run = count;
  position = at;
  return toNanometres(done) ? done : NOT_COORDINATES;
}

/** Whole numbers to coordinates in place. False where one is outside what the frame says of itself. */
function toNanometres(atoms: i32): bool {
  for (let pad = 0; pad < 3; pad++) write(atoms + pad, minX, minY, minZ);
  const leastA = i32x4(minX, minY, minZ, minX);
  const leastB = i32x4(minY, minZ, minX, minY);
  const leastC = i32x4(minZ, minX, minY, minZ);
  const sizeA = i32x4(sizeX, sizeY, sizeZ, sizeX);
  const sizeB = i32x4(sizeY, sizeZ, sizeX, sizeY);
  const sizeC = i32x4(sizeZ, sizeX, sizeY, sizeZ);
  const factor = f32x4.splat(scale);
  let outside = i32x4.splat(0);
  const end = NUMBERS + <usize>atoms * 12;
  for (let at = NUMBERS; at < end; at += 48) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    outside = v128.or(outside, i32x4.ge_u(i32x4.sub(a, leastA), sizeA));
    outside = v128.or(outside, i32x4.ge_u(i32x4.sub(b, leastB), sizeB));
    outside = v128.or(outside, i32x4.ge_u(i32x4.sub(c, leastC), sizeC));
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(a), factor));
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(b), factor), 16);
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(c), factor), 32);
  }
  return !v128.any_true(outside);
}
