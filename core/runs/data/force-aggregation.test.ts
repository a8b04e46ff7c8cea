/** The aggregated force map: against closed forms, against the basic one, and under rotation. */
import { describe, expect, test } from 'vitest';
import { type BeadMapping, mapBeads } from '../../systems/beads.ts';
import { withBonds } from '../../systems/bonds.ts';
import { applyForceMap, type ForceMap, ownForces } from '../../systems/force-map.ts';
import { alanineDipeptide } from '../../systems/molecule.test-support.ts';
import type { Topology } from '../../systems/topology.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { ForceAggregation } from './force-aggregation.ts';

const dipeptide = alanineDipeptide();
const topology = withBonds(dipeptide.topology, dipeptide.positions, undefined);
const FRAMES = 400;

function mapFittedTo(
  own: Topology,
  mapping: BeadMapping,
  frames: readonly Float64Array[],
  promised = frames.length,
): ForceMap {
  const aggregation = new ForceAggregation(own, mapping, promised);
  for (const frame of frames) aggregation.add(frame);
  return aggregation.fitted();
}
function mapped(map: ForceMap, forces: Float64Array): Float64Array {
  const out = new Float64Array(3 * map.rows.length);
  applyForceMap(map, forces, out);
  return out;
}
const meanSquare = (map: ForceMap, frames: readonly Float64Array[]) =>
  frames.reduce((sum, frame) => sum + mapped(map, frame).reduce((own, f) => own + f * f, 0), 0) / frames.length;

/** Forces of springs along the bonds, of random tension and direction, and a weak one of its own on every atom. */
function springs(own: Topology, frames: number, seed: number, weak: number): Float64Array[] {
  const next = gaussianSource(seed);
  return Array.from({ length: frames }, () => {
    const forces = Float64Array.from({ length: 3 * own.atoms.length }, () => weak * next());
    for (const [i, j] of own.bonds) {
      for (let axis = 0; axis < 3; axis++) {
        const pull = 100 * next();
        forces[3 * i + axis]! += pull;
        forces[3 * j + axis]! -= pull;
      }
    }
    return forces;
  });
}

describe('a bead on a stiff spring with a light atom', () => {
  const pair: Topology = { ...topology, atoms: topology.atoms.slice(0, 2), bonds: [[0, 1]] };
  const mapping = {
    name: 'one',
    atoms: 2,
    beads: [{ ...mapBeads(topology, 'ca').beads[0]!, atoms: [0], weights: [1] }],
    bonds: [],
  };

  test('that pulls at it alone: the spring cancels exactly', () => {
    const frames = springs(pair, FRAMES, 1, 0);
    const map = mapFittedTo(pair, mapping, frames);
    expect(map.rows[0]!.atoms).toEqual([0, 1]);
    expect(map.rows[0]!.factors[1]).toBeCloseTo(1, 14);
    expect(meanSquare(map, frames)).toBeLessThan(1e-24);
    expect(meanSquare(ownForces(mapping), frames)).toBeGreaterThan(1e4);
  });

  test('beside another force: that one is left, with the mean square of least squares in closed form', () => {
    const frames = springs(pair, FRAMES, 2, 3);
    const map = mapFittedTo(pair, mapping, frames);
    let [bb, bo, oo] = [0, 0, 0];
    for (const f of frames) {
      for (let axis = 0; axis < 3; axis++) {
        bb += f[axis]! ** 2;
        bo += f[axis]! * f[3 + axis]!;
        oo += f[3 + axis]! ** 2;
      }
    }
    expect(map.rows[0]!.factors[1]).toBeCloseTo(-bo / oo, 12);
    expect(meanSquare(map, frames)).toBeCloseTo((bb - bo ** 2 / oo) / FRAMES, 8);
    // Of two weak forces of 3 in each of three directions, all but a thousandth is left.
    expect(meanSquare(map, frames)).toBeGreaterThan(2 * 3 * 9 * 0.85);
    expect(meanSquare(map, frames)).toBeLessThan(2 * 3 * 9 * 1.15);
  });

  test('with too few frames to fit anything, or all atoms beads: the basic map', () => {
    const frames = springs(pair, 9, 3, 3);
    expect(mapFittedTo(pair, mapping, frames).rows).toEqual([{ atoms: [0], factors: Float64Array.of(1) }]);
    const all = mapBeads(topology, 'all');
    const many = springs(topology, 20, 4, 1);
    expect(meanSquare(mapFittedTo(topology, all, many), many)).toBe(meanSquare(ownForces(all), many));
  });
});

describe.each([['ca'], ['alanine-dipeptide-6'], ['groups']])('beads %s of alanine dipeptide', (name) => {
  const groups = { groups: ['ACE and .CH3', 'ALA and (.CA or .CB or .N)'] };
  const mapping = mapBeads(topology, name === 'groups' ? groups : name);
  const frames = springs(topology, FRAMES, 5, 3);
  const map = mapFittedTo(topology, mapping, frames);

  test('the mean square is never above the basic map’s, and no change of a factor makes it less', () => {
    const least = meanSquare(map, frames);
    expect(least).toBeLessThan(meanSquare(ownForces(mapping), frames));
    for (const [bead, { atoms }] of map.rows.entries()) {
      const own = mapping.beads[bead]!.atoms.length;
      for (let k = own; k < atoms.length; k += 3) {
        for (const change of [-1e-3, 1e-3]) {
          const rows = map.rows.map(({ factors, ...row }, i) => ({
            ...row,
            factors: Array.from(factors, (factor, at) => (i === bead && at === k ? factor + change : factor)),
          }));
          expect(meanSquare({ ...map, rows }, frames)).toBeGreaterThan(least);
        }
      }
    }
  });

  test('own atoms count once, those of other beads never', () => {
    const inBeads = new Set(mapping.beads.flatMap((bead) => bead.atoms));
    for (const [bead, { atoms, factors }] of map.rows.entries()) {
      const own = mapping.beads[bead]!.atoms;
      expect(atoms.slice(0, own.length)).toEqual(own);
      expect(Array.from(factors).slice(0, own.length)).toEqual(own.map(() => 1));
      expect(atoms.length).toBeGreaterThan(own.length);
      for (const atom of atoms.slice(own.length)) expect(inBeads.has(atom)).toBe(false);
    }
  });

  test('frames turned and mirrored at random have the same factors', () => {
    const turned = frames.map((frame, i) => {
      const [c, s] = [Math.cos(i), Math.sin(i)];
      return frame.map((_, at) => {
        const [axis, atom] = [at % 3, at - (at % 3)];
        const [x, y, z] = [frame[atom]!, frame[atom + 1]!, frame[atom + 2]!];
        return axis === 0 ? z : axis === 1 ? c * x - s * y : s * x + c * y;
      });
    });
    const other = mapFittedTo(topology, mapping, turned);
    for (const [bead, { atoms, factors }] of map.rows.entries()) {
      expect(other.rows[bead]!.atoms).toEqual(atoms);
      for (const [k, factor] of Array.from(factors).entries()) {
        expect(other.rows[bead]!.factors[k]).toBeCloseTo(factor, 9);
      }
    }
  });
});

test('forces that always pull the same way get no factor of rounding noise', () => {
  // Two atoms with proportional forces: of all factors that fit, the shortest ones.
  const three: Topology = {
    ...topology,
    atoms: topology.atoms.slice(0, 3),
    bonds: [
      [0, 1],
      [0, 2],
    ],
  };
  const bead = { ...mapBeads(topology, 'ca').beads[0]!, atoms: [0], weights: [1] };
  const mapping = { name: 'one', atoms: 3, beads: [bead], bonds: [] };
  const next = gaussianSource(6);
  const frames = Array.from({ length: FRAMES }, () => {
    const [x, y, z] = [next(), next(), next()];
    // As float32 writes them, so that the ratio is not exact.
    return Float64Array.from([-5 * x, -5 * y, -5 * z, x, y, z, 2 * x, 2 * y, 2 * z], (f, i) =>
      Math.fround(i < 6 ? f : f * (1 + 1e-8 * next())),
    );
  });
  const { factors } = mapFittedTo(three, mapping, frames).rows[0]!;
  expect(factors[1]).toBeCloseTo(1, 5);
  expect(factors[2]).toBeCloseTo(2, 5);
});
