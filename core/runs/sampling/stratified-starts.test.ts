import { expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { spaced } from '../data/data-set.ts';
import { stratifiedStarts } from './stratified-starts.ts';

/** Three basins in a plane, frames in any order: 90 %, 7.6 % and 2.4 %. */
const basins = [
  { centre: [-0.5, 0.5], frames: 9000 },
  { centre: [-0.5, -0.3], frames: 760 },
  { centre: [0.5, 0.2], frames: 240 },
];

function data() {
  const next = gaussianSource(4);
  const frames = basins.flatMap(({ centre, frames: own }) =>
    Array.from({ length: own }, () => ({ key: next(), at: centre.map((value) => value + 0.07 * next()) })),
  );
  const values = Float32Array.from(frames.toSorted((a, b) => a.key - b.key).flatMap(({ at }) => at));
  return { dimension: 2, count: frames.length, values };
}
const plane = {
  plane: { limits: [[-1, 1] as const, [-1, 1] as const], periodic: false, pmfBins: 10, jsBins: 10 },
  points: (values: Float32Array) => [0, 1].map((axis) => values.filter((_, i) => i % 2 === axis)),
};
const countsIn = (starts: Float32Array) => {
  const counts = [0, 0, 0];
  for (let i = 0; i < starts.length; i += 2) counts[starts[i]! > 0 ? 2 : starts[i + 1]! < 0.1 ? 1 : 0]!++;
  return counts;
};

test('every basin has its fraction of the replicas to within one or two, for any seed; others are drawn by another', () => {
  const set = data();
  const replicas = 100;
  const offsets = Array.from({ length: 50 }, (_, seed) => {
    const counts = countsIn(stratifiedStarts(set, plane, replicas, seed));
    return counts.map((count, i) => count - (replicas * basins[i]!.frames) / set.count);
  });
  for (const each of offsets) for (const offset of each) expect(Math.abs(offset)).toBeLessThan(2);
  // On average exactly: no basin is preferred.
  for (const basin of [0, 1, 2]) {
    const mean = offsets.reduce((sum, each) => sum + each[basin]!, 0) / offsets.length;
    expect(Math.abs(mean)).toBeLessThan(0.35);
  }
  expect(stratifiedStarts(set, plane, 10, 1)).toEqual(stratifiedStarts(set, plane, 10, 1));
  expect(stratifiedStarts(set, plane, 10, 1)).not.toEqual(stratifiedStarts(set, plane, 10, 2));
});

test('starts at even intervals of the files are within the √n of independent draws', () => {
  const set = data();
  const replicas = 400;
  const counts = countsIn(spaced(set, replicas));
  counts.forEach((count, i) => {
    const expected = (replicas * basins[i]!.frames) / set.count;
    expect(Math.abs(count - expected)).toBeLessThan(3 * Math.sqrt(expected));
  });
});

test('all frames once, where there are as many replicas', () => {
  const { values } = data();
  const set = { dimension: 2, count: 500, values: values.slice(0, 1000) };
  const sums = (rows: Float32Array) =>
    Array.from({ length: 500 }, (_, i) => rows[2 * i]! + 7 * rows[2 * i + 1]!).sort();
  expect(sums(stratifiedStarts(set, plane, 500, 3))).toEqual(sums(set.values));
});
