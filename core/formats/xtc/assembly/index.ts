// The entry of the kernel module: what coder.ts can call. One module, one memory of its own, no imports.

export { BYTES, BYTES_ROOM, CAPACITY, NUMBERS } from './layout';
export { beginDecoding, decode, decodedBits, fewestBits } from './decode';
export { beginEncoding, beginMeasuring, encode, encodedBits, largest, measure, smallest } from './encode';
