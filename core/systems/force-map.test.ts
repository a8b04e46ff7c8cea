/** Forces on beads: which atoms they come from, that they turn with the molecule, and what no free energy can exert. */
import { describe, expect, test } from 'vitest';
import { mapBeads } from './beads.ts';
import { withBonds } from './bonds.ts';
import { applyForceMap, type ForceMap, nearbyAtoms, ownForces, removeNetForceAndTorque } from './force-map.ts';
import { alanineDipeptide } from './molecule.test-support.ts';
import type { Topology } from './topology.ts';
import { gaussianSource } from './toys/gaussian.ts';

const { topology: atomsAlone, positions } = alanineDipeptide();
const topology = withBonds(atomsAlone, positions, undefined);
const normal = (length: number, seed: number) => {
  const next = gaussianSource(seed);
  return Float64Array.from({ length }, () => next());
};
const mapped = (map: ForceMap, forces: Float64Array) => {
  const out = new Float64Array(3 * map.rows.length);
  applyForceMap(map, forces, out);
  return out;
};

/** A proper rotation of every point: Euler angles that have no symmetry. */
function rotated(points: Float64Array): Float64Array {
  const [a, b, c] = [0.7, 1.9, -2.3];
  const z = (angle: number) => [Math.cos(angle), -Math.sin(angle), 0, Math.sin(angle), Math.cos(angle), 0, 0, 0, 1];
  const x = [1, 0, 0, 0, Math.cos(b), -Math.sin(b), 0, Math.sin(b), Math.cos(b)];
  return [z(a), x, z(c)].reduce(
    (given, matrix) =>
      given.map((_, i) => {
        const [row, at] = [i % 3, i - (i % 3)];
        return (
          matrix[3 * row]! * given[at]! + matrix[3 * row + 1]! * given[at + 1]! + matrix[3 * row + 2]! * given[at + 2]!
        );
      }),
    points,
  );
}

function expectNear(found: ArrayLike<number>, wanted: ArrayLike<number>, digits = 12) {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(found[i]!).toBeCloseTo(wanted[i]!, digits);
}

describe('own forces', () => {
  const forces = normal(3 * topology.atoms.length, 1);

  test('are those of the bead atoms; of a group the sum of its atoms', () => {
    const heavy = mapBeads(topology, 'heavy');
    expect([...mapped(ownForces(heavy), forces)]).toEqual(
      heavy.beads.flatMap(({ atoms: [atom] }) => [...forces.subarray(3 * atom!, 3 * atom! + 3)]),
    );
    const groups = mapBeads(topology, { groups: ['ACE', 'ALA', 'NME'] });
    const sums = groups.beads.flatMap(({ atoms }) =>
      [0, 1, 2].map((axis) => atoms.reduce((sum, atom) => sum + forces[3 * atom + axis]!, 0)),
    );
    expectNear(mapped(ownForces(groups), forces), sums);
  });

  test('keep the work done on a group that moves as one', () => {
    const groups = mapBeads(topology, { groups: ['ACE', 'ALA', 'NME'] });
    const shift = [0.3, -0.2, 0.9];
    const work = groups.beads[1]!.atoms.reduce(
      (sum, atom) => sum + shift.reduce((own, value, axis) => own + value * forces[3 * atom + axis]!, 0),
      0,
    );
    const bead = mapped(ownForces(groups), forces).subarray(3, 6);
    expect(shift.reduce((sum, value, axis) => sum + value * bead[axis]!, 0)).toBeCloseTo(work, 12);
  });
});

describe('atoms near a bead', () => {
  const ca = mapBeads(topology, 'alanine-dipeptide-5');
  const names = (atoms: readonly number[]) => atoms.map((atom) => topology.atoms[atom]!.name).toSorted();

  test('are whole shells of bonds outside all beads, as many as fit', () => {
    const chain: Topology = {
      ...topology,
      // 0 – 1 – 2 – 3, 1 – 4, 1 – 5, and 6 – 7 apart.
      bonds: [
        [0, 1],
        [1, 2],
        [2, 3],
        [1, 4],
        [1, 5],
        [6, 7],
      ],
    };
    const beads = [{ atoms: [0] }, { atoms: [2] }] as never;
    expect(nearbyAtoms(chain, { beads }, 64)).toEqual([
      [1, 3, 4, 5],
      [1, 3, 4, 5],
    ]);
    // Of the second shell of atom 0, 4 and 5 do not fit both.
    expect(nearbyAtoms(chain, { beads }, 2)).toEqual([[1], [1, 3]]);
    expect(nearbyAtoms(chain, { beads }, 0)).toEqual([[], []]);
  });

  test('are the same whatever the order of the atoms', () => {
    const size = topology.atoms.length;
    const moved = Array.from({ length: size }, (_, i) => (i * 7 + 3) % size);
    const atoms = Array.from(topology.atoms);
    for (const [from, to] of moved.entries()) atoms[to] = topology.atoms[from]!;
    const bonds = topology.bonds.map(([i, j]) => [moved[i]!, moved[j]!] as const);
    const beads = ca.beads.map((bead) => ({ ...bead, atoms: bead.atoms.map((atom) => moved[atom]!) }));
    for (const most of [3, 9, 64]) {
      const before = nearbyAtoms(topology, ca, most).map(names);
      const after = nearbyAtoms({ atoms, bonds }, { beads }, most);
      expect(after.map((own) => own.map((atom) => atoms[atom]!.name).toSorted())).toEqual(before);
      expect(before.flat().length).toBeGreaterThan(0);
    }
  });
});

describe('net force and torque', () => {
  const count = topology.atoms.length;
  const forces = normal(3 * count, 2);
  const free = (at: Float64Array, given: Float64Array) => {
    const own = given.slice();
    removeNetForceAndTorque(at, own);
    return own;
  };
  const net = (given: Float64Array) =>
    [0, 1, 2].map((axis) => given.reduce((s, f, i) => (i % 3 === axis ? s + f : s), 0));
  const torque = (at: Float64Array, given: Float64Array) => {
    const sum = [0, 0, 0];
    for (let i = 0; i < given.length; i += 3) {
      for (let axis = 0; axis < 3; axis++) {
        const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
        sum[axis]! += at[i + a]! * given[i + b]! - at[i + b]! * given[i + a]!;
      }
    }
    return sum;
  };

  test('are gone, at the least change of the forces', () => {
    const left = free(positions, forces);
    expectNear(net(left), [0, 0, 0]);
    expectNear(torque(positions, left), [0, 0, 0]);
    expect(Math.max(...torque(positions, forces).map(Math.abs))).toBeGreaterThan(0.1);
    // What was taken away is a rigid motion, orthogonal to what is left; taken away again, nothing is.
    expect(left.reduce((sum, f, i) => sum + f * (forces[i]! - f), 0)).toBeCloseTo(0, 11);
    expectNear(free(positions, left), left);
  });

  test('what turns with the molecule turns; where the molecule lies does not matter', () => {
    expectNear(free(rotated(positions), rotated(forces)), rotated(free(positions, forces)), 11);
    expectNear(
      free(
        positions.map((x) => x + 5),
        forces,
      ),
      free(positions, forces),
      10,
    );
    const other = normal(3 * count, 3);
    const sum = forces.map((f, i) => 2 * f + other[i]!);
    const [a, b] = [free(positions, forces), free(positions, other)];
    expectNear(
      free(positions, sum),
      a.map((f, i) => 2 * f + b[i]!),
    );
  });

  test('of two beads only their pull on each other is left, and of beads on a line nothing breaks', () => {
    const pair = Float64Array.of(0, 0, 0, 1, 2, 2);
    const left = free(pair, Float64Array.of(1, 5, -3, 4, 0, 2));
    // Half the difference, along the bond (1, 2, 2)/3: ((4, 0, 2) − (1, 5, −3))/2 · (1, 2, 2)/3 = 3/6.
    const pull = [1 / 6, 1 / 3, 1 / 3];
    expectNear(left, [...pull.map((f) => -f), ...pull]);
    const line = Float64Array.from({ length: 12 }, (_, i) => Math.floor(i / 3) * [0.1, -0.2, 0.05][i % 3]!);
    const some = free(line, normal(12, 4));
    expectNear(net(some), [0, 0, 0]);
    expectNear(torque(line, some), [0, 0, 0]);
    expect(some.every(Number.isFinite)).toBe(true);
  });
});
