// How large small differences may be. Entry i is about the cube root of 2^i, so that three numbers below it fit into
// i bits as one number in that base. A constant of the format; where it is not the root rounded down (5060, 524287,
// 6658042, 8388607, 13316085) every implementation has it so. The entry after the last stands for one that GROMACS and
// its descendants name by mistake for huge frames, without ever using it.

const SIZES = memory.data<u32>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 101, 128, 161, 203, 256, 322, 406, 512, 645,
  812, 1024, 1290, 1625, 2048, 2580, 3250, 4096, 5060, 6501, 8192, 10321, 13003, 16384, 20642, 26007, 32768, 41285,
  52015, 65536, 82570, 104031, 131072, 165140, 208063, 262144, 330280, 416127, 524287, 660561, 832255, 1048576, 1321122,
  1664510, 2097152, 2642245, 3329021, 4194304, 5284491, 6658042, 8388607, 10568983, 13316085, 16777216, 0,
]);

export const FIRST: i32 = 9;
export const LAST: i32 = 72;

@inline
export function sizeAt(index: i32): u32 {
  return load<u32>(SIZES + (<usize>index << 2));
}
