import { describe, expect, test } from 'vitest';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { angleAt, beadTree, dihedral, distance, placements, wrapped } from './bead-tree.ts';
import { builtFrom, numbersOfTree } from './built-conformations.ts';
import { evaluated } from './evaluated.test-support.ts';

/** A centre with four arms, one of which goes on; as bonds. */
const BONDS = [
  [0, 1],
  [1, 2],
  [1, 3],
  [1, 4],
  [4, 5],
  [5, 6],
  [5, 7],
] as const;
const BEADS = 8;

test('every bead is placed once, from beads that are there', () => {
  const placed = placements(BEADS, BONDS)!;
  const seen: number[] = [];
  for (const { bead, from } of placed) {
    for (const other of from) expect(seen).toContain(other);
    expect(from.length).toBe(Math.min(seen.length, 3));
    expect(new Set(from).size).toBe(from.length);
    seen.push(bead);
  }
  expect(seen.toSorted()).toEqual(Array.from({ length: BEADS }, (_, i) => i));
});

test('beads that no bond holds have no tree, and beads without bonds are a chain', () => {
  expect(placements(4, [[0, 1]])).toBeUndefined();
  expect(placements(3, [])!.map(({ bead }) => bead)).toEqual([1, 0, 2]);
  expect(placements(2, [[0, 1]])).toHaveLength(2);
});

describe('conformations that are built', () => {
  const next = gaussianSource(4);
  const base = Array.from({ length: 3 * BEADS }, next);
  const frames = Array.from({ length: 300 }, () => base.map((value) => value + 0.02 * next()));
  const tree = beadTree(placements(BEADS, BONDS)!, { count: frames.length, at: (frame) => frames[frame]! })!;

  test('have the lengths, angles and turns that they are built from, handedness and all', async () => {
    const rows = 3;
    const numbers = Array.from({ length: rows * numbersOfTree(tree) }, next);
    const { x } = await evaluated({ n: { shape: [rows, numbersOfTree(tree)], values: numbers } }, ({ n }) => ({
      x: builtFrom(tree, n),
    }));
    for (let row = 0; row < rows; row++) {
      const own = x!.subarray(3 * BEADS * row, 3 * BEADS * (row + 1));
      let at = row * numbersOfTree(tree);
      for (const { bead, from, length, angle, turn } of tree) {
        const [parent, grand, third] = from as [number, number, number];
        if (length) expect(distance(own, bead, parent)).toBeCloseTo(length[0] + length[1] * numbers[at++]!, 5);
        if (angle) expect(angleAt(own, bead, parent, grand)).toBeCloseTo(angle[0] + angle[1] * numbers[at++]!, 4);
        if (turn) {
          const found = dihedral(own, bead, parent, grand, third);
          expect(wrapped(found - turn[0] - turn[1] * numbers[at++]!)).toBeCloseTo(0, 4);
        }
      }
      for (const axis of [0, 1, 2]) {
        const sum = Array.from({ length: BEADS }, (_, bead) => own[3 * bead + axis]!).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(0, 8);
      }
    }
  });

  test('a turn that goes around is free, and takes a direction', async () => {
    const spun = frames.map((x, i) => {
      const angle = (2 * Math.PI * i) / frames.length;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      // The far arm is turned about the axis from bead 4 to bead 5.
      const axis = [0, 1, 2].map((k) => base[15 + k]! - base[12 + k]!);
      const size = Math.hypot(...axis);
      const u = axis.map((value) => value / size) as [number, number, number];
      const turned = [...x];
      for (const bead of [6, 7]) {
        const d = [0, 1, 2].map((k) => x[3 * bead + k]! - base[15 + k]!) as [number, number, number];
        const along = u[0] * d[0] + u[1] * d[1] + u[2] * d[2];
        const cross = [u[1] * d[2] - u[2] * d[1], u[2] * d[0] - u[0] * d[2], u[0] * d[1] - u[1] * d[0]];
        for (const k of [0, 1, 2] as const) {
          turned[3 * bead + k] = base[15 + k]! + c * d[k] + s * cross[k]! + (1 - c) * along * u[k];
        }
      }
      return turned;
    });
    const own = beadTree(placements(BEADS, BONDS)!, { count: spun.length, at: (frame) => spun[frame]! })!;
    const free = own.filter(({ from, turn }) => from.length === 3 && !turn);
    expect(free).toHaveLength(1);
    expect(numbersOfTree(own)).toBe(numbersOfTree(tree) + 1);
  });
});

test('straight molecules have no tree', () => {
  const x = [0, 0, 0, 1, 0, 0, 2, 0, 0];
  expect(beadTree(placements(3, [])!, { count: 1, at: () => x })).toBeUndefined();
});
