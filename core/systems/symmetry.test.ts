import { expect, test } from 'vitest';
import { exchange, symmetriesOf } from './symmetry.ts';
import type { Bond } from './topology.ts';

const molecule = (elements: string, bonds: Bond[]) => ({
  atoms: [...elements].map((element) => ({ element })),
  bonds,
});
/** C0 C1 O2, hydrogens: 3 and 4 at C1, 5 to 7 at C0, 8 at O2. */
const ethanol = molecule('CCOHHHHHH', [
  [0, 1],
  [1, 2],
  [1, 3],
  [1, 4],
  [0, 5],
  [0, 6],
  [0, 7],
  [2, 8],
]);

test('ethanol has three turns of its methyl group, and as many mirror images', () => {
  const found = symmetriesOf(ethanol);
  expect(found).toHaveLength(6);
  expect(found[0]).toEqual({ from: [0, 1, 2, 3, 4, 5, 6, 7, 8], isMirrored: false });
  expect(new Set(found.map(({ from }) => String(from))).size).toBe(6);
  for (const { from, isMirrored } of found) {
    expect(from.slice(0, 3)).toEqual([0, 1, 2]);
    expect(from[8]).toBe(8);
    // A mirror image exchanges the hydrogens of CH2, a turn does not.
    expect(from.slice(3, 5)).toEqual(isMirrored ? [4, 3] : [3, 4]);
    expect(from.slice(5, 8).toSorted()).toEqual([5, 6, 7]);
  }
});

test('a molecule with a chiral centre has no mirror image', () => {
  // CHFCl with a methyl group.
  const chiral = molecule('CHFlCHHH', [
    [0, 1],
    [0, 2],
    [0, 3],
    [0, 4],
    [4, 5],
    [4, 6],
    [4, 7],
  ]);
  const found = symmetriesOf(chiral);
  expect(found).toHaveLength(3);
  expect(found.some(({ isMirrored }) => isMirrored)).toBe(false);
});

test('a flat or bent molecule has nothing to exchange', () => {
  const water = molecule('OHH', [
    [0, 1],
    [0, 2],
  ]);
  expect(symmetriesOf(water)).toHaveLength(1);
});

test('distances that bonds and elements tell apart stay what they are', () => {
  // Ideal tetrahedra, staggered.
  const x = Float32Array.from(
    [
      [0, 0, 0],
      [1.5, 0, 0],
      [2, 1.3, 0],
      [1.9, -0.5, 0.9],
      [1.9, -0.5, -0.9],
      [-0.4, 1, 0],
      [-0.4, -0.5, 0.87],
      [-0.4, -0.5, -0.87],
      [2.9, 1.3, 0.3],
    ].flat(),
  );
  const apart = (of: Float32Array, i: number, j: number) =>
    Math.hypot(...[0, 1, 2].map((axis) => of[3 * i + axis]! - of[3 * j + axis]!));
  for (const symmetry of symmetriesOf(ethanol)) {
    const out = new Float32Array(x.length);
    exchange(symmetry, x, out, { source: 0, target: 0 });
    for (const [i, j] of [...ethanol.bonds, [0, 2], [1, 8], [2, 3]] as Bond[]) {
      expect(apart(out, i, j)).toBeCloseTo(apart(x, i, j), 2);
    }
    // The methyl group is turned as it was: none of its triple products has changed its sign.
    const triple = (of: Float32Array) => {
      const at = (atom: number) => [0, 1, 2].map((axis) => of[3 * atom + axis]! - of[axis]!);
      const [a, b, c] = [at(5), at(6), at(7)] as [number[], number[], number[]];
      return (
        a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) -
        a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!) +
        a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!)
      );
    };
    expect(Math.sign(triple(out))).toBe(Math.sign(triple(x)));
  }
});
