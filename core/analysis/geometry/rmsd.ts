/**
 * Root-mean-square deviation, nm, of every frame from one structure after the best superposition (Kabsch): a rotation
 * and a shift, no mirror image. The rotation itself is not made (systems/superpose.ts does): only the largest eigenvalue
 * of Horn's 4 × 4 matrix is needed, the largest root of its characteristic polynomial (Theobald, 2005). NaN where a frame
 * is NaN.
 */
import { ErgodicError } from '../../errors.ts';
import type { Coordinates } from '../../formats/trajectory.ts';
import { superpose } from '../../systems/superpose.ts';
import { normalisedWeights } from './atom-weights.ts';
import { type Conformations, emptyLike } from './conformations.ts';

/** `weights`: what each atom counts, in the superposition and in the mean; the same for all unless given. */
export function rmsd(all: Conformations, target: ArrayLike<number>, weights?: ArrayLike<number>): Coordinates {
  const { positions: r, frames, atoms } = all;
  if (target.length !== 3 * atoms) {
    throw new ErgodicError(`The structure to compare with has ${target.length / 3} atoms, the frames have ${atoms}.`);
  }
  const fractions = normalisedWeights(atoms, weights);
  const { weighted, spread } = centred(target, fractions);
  const deviations = emptyLike(all, frames);
  const m = new Float64Array(9);
  for (let frame = 0, start = 0; frame < frames; frame++, start += 3 * atoms) {
    // About the first atom, so that a molecule far from the origin keeps its digits; the target is centred, so that
    // the frame needs not be.
    const ox = r[start]!;
    const oy = r[start + 1]!;
    const oz = r[start + 2]!;
    let [sx, sy, sz, squares] = [0, 0, 0, 0];
    m.fill(0);
    for (let atom = 0, at = start, t = 0; atom < atoms; atom++, at += 3, t += 3) {
      const x = r[at]! - ox;
      const y = r[at + 1]! - oy;
      const z = r[at + 2]! - oz;
      const w = fractions[atom]!;
      sx += w * x;
      sy += w * y;
      sz += w * z;
      squares += w * (x * x + y * y + z * z);
      const tx = weighted[t]!;
      const ty = weighted[t + 1]!;
      const tz = weighted[t + 2]!;
      m[0]! += x * tx;
      m[1]! += x * ty;
      m[2]! += x * tz;
      m[3]! += y * tx;
      m[4]! += y * ty;
      m[5]! += y * tz;
      m[6]! += z * tx;
      m[7]! += z * ty;
      m[8]! += z * tz;
    }
    const both = spread + squares - sx * sx - sy * sy - sz * sz;
    const overlap = bestOverlap(m, both / 2);
    deviations[frame] =
      overlap === undefined
        ? superpose(r.subarray(start, start + 3 * atoms), target, fractions).rmsd
        : Math.sqrt(Math.max(0, both - 2 * overlap));
  }
  return deviations;
}

/** Coordinates about the centre times their weights, and the weighted mean square. */
function centred(target: ArrayLike<number>, fractions: Float64Array): { weighted: Float64Array; spread: number } {
  const weighted = Float64Array.from(target);
  let spread = 0;
  for (let axis = 0; axis < 3; axis++) {
    let centre = 0;
    for (let atom = 0; atom < fractions.length; atom++) centre += fractions[atom]! * target[3 * atom + axis]!;
    for (let atom = 0; atom < fractions.length; atom++) {
      const x = target[3 * atom + axis]! - centre;
      weighted[3 * atom + axis] = fractions[atom]! * x;
      spread += fractions[atom]! * x * x;
    }
  }
  return { weighted, spread };
}

/**
 * The largest trace of R M over rotations R, from the correlation M = Σ w x yᵀ: the largest root of
 * (λ² − |M|²)² − 8 λ det M − 4 |cof M|², by Newton's method from above, where the polynomial is convex. Undefined where
 * two roots nearly coincide and it loses digits: structures near to a line, or as near to a mirror image.
 */
function bestOverlap(m: Float64Array, above: number): number | undefined {
  const [a, b, c] = [m[0]!, m[1]!, m[2]!];
  const [d, e, f] = [m[3]!, m[4]!, m[5]!];
  const [g, h, i] = [m[6]!, m[7]!, m[8]!];
  const square = a * a + b * b + c * c + d * d + e * e + f * f + g * g + h * h + i * i;
  if (Number.isNaN(square)) return Number.NaN;
  const [c0, c1, c2] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const [c3, c4, c5] = [c * h - b * i, a * i - c * g, b * g - a * h];
  const [c6, c7, c8] = [b * f - c * e, c * d - a * f, a * e - b * d];
  const determinant = a * c0 + b * c1 + c * c2;
  const cofactors = c0 * c0 + c1 * c1 + c2 * c2 + c3 * c3 + c4 * c4 + c5 * c5 + c6 * c6 + c7 * c7 + c8 * c8;
  let root = above;
  for (let step = 0; step < STEPS; step++) {
    const gap = root * root - square;
    const slope = 4 * root * gap - 8 * determinant;
    if (!(slope > FLATTEST * root ** 3)) break;
    const change = (gap * gap - 8 * root * determinant - 4 * cofactors) / slope;
    if (!(change > 1e-15 * root)) return root;
    root -= change;
  }
  return undefined;
}

/** About 6 are needed. */
const STEPS = 30;
/** A smaller slope, in units of λ³, says that two roots nearly coincide. */
const FLATTEST = 1e-3;
