// Where things lie in the memory, and the sizes every part agrees on. Frames of any size pass through in pieces.

/** Most atoms of one piece. */
export const CAPACITY: i32 = 16380;
/** Coordinates of a piece, x y z of one atom after the other, 4 bytes each, and room for three atoms more. */
export const NUMBERS: usize = 0x10000;
/** Compressed bytes of a piece. */
export const BYTES: usize = 0x40000;
export const BYTES_ROOM: i32 = 0x38000;

/** A group is one whole atom and the small differences to it of up to ten more; encoders write at most eight. */
export const MOST_IN_GROUP: i32 = 11;
export const MOST_WRITTEN: i32 = 8;
/** More bytes than a group can take: 96 bits, 6 bits of run, ten times 72 bits; and what a load reads beyond. */
export const GROUP_BYTES: i32 = 120;
