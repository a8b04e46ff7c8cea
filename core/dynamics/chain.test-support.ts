/**
 * For tests only: a chain of beads whose law is known. Harmonic bonds and cosines of angles, an energy for its torsions
 * as the test says; each factor is independent of the others, and a torsion without an energy is uniform. nm, kT.
 */
import type { Conformations } from '../analysis/geometry/conformations.ts';
import { dihedrals } from '../analysis/geometry/dihedrals.ts';
import { conservativeField, type ScoreModel } from '../models/score-model.ts';
import { square } from '../program/functions.ts';
import { add, concat, div, mul, reshape, slice, sqrt, sub, sum } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

export const BOND = 0.15;
/** kT/nm², kT, and the cosine between a bond and the next. */
export const BOND_STIFFNESS = 4e4;
const ANGLE_STIFFNESS = 100;
const ANGLE_COSINE = 0.4;

/** `torsion`: the energy of a dihedral from its cosine and sine. */
export function chainModel(
  beads: number,
  torsion?: (cosine: Tensor, sine: Tensor, index: number) => Tensor,
): ScoreModel {
  const energy = (x: Tensor): Tensor => {
    const bond = (i: number) => sub(row(x, i + 1), row(x, i));
    const length = (b: Tensor) => sqrt(sum(square(b)));
    const bonds = Array.from({ length: beads - 1 }, (_, i) => bond(i));
    let all = mul(sum(square(sub(length(bonds[0]!), BOND))), 0.5 * BOND_STIFFNESS);
    for (let i = 1; i < bonds.length; i++) {
      const [b, c] = [bonds[i - 1]!, bonds[i]!];
      all = add(all, mul(square(sub(length(c), BOND)), 0.5 * BOND_STIFFNESS));
      const cosine = div(sum(mul(b, c)), mul(length(b), length(c)));
      all = add(all, mul(square(sub(cosine, ANGLE_COSINE)), 0.5 * ANGLE_STIFFNESS));
    }
    for (let i = 2; torsion && i < bonds.length; i++) {
      const [a, b, c] = [bonds[i - 2]!, bonds[i - 1]!, bonds[i]!];
      const [n, m] = [cross(a, b), cross(b, c)];
      const size = mul(length(n), length(m));
      const sine = div(mul(length(b), sum(mul(a, m))), size);
      all = add(all, torsion(div(sum(mul(n, m)), size), sine, i - 2));
    }
    return all;
  };
  return { shape: [beads, 3], inputs: {}, field: () => conservativeField((x) => energy(x)) };
}

/** Planar zigzag of the resting lengths and angles: every torsion is trans (π), or as given. */
export function chainPositions(beads: number, torsions: (index: number) => number = () => Math.PI): number[] {
  const sine = Math.sqrt(1 - ANGLE_COSINE ** 2);
  const points = [
    [0, 0, 0],
    [BOND, 0, 0],
    [BOND * (1 + ANGLE_COSINE), BOND * sine, 0],
  ];
  const minus = (a: number[], b: number[]) => a.map((value, i) => value - b[i]!);
  const times = (a: number[], b: number[]) => [
    a[1]! * b[2]! - a[2]! * b[1]!,
    a[2]! * b[0]! - a[0]! * b[2]!,
    a[0]! * b[1]! - a[1]! * b[0]!,
  ];
  const unit = (a: number[]) => a.map((value) => value / Math.hypot(...a));
  for (let i = 3; i < beads; i++) {
    const [p, q, r] = points.slice(-3) as [number[], number[], number[]];
    const b = unit(minus(r, q));
    const n = unit(times(minus(q, p), b));
    const m = times(n, b);
    const phi = torsions(i - 3);
    const away = b.map((value, axis) => {
      const turned = Math.cos(phi) * m[axis]! + Math.sin(phi) * n[axis]!;
      return BOND * (ANGLE_COSINE * value + sine * turned);
    });
    points.push(r.map((value, axis) => value + away[axis]!));
  }
  const flat = points.slice(0, beads).flat();
  const centre = [0, 1, 2].map((axis) => flat.filter((_, i) => i % 3 === axis).reduce((a, b) => a + b, 0) / beads);
  return flat.map((value, i) => value - centre[i % 3]!);
}

const row = (x: Tensor, i: number): Tensor => reshape(slice(x, 0, i, i + 1), [3]);

function cross(a: Tensor, b: Tensor): Tensor {
  const shifted = (v: Tensor, by: number) => [0, 1, 2].map((i) => slice(v, 0, (i + by) % 3, ((i + by) % 3) + 1));
  const [a1, a2, b1, b2] = [shifted(a, 1), shifted(a, 2), shifted(b, 1), shifted(b, 2)];
  const parts = [0, 1, 2].map((i) => sub(mul(a1[i]!, b2[i]!), mul(a2[i]!, b1[i]!)));
  return concat(parts, 0);
}

export const chainOf = (positions: ArrayLike<number>, beads: number): Conformations => ({
  positions: Float64Array.from(positions),
  frames: positions.length / (3 * beads),
  atoms: beads,
});
/** One torsion after the other. */
export const torsionAngles = (positions: ArrayLike<number>, beads: number) =>
  dihedrals(
    chainOf(positions, beads),
    Array.from({ length: beads - 3 }, (_, i) => [i, i + 1, i + 2, i + 3] as const),
  );
