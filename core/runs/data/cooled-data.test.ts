import { expect, test } from 'vitest';
import { BOND, chainFrames, chainTopology } from '../small-molecule.test-support.ts';
import { cooled } from './cooled-data.ts';

const BEADS = 4;
const COUNT = 3000;
// A chain whose angles are stiff, too: nearly straight corners of 100 degrees.
const topology = chainTopology(['ALA', 'GLY', 'SER', 'ALA']);
const values = chainFrames(BEADS, COUNT, 2);
const data = { dimension: 3 * BEADS, count: COUNT, values };

const moments = (of: Float32Array) => {
  const lengths = Array.from({ length: COUNT }, (_, frame) =>
    Math.hypot(...[0, 1, 2].map((axis) => of[12 * frame + axis]! - of[12 * frame + 3 + axis]!)),
  );
  const mean = lengths.reduce((sum, length) => sum + length, 0) / COUNT;
  return { mean, deviation: Math.sqrt(lengths.reduce((sum, length) => sum + (length - mean) ** 2, 0) / COUNT) };
};

test('bonds become narrower about the same mean', async () => {
  const { values: cold } = await cooled('chain', data, topology, 0.5);
  const [before, after] = [moments(values), moments(cold)];
  expect(after.mean).toBeCloseTo(before.mean, 4);
  expect(after.deviation / before.deviation).toBeCloseTo(0.5, 3);
  expect(before.deviation).toBeGreaterThan(0.5 * BOND.width);
});

test('at the same temperature nothing changes but how frames are turned', async () => {
  const { values: same } = await cooled('chain', data, topology, 1);
  const pairs = [
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 3],
  ] as const;
  const at = (of: Float32Array, frame: number, i: number, j: number) =>
    Math.hypot(...[0, 1, 2].map((axis) => of[12 * frame + 3 * i + axis]! - of[12 * frame + 3 * j + axis]!));
  for (const frame of [0, 7, 500, COUNT - 1]) {
    for (const [i, j] of pairs) expect(at(same, frame, i, j)).toBeCloseTo(at(values, frame, i, j), 4);
  }
});

test('a molecule in two pieces is a sentence', async () => {
  const apart = { ...topology, bonds: [[0, 1] as [number, number]] };
  await expect(cooled('pair', data, apart, 0.5)).rejects.toThrow('cannot be taken apart');
});
