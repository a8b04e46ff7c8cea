/**
 * Numbers sorted once, with the frame each came from, so that many parts of them can be compared without sorting again.
 * Values are rounded to float32, in which conformations are stored. Not for values that are not numbers.
 */

export interface SortedValues {
  /** Rising. */
  readonly values: Float32Array;
  /** The frame of each of `values`. */
  readonly frames: Uint32Array;
}

/** Beyond it, float32 bits and the number of a frame do not fit into the 53 bits of a float64. */
const MOST_PACKED = 2 ** 21;

export function sortedValues(series: ArrayLike<number>): SortedValues {
  const given = Float32Array.from(series);
  const frames = given.length <= MOST_PACKED ? packedOrder(given) : comparedOrder(given);
  const values = new Float32Array(given.length);
  for (let i = 0; i < values.length; i++) values[i] = given[frames[i]!]!;
  return { values, frames };
}

/** Several times as fast as with a comparison: value and frame are one number, which sorts natively. */
function packedOrder(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.buffer);
  const keys = new Float64Array(bits.length);
  for (let frame = 0; frame < keys.length; frame++) {
    const one = bits[frame]!;
    // Bits of floats rise with their value once those of negative ones are turned over.
    keys[frame] = (one >>> 31 ? ~one >>> 0 : (one | 0x80000000) >>> 0) * MOST_PACKED + frame;
  }
  keys.sort();
  const frames = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) frames[i] = keys[i]! - Math.floor(keys[i]! / MOST_PACKED) * MOST_PACKED;
  return frames;
}

const comparedOrder = (values: Float32Array): Uint32Array =>
  Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);

/** Some of the frames of a set. */
export interface Picked {
  readonly count: number;
  /** By frame, 1 for those that are picked. */
  readonly has: Uint8Array;
}

/** The Wasserstein-1 distance (wasserstein.ts) of the picked parts. */
export function pickedWasserstein1(a: SortedValues, pickedA: Picked, b: SortedValues, pickedB: Picked): number {
  let area = 0;
  let difference = 0;
  let at = Number.NaN;
  let i = 0;
  let j = 0;
  while (true) {
    while (i < a.frames.length && pickedA.has[a.frames[i]!] === 0) i++;
    while (j < b.frames.length && pickedB.has[b.frames[j]!] === 0) j++;
    const x = i < a.frames.length ? a.values[i]! : Number.POSITIVE_INFINITY;
    const y = j < b.frames.length ? b.values[j]! : Number.POSITIVE_INFINITY;
    const next = Math.min(x, y);
    if (next === Number.POSITIVE_INFINITY) return area;
    if (difference !== 0) area += Math.abs(difference) * (next - at);
    at = next;
    if (x <= y) {
      difference += 1 / pickedA.count;
      i++;
    } else {
      difference -= 1 / pickedB.count;
      j++;
    }
  }
}
