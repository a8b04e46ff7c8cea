import { expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { conformations } from './conformations.ts';
import { rmsd } from './rmsd.ts';

const next = gaussianSource(8);
const random = (atoms: number) => Float64Array.from({ length: 3 * atoms }, next);

/** Turned by a random rotation and shifted. */
function moved(positions: Float64Array): Float64Array {
  const quaternion = [next(), next(), next(), next()];
  const norm = Math.hypot(...quaternion);
  const [w, x, y, z] = quaternion.map((value) => value / norm) as [number, number, number, number];
  const rows = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
  const shift = [10 * next(), 10 * next(), 10 * next()];
  return positions.map((_, i) => {
    const at = i - (i % 3);
    return rows[i % 3]!.reduce((sum, value, axis) => sum + value * positions[at + axis]!, shift[i % 3]!);
  });
}

test.each([2, 3, 5, 40])('a rotated and shifted copy of %d atoms has none', (atoms) => {
  for (let trial = 0; trial < 50; trial++) {
    const target = random(atoms);
    expect(rmsd(conformations(moved(target), atoms), target)[0]).toBeLessThan(2e-7);
  }
});

test('points on a line, where two roots coincide, keep their digits', () => {
  const line = Float64Array.of(0, 0, 0, 1, 0, 0, 3, 0, 0);
  expect(rmsd(conformations(moved(line), 3), line)[0]).toBeLessThan(2e-7);
  // Stretched by 1 %: every atom moves by 1 % of its distance to the centre.
  const stretched = moved(line.map((x) => 1.01 * x));
  expect(rmsd(conformations(stretched, 3), line)[0]).toBeCloseTo(0.01 * Math.sqrt(14 / 9), 9);
});

test('a mirror image is not a rotation', () => {
  const target = Float64Array.of(0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3);
  const mirrored = moved(target.map((x, i) => (i % 3 === 0 ? -x : x)));
  expect(rmsd(conformations(mirrored, 4), target)[0]).toBeGreaterThan(0.4);
  const plane = [0, 0, 0, 1, 0, 0, 1, 2, 0, -1, 3, 0];
  expect(
    rmsd(
      conformations(
        Float64Array.from(plane, (x, i) => (i % 3 === 0 ? -x : x)),
        4,
      ),
      plane,
    )[0],
  ).toBeLessThan(2e-7);
});

test('weights count in the superposition and in the mean: an atom of weight 0 does not', () => {
  const target = random(6);
  const copy = moved(target);
  copy[15]! += 5;
  const all = conformations(copy, 6);
  expect(rmsd(all, target, [1, 2, 3, 4, 5, 0])[0]).toBeLessThan(2e-7);
  expect(rmsd(all, target)[0]).toBeGreaterThan(0.5);
});

test('no superposition of many tried is better, and one that is nearly as good is found', () => {
  for (let trial = 0; trial < 5; trial++) {
    const [a, b] = [random(7), random(7)];
    const best = rmsd(conformations(a, 7), b)[0]!;
    const centred = (x: Float64Array) => {
      const centre = [0, 1, 2].map((axis) => x.reduce((sum, v, i) => sum + (i % 3 === axis ? v / 7 : 0), 0));
      return x.map((v, i) => v - centre[i % 3]!);
    };
    const fixed = centred(b);
    let nearest = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 4000; turn++) {
      const turned = centred(moved(a));
      nearest = Math.min(nearest, Math.sqrt(turned.reduce((sum, v, i) => sum + (v - fixed[i]!) ** 2 / 7, 0)));
    }
    expect(nearest).toBeGreaterThanOrEqual(best - 1e-12);
    expect(nearest).toBeLessThan(best * 1.03);
  }
});

test('a frame that is NaN gives NaN, one atom 0, another number of atoms an error', () => {
  expect(rmsd(conformations(Float32Array.of(Number.NaN, 1, 2, 3, 4, 5), 2), [0, 0, 0, 1, 1, 1])[0]).toBeNaN();
  expect(rmsd(conformations(Float32Array.of(1, 2, 3), 1), [7, 7, 7])[0]).toBe(0);
  expect(() => rmsd(conformations(new Float32Array(6), 2), [1, 2, 3])).toThrow(/has 1 atoms, the frames have 2/);
});
