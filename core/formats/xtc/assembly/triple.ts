// Three numbers as one, ((x·sizeY) + y)·sizeZ + z, and back. The number has up to 72 bits, of which `put` and `take`
// move 56 at once. Numbers from 2²⁴ on are stored one by one instead.
// Not here: reading one of at most 56 bits, the common case, which decode.ts has in its loop.

import { bitLength, put, putPlain, take, takePlain, WORD } from './bits';

const LOW_MASK: u64 = (1 << 56) - 1;

/** Bits that three numbers below these sizes (each below 2²⁴) take together. */
export function bitsTogether(sizeX: u32, sizeY: u32, sizeZ: u32): i32 {
  const pair = <u64>sizeX * sizeY;
  const lower = (pair & 0xffffff) * sizeZ;
  const upper = (pair >> 24) * sizeZ + (lower >> 24);
  return upper > 0 ? 24 + 64 - <i32>clz(upper) : 64 - <i32>clz(lower);
}

export function putTriple(base: usize, at: u32, bits: i32, sizeY: u32, sizeZ: u32, x: u32, y: u32, z: u32): void {
  const pair = <u64>x * sizeY + y;
  if (bits <= WORD) {
    put(base, at, bits, pair * sizeZ + z);
    return;
  }
  const lower = (pair & 0xffffff) * sizeZ + z;
  const upper = (pair >> 24) * sizeZ + (lower >> 24);
  put(base, at, WORD, ((upper << 24) | (lower & 0xffffff)) & LOW_MASK);
  put(base, at + WORD, bits - WORD, upper >> 32);
}

export let tripleX: u32 = 0;
export let tripleY: u32 = 0;
export let tripleZ: u32 = 0;

/** Of more than 56 bits, into tripleX, tripleY and tripleZ. tripleX may be too large in bytes that nobody wrote so. */
export function takeTriple(base: usize, at: u32, bits: i32, sizeY: u32, sizeZ: u32): void {
  const low = take(base, at, WORD);
  const high = take(base, at + WORD, bits - WORD);
  let pair: u64;
  if (bits <= 64) {
    const value = low | (high << WORD);
    pair = value / sizeZ;
    tripleZ = <u32>(value - pair * sizeZ);
  } else {
    // In base 2⁴⁰. Above 64 bits sizeZ exceeds 2¹⁶, so that the quotient fits.
    const upper = (high << 16) | (low >> 40);
    const quotient = upper / sizeZ;
    const rest = ((upper - quotient * sizeZ) << 40) | (low & 0xffffffffff);
    const below = rest / sizeZ;
    pair = (quotient << 40) + below;
    tripleZ = <u32>(rest - below * sizeZ);
  }
  const x = pair / sizeY;
  tripleY = <u32>(pair - x * sizeY);
  tripleX = <u32>min<u64>(x, u32.MAX_VALUE);
}

export function putSeparately(
  base: usize, at: u32, sizeX: u32, sizeY: u32, sizeZ: u32, x: u32, y: u32, z: u32,
): void {
  putPlain(base, at, bitLength(sizeX), x);
  at += bitLength(sizeX);
  putPlain(base, at, bitLength(sizeY), y);
  putPlain(base, at + bitLength(sizeY), bitLength(sizeZ), z);
}

export function takeSeparately(base: usize, at: u32, sizeX: u32, sizeY: u32, sizeZ: u32): void {
  tripleX = takePlain(base, at, bitLength(sizeX));
  at += bitLength(sizeX);
  tripleY = takePlain(base, at, bitLength(sizeY));
  tripleZ = takePlain(base, at + bitLength(sizeY), bitLength(sizeZ));
}
