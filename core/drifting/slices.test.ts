import { expect, test } from 'vitest';
import { beadTree, placements } from '../models/bead-tree.ts';
import { builtFrom, numbersOfTree } from '../models/built-conformations.ts';
import { evaluated } from '../models/evaluated.test-support.ts';
import { reshape } from '../program/primitives.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { inOwnWidths, randomGroup, randomProjection, turnGroups } from './slices.ts';

const next = gaussianSource(2);
const BEADS = 6;
const base = Array.from({ length: 3 * BEADS }, next);
const frames = Array.from({ length: 200 }, () => base.map((value) => value + 0.01 * next()));
const tree = beadTree(placements(BEADS, [])!, { count: 200, at: (frame) => frames[frame]! })!;

test('coordinates in their own widths are the numbers that a conformation is built from', async () => {
  const size = numbersOfTree(tree);
  const numbers = Array.from({ length: 4 * size }, () => 0.5 * next());
  const { back } = await evaluated({ n: { shape: [4, size], values: numbers } }, ({ n }) => {
    const x = builtFrom(tree, n);
    return { back: inOwnWidths(tree, reshape(x, [4, BEADS, 3])) };
  });
  const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);
  for (let row = 0; row < 4; row++) {
    const own = sorted(numbers.slice(row * size, (row + 1) * size));
    sorted(back!.subarray(row * size, (row + 1) * size)).forEach((value, i) => {
      expect(Math.abs(value - own[i]!)).toBeLessThan(0.03);
    });
  }
});

test('axes of a projection mix a few coordinates each, and differ from step to step', async () => {
  const at = (seed: number) =>
    evaluated({ x: { shape: [], values: [0] } }, () => ({ p: randomProjection(60, 0) }), { seed });
  const [one, other] = [(await at(1)).p!, (await at(2)).p!];
  const used = one.filter((value) => value !== 0).length;
  expect(used).toBeGreaterThan(4);
  expect(used).toBeLessThan(30);
  expect(one).not.toEqual(other);
});

test('turns that meet are a group, those at ends apart, and each step takes one', async () => {
  const turns = (
    [
      [0, 1, 2, 3],
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [2, 3, 4, 9],
    ] as const
  ).map((atoms, i) => ({ atoms, isEnd: i === 3 }));
  const { main, ends } = turnGroups(turns);
  expect({ main, ends }).toEqual({ main: [[0, 1], [2]], ends: [[1, 3]] });
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const { p } = await evaluated({ x: { shape: [], values: [0] } }, () => ({ p: randomGroup(main, 3, 0) }), { seed });
    seen.add(
      Array.from(p!)
        .flatMap((value, at) => (value === 0 ? [] : [Math.floor(at / 4)]))
        .join(),
    );
  }
  expect([...seen].toSorted()).toEqual(['0,1,3,4', '2,5']);
});
