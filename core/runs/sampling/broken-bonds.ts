/**
 * Samples with a bond of a length that no conformation of the data comes near: nobody could use them. nm.
 * Not here: what is done with such a sample (`sample.ts`).
 */
import type { Bond } from '../../systems/topology.ts';

/** Least and greatest length of a bond. */
export type BondRange = [number, number];

/** Standard deviations from the mean within which a length is possible whatever the data hold: beyond is one of 1.7 million. */
const POSSIBLE = 5;

/** Of conformations one after the other: what they hold, and what is within five standard deviations. */
export function bondRanges(positions: Float32Array, atoms: number, bonds: readonly Bond[]): BondRange[] {
  const frames = positions.length / (3 * atoms);
  return bonds.map((bond) => {
    let [least, greatest, sum, squares] = [Number.POSITIVE_INFINITY, 0, 0, 0];
    for (let frame = 0; frame < frames; frame++) {
      const length = lengthOf(positions, bond, 3 * atoms * frame);
      least = Math.min(least, length);
      greatest = Math.max(greatest, length);
      sum += length;
      squares += length * length;
    }
    const mean = sum / frames;
    const most = POSSIBLE * Math.sqrt(Math.max(0, squares / frames - mean * mean));
    return [Math.min(least, mean - most), Math.max(greatest, mean + most)];
  });
}

/** Whether any bond of one conformation is out of its range. */
export const hasBrokenBond = (positions: Float32Array, bonds: readonly Bond[], ranges: readonly BondRange[]): boolean =>
  bonds.some((bond, i) => {
    const length = lengthOf(positions, bond);
    return !(length >= ranges[i]![0] && length <= ranges[i]![1]);
  });

function lengthOf(positions: Float32Array, [a, b]: Bond, from = 0): number {
  const along = (axis: number) => positions[from + 3 * a + axis]! - positions[from + 3 * b + axis]!;
  return Math.hypot(along(0), along(1), along(2));
}
