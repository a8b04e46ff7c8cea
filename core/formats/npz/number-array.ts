/**
 * An array of numbers in an NPY file, or in a member of an NPZ archive, left where it is: rows along its first axis
 * are read when they are wanted. Rows that the shape counts but the file lacks are not there; a shape that counts none
 * though numbers follow is that of a file whose writer never came to its end (npyTrajectoryWriter).
 */
import { ErgodicError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { decodeNpyHeader, npyHeaderBytes } from '../npy.ts';
import type { Coordinates, Problem } from '../trajectory.ts';

export interface StoredArray {
  /** As the file says. */
  readonly shape: readonly number[];
  /** Whole rows in the file. */
  readonly rows: number;
  readonly problem: Problem | undefined;
  /** Numbers of one row or some, of single precision where the file has that. */
  read(row: number, count?: number): Promise<Coordinates>;
}

const LONGEST_HEADER = 1 << 20;

export async function openArray(source: ByteSource): Promise<StoredArray> {
  const start = await source.read(0, Math.min(12, source.size));
  const headerBytes = Math.min(npyHeaderBytes(start) ?? 0, LONGEST_HEADER, source.size);
  const { shape, element, dataStart } = decodeNpyHeader(await source.read(0, Math.max(12, headerBytes)), source.name);
  const [declared = 1, ...sides] = shape;
  const rowBytes = sides.reduce((product, side) => product * side, element.size);
  const present = rowBytes > 0 ? Math.floor((source.size - dataStart) / rowBytes) : declared;
  const rows = declared === 0 ? present : Math.min(declared, present);
  return {
    shape,
    rows,
    problem: problemOf(source, declared, rows),
    read: async (row, rows = 1) => {
      const bytes = await source.read(dataStart + row * rowBytes, rows * rowBytes);
      if (bytes.length < rows * rowBytes) throw new ErgodicError(`\`${source.name}\` has become shorter than it was.`);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const count = bytes.length / element.size;
      const isSingle = element.size === 4 && element.isFloat;
      const numbers = isSingle ? new Float32Array(count) : new Float64Array(count);
      for (let i = 0; i < count; i++) numbers[i] = element.read(view, i * element.size);
      return numbers;
    },
  };
}

function problemOf({ name, size }: ByteSource, declared: number, rows: number): Problem | undefined {
  if (rows < declared) {
    const message = `\`${name}\` should have ${declared} frames and ends inside frame ${rows} (byte ${size}).`;
    return { message, byte: size };
  }
  if (rows === declared) return undefined;
  return { message: `\`${name}\` was not finished: it says that it has no frames, and has ${rows}.`, byte: size };
}
