import { expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { conformations, frameAt } from './conformations.ts';
import { medoid } from './medoid.ts';
import { rmsd } from './rmsd.ts';

const next = gaussianSource(12);
const shape = Float64Array.from({ length: 18 }, next);
const frames = 60;
const all = conformations(
  Float64Array.from({ length: 18 * frames }, (_, i) => shape[i % 18]! + 0.1 * next()),
  6,
);

test('is the frame of the smallest mean RMSD to the others', () => {
  const chosen = Array.from({ length: 30 }, (_, i) => 2 * i);
  const means = chosen.map((frame) => {
    const deviations = rmsd(all, frameAt(all, frame));
    return chosen.reduce((sum, other) => sum + deviations[other]!, 0) / 29;
  });
  const lowest = Math.min(...means);
  const found = medoid(all, chosen);
  expect(found.frame).toBe(chosen[means.indexOf(lowest)]);
  expect(found.meanRmsd).toBeCloseTo(lowest, 12);
  expect(found.compared).toBe(30);
});

test('looks at no more frames than allowed, evenly, and always at the same', () => {
  const everyone = Array.from({ length: frames }, (_, i) => i);
  const found = medoid(all, everyone, { limit: 12 });
  expect(found.compared).toBe(12);
  expect(found).toEqual(medoid(all, everyone, { limit: 12 }));
  expect(found.frame % 5).toBe(2);
});

test('passes over frames that are no numbers; one frame is its own medoid; none is an error', () => {
  const broken = conformations(Float64Array.from(all.positions), 6);
  broken.positions[18] = Number.NaN;
  expect(medoid(broken, [1, 2])).toEqual({ frame: 2, meanRmsd: 0, compared: 1 });
  expect(() => medoid(broken, [1])).toThrow(/no frame/);
});
