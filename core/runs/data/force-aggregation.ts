/**
 * The force map of least noise: what forces on atoms outside all beads have to be added to those on the beads, fitted
 * over frames. Each bead has a factor for each atom near it, by least squares of its mapped force. Factors are the same
 * for x, y and z, so that the map turns with the molecule. Pure numbers; which frames are looked at is the caller's choice.
 */
import { symmetricEigen } from '../../symmetric-eigen.ts';
import type { BeadMapping } from '../../systems/beads/bead.ts';
import { applyForceMap, type ForceMap, nearbyAtoms, ownForces } from '../../systems/force-map.ts';
import type { Topology } from '../../systems/topology.ts';

/** Atoms near a bead that count for it: what matters are the stiff terms of the few bonds around it. */
const MOST_NEARBY = 64;
/** Frames for each factor, so that what is fitted is not their noise. */
const FRAMES_PER_FACTOR = 10;
/**
 * Of the largest eigenvalue of the forces' second moments: combinations of forces whose mean square is below this are
 * zero but for rounding of float32 (1e-7 of a force, 1e-14 of its square), and get no factor.
 */
const CUT_OFF = 1e-10;

export class ForceAggregation {
  readonly #own: ForceMap;
  readonly #nearby: readonly (readonly number[])[];
  /** Σ f_j·f_k over frames, j ≥ k, of the atoms near each bead; and Σ f_bead·f_j. */
  readonly #moments: readonly Float64Array[];
  readonly #cross: readonly Float64Array[];
  readonly #beads: Float64Array;

  /** `frames`: how many there will be. */
  constructor(topology: Topology, mapping: BeadMapping, frames: number) {
    this.#own = ownForces(mapping);
    this.#nearby = nearbyAtoms(topology, mapping, Math.min(MOST_NEARBY, Math.floor(frames / FRAMES_PER_FACTOR)));
    this.#moments = this.#nearby.map(({ length }) => new Float64Array(length * length));
    this.#cross = this.#nearby.map(({ length }) => new Float64Array(length));
    this.#beads = new Float64Array(3 * mapping.beads.length);
  }

  /** `forces`: of all atoms in one frame. */
  add(forces: ArrayLike<number>): void {
    applyForceMap(this.#own, forces, this.#beads);
    for (const [bead, nearby] of this.#nearby.entries()) {
      const moments = this.#moments[bead]!;
      const cross = this.#cross[bead]!;
      for (let j = 0; j < nearby.length; j++) {
        const at = 3 * nearby[j]!;
        const [x, y, z] = [forces[at]!, forces[at + 1]!, forces[at + 2]!];
        cross[j]! += this.#beads[3 * bead]! * x + this.#beads[3 * bead + 1]! * y + this.#beads[3 * bead + 2]! * z;
        for (let k = 0; k <= j; k++) {
          const other = 3 * nearby[k]!;
          moments[j * nearby.length + k]! += x * forces[other]! + y * forces[other + 1]! + z * forces[other + 2]!;
        }
      }
    }
  }

  fitted(): ForceMap {
    const rows = this.#own.rows.map(({ atoms, factors }, bead) => ({
      atoms: [...atoms, ...this.#nearby[bead]!],
      factors: Float64Array.from([...Array.from(factors), ...leastSquares(this.#moments[bead]!, this.#cross[bead]!)]),
    }));
    return { atoms: this.#own.atoms, rows };
  }
}

/** The shortest of all b that make the mean square of f + Σ b_j f_j least: −G⁺ c. */
function leastSquares(moments: Float64Array, cross: Float64Array): Float64Array {
  const size = cross.length;
  const factors = new Float64Array(size);
  const { values, vectors } = symmetricEigen(moments, size);
  for (const [k, vector] of vectors.entries()) {
    if (!(values[k]! > CUT_OFF * values[0]!)) break;
    let along = 0;
    for (let j = 0; j < size; j++) along -= (vector[j]! * cross[j]!) / values[k]!;
    for (let j = 0; j < size; j++) factors[j]! += along * vector[j]!;
  }
  return factors;
}
