// Bits in the order of the format: the highest bit of a byte first, but the bytes of a number lowest first, and what
// does not fill a byte comes last. So eight bytes are loaded as a little-endian word and moved against one another
// within each byte, which costs less than reversing them. Positions are in bits.

/** Most bits that `take` and `put` move at once. */
export const WORD: i32 = 56;

const EACH_BYTE: u64 = 0x0101010101010101;

/** A number of at most 56 bits. Reads eight bytes, which must be there. */
@inline
export function take(base: usize, at: u32, bits: i32): u64 {
  const word = load<u64>(base + (at >> 3));
  const k = <u64>(at & 7);
  const low = EACH_BYTE * ((<u64>1 << k) - 1);
  const bytes = ((word << k) & ~low) | ((word >> (16 - k)) & low);
  const whole = <u64>((bits - 1) & ~7);
  const last = ((bytes >> whole) & 0xff) >> (8 + whole - <u64>bits);
  return (bytes & ((<u64>1 << whole) - 1)) | (last << whole);
}

/** At most 8 bits. */
@inline
export function takeFew(base: usize, at: u32, bits: i32): u32 {
  const address = base + (at >> 3);
  const pair = ((<u32>load<u8>(address)) << 8) | load<u8>(address, 1);
  return (pair >> (16 - (at & 7) - bits)) & ((1 << bits) - 1);
}

/** At most 32 bits, highest byte first: how numbers are stored that are too large to be combined. */
export function takePlain(base: usize, at: u32, bits: i32): u32 {
  let value: u32 = 0;
  for (; bits >= 8; bits -= 8) {
    value = (value << 8) | takeFew(base, at, 8);
    at += 8;
  }
  return bits > 0 ? (value << bits) | takeFew(base, at, bits) : value;
}

/** Writes at most 56 bits. Changes the eight bytes from bit `at` on: what follows has to be written afterwards. */
@inline
export function put(base: usize, at: u32, bits: i32, value: u64): void {
  const address = base + (at >> 3);
  const whole = <u64>((bits - 1) & ~7);
  const bytes = (value & ((<u64>1 << whole) - 1)) | ((value >> whole) << (whole + 8 - (<u64>bits - whole)));
  const k = <u64>(at & 7);
  const high = EACH_BYTE * (0xff & (0xff00 >> k));
  const before = <u64>load<u8>(address) & high & 0xff;
  store<u64>(address, before | ((bytes >> k) & ~high) | ((bytes << (16 - k)) & high));
}

export function putPlain(base: usize, at: u32, bits: i32, value: u32): void {
  for (; bits >= 8; bits -= 8) {
    put(base, at, 8, (value >> (bits - 8)) & 0xff);
    at += 8;
  }
  if (bits > 0) put(base, at, bits, value & ((1 << bits) - 1));
}

@inline
export function bitLength(value: u32): i32 {
  return 32 - <i32>clz(value);
}
