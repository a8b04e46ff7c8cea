/**
 * The compressed coordinates of XTC: whole numbers in units of 1/precision nm, as differences between neighbours where
 * those are small. The bits are the kernels' work (./assembly); this passes frames of any size through their memory of
 * half a megabyte, piece by piece, and says what is wrong. Not the frame's header: ../xtc.ts.
 */
import type { Coordinates } from '../trajectory.ts';
import { coderKernels } from './kernels.generated.ts';

/** A frame's coordinates as they stand in the file. */
export interface PackedCoordinates {
  readonly atoms: number;
  /** Whole numbers per nm. */
  readonly precision: number;
  /** Of each axis, in whole numbers. */
  readonly least: readonly [number, number, number];
  readonly most: readonly [number, number, number];
  /** Index in the table of sizes with which the frame begins. */
  readonly tableIndex: number;
  readonly bytes: Uint8Array;
}

interface Kernels {
  readonly memory: WebAssembly.Memory;
  readonly NUMBERS: { readonly value: number };
  readonly BYTES: { readonly value: number };
  readonly BYTES_ROOM: { readonly value: number };
  readonly CAPACITY: { readonly value: number };
  beginDecoding(
    leastX: number,
    leastY: number,
    leastZ: number,
    sizeX: number,
    sizeY: number,
    sizeZ: number,
    tableIndex: number,
    scale: number,
  ): number;
  fewestBits(): number;
  decode(remaining: number, bytes: number, last: number): number;
  decodedBits(): number;
  beginMeasuring(): void;
  measure(atoms: number, precision: number): number;
  smallest(axis: number): number;
  largest(axis: number): number;
  beginEncoding(): number;
  encode(atoms: number, first: number, last: number): number;
  encodedBits(): number;
}

/** Bytes that some writers may leave unused at the end: a word of theirs. */
const SLACK = 8;
/** What `decode` returns instead of a number of atoms. */
const ENDS_TOO_EARLY = -1;
/** What a load may read beyond the bytes of a piece. */
const READ_AHEAD = 128;

let loaded: ReturnType<typeof load> | undefined;

function load() {
  const text = atob(coderKernels);
  const binary = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const kernels = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports as unknown as Kernels;
  const { buffer } = kernels.memory;
  const capacity = kernels.CAPACITY.value;
  const room = kernels.BYTES_ROOM.value;
  return {
    kernels,
    capacity,
    numbers: new Float32Array(buffer, kernels.NUMBERS.value, 3 * capacity),
    bytes: new Uint8Array(buffer, kernels.BYTES.value, room - READ_AHEAD),
  };
}

/** nm, or what is wrong with the bytes. Takes no memory for atoms that cannot be in them. */
export function unpack({ atoms, precision, least, most, tableIndex, bytes }: PackedCoordinates): Float32Array | string {
  loaded ??= load();
  const { kernels, numbers, bytes: room } = loaded;
  if (!(precision > 0 && Number.isFinite(precision))) return `its precision is ${precision}`;
  // Without lists and spreading: frames of a few atoms are read by the hundred thousand.
  const [sizeX, sizeY, sizeZ] = [sizeOf(least[0], most[0]), sizeOf(least[1], most[1]), sizeOf(least[2], most[2])];
  if (!(sizeX && sizeY && sizeZ)) return 'its coordinates end before they begin';
  const scale = Math.fround(1 / precision);
  if (!kernels.beginDecoding(least[0], least[1], least[2], sizeX, sizeY, sizeZ, tableIndex, scale)) {
    return `its table index is ${tableIndex}`;
  }
  if (atoms * kernels.fewestBits() > bytes.length * 8) return `${atoms} atoms cannot be in ${bytes.length} bytes`;

  let positions: Float32Array | undefined;
  let from = 0;
  for (let done = 0; done < atoms; ) {
    const length = Math.min(room.length, bytes.length - from);
    const last = from + length === bytes.length;
    room.set(length === bytes.length ? bytes : bytes.subarray(from, from + length));
    const count = kernels.decode(atoms - done, length, Number(last));
    if (count <= 0) return count === ENDS_TOO_EARLY ? 'its coordinates end too early' : 'its coordinates are damaged';
    if (count === atoms) {
      positions = numbers.slice(0, 3 * count);
    } else {
      positions ??= roomFor(atoms);
      if (!positions) return `its ${atoms} atoms take more memory than there is`;
      positions.set(numbers.subarray(0, 3 * count), 3 * done);
    }
    done += count;
    const bits = kernels.decodedBits();
    from += done < atoms ? bits >> 3 : (bits + 7) >> 3;
  }
  if (!positions || bytes.length - from > SLACK) return 'its coordinates end too early';
  return positions;
}

/** A few bits may stand for an atom, so that even a whole file can ask for too much. */
function roomFor(atoms: number): Float32Array | undefined {
  try {
    return new Float32Array(3 * atoms);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Undefined where the largest is below the least, or so far above that nothing could be stored. */
function sizeOf(least: number, most: number): number | undefined {
  const size = most - least + 1;
  return size >= 1 && size < 2 ** 32 ? size : undefined;
}

/**
 * Undefined where a coordinate, or the distance between two, is too large for this precision, or is no number. The bytes
 * may be the kernels' own: they are to be copied before the next call.
 */
export function pack(positions: Coordinates, precision: number): PackedCoordinates | undefined {
  loaded ??= load();
  const { kernels, capacity, numbers, bytes: room } = loaded;
  const atoms = positions.length / 3;
  kernels.beginMeasuring();
  // Pieces share an atom, because distances between neighbours are measured, too.
  for (let from = 0; ; from += capacity - 1) {
    const count = Math.min(capacity, atoms - from);
    numbers.set(count === atoms ? positions : positions.subarray(3 * from, 3 * (from + count)));
    if (!kernels.measure(count, precision)) return undefined;
    if (from + count === atoms) break;
  }
  const least = [kernels.smallest(0), kernels.smallest(1), kernels.smallest(2)] as const;
  const most = [kernels.largest(0), kernels.largest(1), kernels.largest(2)] as const;
  // In single precision, as other programs do.
  const tooFar = (axis: 0 | 1 | 2) => Math.fround(Math.fround(most[axis]) - Math.fround(least[axis])) >= 2 ** 31;
  if (tooFar(0) || tooFar(1) || tooFar(2)) return undefined;

  const tableIndex = kernels.beginEncoding();
  const pieces: Uint8Array[] = [];
  for (let done = 0; ; ) {
    const count = Math.min(capacity, atoms - done);
    if (atoms > capacity) {
      numbers.set(positions.subarray(3 * done, 3 * (done + count)));
      kernels.measure(count, precision);
    }
    done += kernels.encode(count, Number(done === 0), Number(done + count === atoms));
    const bits = kernels.encodedBits();
    if (done === atoms) {
      const bytes = room.subarray(0, (bits + 7) >> 3);
      return {
        atoms,
        precision,
        least,
        most,
        tableIndex,
        bytes: pieces.length > 0 ? joined([...pieces, bytes]) : bytes,
      };
    }
    pieces.push(room.slice(0, bits >> 3));
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
