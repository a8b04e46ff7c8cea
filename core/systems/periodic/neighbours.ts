/**
 * Pairs of atoms within reach of each other, in time proportional to their number: atoms are sorted into boxes no
 * narrower than the reach, and only neighbouring boxes are compared. nm. With a lattice, across its faces as well.
 */
import type { Lattice } from './lattice.ts';

/** Atoms per nm³. Matter holds 200 at most: a box with more than this holds placeholders instead of positions. */
const DENSEST = 1000;
/** Farther out, in boxes, atoms have no neighbours: numbers of boxes stay exact integers. */
const FARTHEST = 2 ** 40;

/** Of the 27 boxes around a box (itself included) the middle one; of the others every second one is enough. */
const SELF = 13;

/** Called with indices of atoms, in any order, and their distance in nm. */
export type VisitPair = (first: number, second: number, distance: number) => void;

/**
 * Visits each pair of `places` once; oftener only where a lattice narrower than the reach brings several images near.
 */
export function visitPairsWithin(
  reach: number,
  positions: ArrayLike<number>,
  indices: ArrayLike<number>,
  lattice: Lattice | undefined,
  visit: VisitPair,
): void {
  const { xyz, box, counts } = boxesOf(reach, positions, indices, lattice);
  const { order, begin, mask } = sortedByBox(box, indices.length);
  // A box is up to twice as wide as the reach where a lattice gives few, and other boxes may share its bucket.
  const crowd = 20 + DENSEST * (2 * reach) ** 3;
  const wanted = new Float64Array(3);
  const shift = new Float64Array(3);
  for (const first of order) {
    for (let direction = SELF; direction < 27; direction++) {
      shift.fill(0);
      for (let axis = 0, rest = direction; axis < 3; axis++, rest = Math.floor(rest / 3)) {
        let number = box[3 * first + axis]! + (rest % 3) - 1;
        if (lattice) {
          const turns = number < 0 ? -1 : number >= counts[axis]! ? 1 : 0;
          number -= turns * counts[axis]!;
          for (let x = 0; x < 3; x++) shift[x]! += turns * lattice.basis[3 * axis + x]!;
        }
        wanted[axis] = number;
      }
      const bucket = bucketOf(wanted[0]!, wanted[1]!, wanted[2]!, mask);
      const end = begin[bucket + 1]!;
      if (end - begin[bucket]! > crowd) continue;
      for (let at = begin[bucket]!; at < end; at++) {
        const second = order[at]!;
        if (direction === SELF ? second <= first : second === first) continue;
        // Boxes far apart may share a bucket.
        if (box[3 * second] !== wanted[0] || box[3 * second + 1] !== wanted[1] || box[3 * second + 2] !== wanted[2]) {
          continue;
        }
        const dx = xyz[3 * second]! + shift[0]! - xyz[3 * first]!;
        const dy = xyz[3 * second + 1]! + shift[1]! - xyz[3 * first + 1]!;
        const dz = xyz[3 * second + 2]! + shift[2]! - xyz[3 * first + 2]!;
        const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
        if (distance <= reach) visit(indices[first]!, indices[second]!, distance);
      }
    }
  }
}

interface Boxes {
  /** Positions of the chosen atoms, inside the lattice if there is one, nm. */
  readonly xyz: Float64Array;
  /** Numbers of the box of each, along three axes; NaN where it has no place. */
  readonly box: Float64Array;
  /** Boxes along each axis of the lattice. */
  readonly counts: Float64Array;
}

function boxesOf(
  reach: number,
  positions: ArrayLike<number>,
  indices: ArrayLike<number>,
  lattice: Lattice | undefined,
): Boxes {
  const xyz = new Float64Array(3 * indices.length);
  const box = new Float64Array(3 * indices.length).fill(Number.NaN);
  const counts = new Float64Array(3);
  if (lattice) for (let k = 0; k < 3; k++) counts[k] = Math.max(1, Math.floor(lattice.widths[k]! / reach));
  for (let i = 0; i < indices.length; i++) {
    const [x, y, z] = [0, 1, 2].map((axis) => positions[3 * indices[i]! + axis]!) as [number, number, number];
    if (!(Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) < FARTHEST * reach)) continue;
    xyz.set([x, y, z], 3 * i);
    if (!lattice) {
      for (let axis = 0; axis < 3; axis++) box[3 * i + axis] = Math.floor(xyz[3 * i + axis]! / reach);
      continue;
    }
    const { basis, inverse } = lattice;
    for (let k = 0; k < 3; k++) {
      const multiple = inverse[3 * k]! * x + inverse[3 * k + 1]! * y + inverse[3 * k + 2]! * z;
      const turns = Math.floor(multiple);
      for (let axis = 0; axis < 3; axis++) xyz[3 * i + axis]! -= turns * basis[3 * k + axis]!;
      box[3 * i + k] = Math.min(counts[k]! - 1, Math.floor((multiple - turns) * counts[k]!));
    }
  }
  return { xyz, box, counts };
}

/** Members by the bucket of their box: those of bucket b are `order[begin[b] … begin[b + 1]]`. */
function sortedByBox(box: Float64Array, members: number) {
  const buckets = 2 ** Math.ceil(Math.log2(2 * members + 1));
  const mask = buckets - 1;
  const begin = new Uint32Array(buckets + 1);
  const bucket = new Uint32Array(members);
  let placed = 0;
  for (let i = 0; i < members; i++) {
    if (Number.isNaN(box[3 * i]!)) continue;
    placed++;
    bucket[i] = bucketOf(box[3 * i]!, box[3 * i + 1]!, box[3 * i + 2]!, mask);
    begin[bucket[i]! + 1]! += 1;
  }
  for (let b = 0; b < buckets; b++) begin[b + 1]! += begin[b]!;
  const next = begin.slice();
  const order = new Uint32Array(placed);
  for (let i = 0; i < members; i++) if (!Number.isNaN(box[3 * i]!)) order[next[bucket[i]!]!++] = i;
  return { order, begin, mask };
}

/** Numbers of boxes mixed into one; three odd factors with well-spread bits. */
function bucketOf(i: number, j: number, k: number, mask: number): number {
  const mixed = Math.imul(i | 0, 0x9e3779b1) ^ Math.imul(j | 0, 0x85ebca6b) ^ Math.imul(k | 0, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) & mask;
}
