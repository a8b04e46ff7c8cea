/**
 * Which part of a set is a mirror image of the reference. A bead with three or more bonded beads is a chiral centre where
 * the triple product of the first three has one sign in more than 99.9 % of the reference; names of two hydrogens make
 * none. Molecules without one are told by bonded torsions of one sign; where there are none either, nothing can be said.
 */
import type { Topology } from '../../systems/topology.ts';
import { bondedTriples, neighboursOf } from '../geometry/angles.ts';
import { type Conformations, checkAtoms } from '../geometry/conformations.ts';
import { dihedrals, type Quadruple } from '../geometry/dihedrals.ts';

export interface MirrorImages {
  readonly judgedBy: 'centres' | 'torsions';
  /** How many there are. */
  readonly places: number;
  /** Of frames in which any of them has the other sign. */
  readonly fraction: number;
  readonly reference: number;
}

const SAME = 0.999;

type Signs = (all: Conformations) => Int8Array;

/** Measures sets against a reference; undefined where the molecule has no chirality to measure. */
export function mirrorImages(
  topology: Topology,
  reference: Conformations,
): ((all: Conformations) => MirrorImages) | undefined {
  const [centres, torsions] = [chiralCentres(topology), bondedTorsions(topology)];
  checkAtoms(reference.atoms, [...centres, ...torsions]);
  const kinds = [
    [
      'centres',
      centres.map(
        (centre): Signs =>
          (all) =>
            volumeSigns(all, centre),
      ),
    ],
    [
      'torsions',
      torsions.map(
        (torsion): Signs =>
          (all) =>
            torsionSigns(all, torsion),
      ),
    ],
  ] as const;
  for (const [judgedBy, candidates] of kinds) {
    const places = candidates.flatMap((signs) => {
      const majority = majorityOf(signs(reference));
      return majority === 0 ? [] : [{ signs, majority }];
    });
    if (places.length === 0) continue;
    const fractionOf = (all: Conformations) => {
      const mirrored = new Uint8Array(all.frames);
      for (const { signs, majority } of places) {
        for (const [frame, sign] of signs(all).entries()) if (sign !== majority) mirrored[frame] = 1;
      }
      return mirrored.reduce((sum, one) => sum + one, 0) / all.frames;
    };
    const own = fractionOf(reference);
    return (all) => ({ judgedBy, places: places.length, fraction: fractionOf(all), reference: own });
  }
  return undefined;
}

/** 0 where neither sign has nearly all of them. */
function majorityOf(signs: Int8Array): -1 | 0 | 1 {
  let sum = 0;
  for (const sign of signs) sum += sign;
  if (Math.abs(sum) <= (2 * SAME - 1) * signs.length) return 0;
  return sum > 0 ? 1 : -1;
}

/** The centre and three of its neighbours. */
function chiralCentres({ atoms, bonds }: Topology): Quadruple[] {
  return [...neighboursOf(bonds)].flatMap(([centre, others]): Quadruple[] => {
    const hydrogens = others.filter((atom) => atoms[atom]!.element === 'H').length;
    return others.length < 3 || hydrogens > 1 ? [] : [[centre, others[0]!, others[1]!, others[2]!]];
  });
}

function bondedTorsions({ bonds }: Topology): Quadruple[] {
  const neighbours = neighboursOf(bonds);
  return bondedTriples(bonds).flatMap(([a, b, c]) =>
    // A torsion is found from both ends: the one from its smaller middle bead is kept.
    [
      ...(b < c ? neighbours.get(c)!.map((d): Quadruple => [a, b, c, d]) : []),
      ...(b < a ? neighbours.get(a)!.map((d): Quadruple => [c, b, a, d]) : []),
    ].filter(([first, second, , last]) => last !== second && last !== first),
  );
}

function volumeSigns({ positions: r, frames, atoms }: Conformations, [centre, a, b, c]: Quadruple): Int8Array {
  const signs = new Int8Array(frames);
  for (let frame = 0, start = 0; frame < frames; frame++, start += 3 * atoms) {
    const [o, i, j, k] = [start + 3 * centre, start + 3 * a, start + 3 * b, start + 3 * c];
    const ux = r[i]! - r[o]!;
    const uy = r[i + 1]! - r[o + 1]!;
    const uz = r[i + 2]! - r[o + 2]!;
    const vx = r[j]! - r[o]!;
    const vy = r[j + 1]! - r[o + 1]!;
    const vz = r[j + 2]! - r[o + 2]!;
    const wx = r[k]! - r[o]!;
    const wy = r[k + 1]! - r[o + 1]!;
    const wz = r[k + 2]! - r[o + 2]!;
    signs[frame] = Math.sign(ux * (vy * wz - vz * wy) + uy * (vz * wx - vx * wz) + uz * (vx * wy - vy * wx));
  }
  return signs;
}

const torsionSigns = (all: Conformations, torsion: Quadruple): Int8Array =>
  Int8Array.from(dihedrals(all, [torsion])[0]!, (angle) => Math.sign(angle));
