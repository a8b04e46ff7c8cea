import { describe, expect, test } from 'vitest';
import type { ColumnName } from '../../models/columns.ts';
import { Batches } from './batches.ts';
import { type Measured, trainingSet } from './data-set.ts';

const setOf = (measured: Omit<Measured, 'name'>, scale = 1, kT = 1) =>
  trainingSet({ name: 'some.xtc', ...measured }, { scale, kT });

/** Samples that say their own number. */
const numbered = (count: number, dimension = 1) => [
  setOf({
    shape: [dimension],
    count,
    positions: Float32Array.from(
      { length: count * dimension },
      (_, i) => Math.floor(i / dimension) + (i % dimension) / 4,
    ),
  }),
];
const seen = (batches: Batches, from: number, steps: number) => {
  const chunk = batches.chunk(from, steps);
  expect(chunk).toEqual({ size: 0, count: steps });
  return [...batches.inputs(from, chunk).x0!];
};

test.each([
  [30, 10],
  [30, 7],
  [7, 30],
  [5, 1],
])('of %i samples in batches of %i, each is seen once in every pass', (samples, batch) => {
  const steps = 3 * samples;
  const order = seen(new Batches(numbered(samples), batch, 1), 0, steps);
  for (let pass = 0; (pass + 1) * samples <= order.length; pass++) {
    const own = order.slice(pass * samples, (pass + 1) * samples).toSorted((a, b) => a - b);
    expect(own).toEqual(Array.from({ length: samples }, (_, i) => i));
  }
});

test('passes are shuffled anew, and by the seed', () => {
  const order = (seed: number) => seen(new Batches(numbered(50), 50, seed), 0, 2);
  const first = order(1);
  expect(first.slice(0, 50)).not.toEqual(first.slice(50));
  expect(order(1)).toEqual(first);
  expect(order(2)).not.toEqual(first);
  expect(order(1 + 2 ** 32)).not.toEqual(first);
});

test('a batch is a function of its step, wherever one begins and however steps are grouped', () => {
  const data = numbered(11);
  const whole = seen(new Batches(data, 4, 3), 0, 40);
  for (const cuts of [[40], [1, 39], [3, 5, 1, 31], Array(40).fill(1)]) {
    const batches = new Batches(data, 4, 3);
    let from = 0;
    const pieces = cuts.flatMap((count) => {
      from += count;
      return seen(batches, from - count, count);
    });
    expect(pieces).toEqual(whole);
  }
  expect(seen(new Batches(data, 4, 3), 33, 2)).toEqual(whole.slice(132, 140));
  const backwards = new Batches(data, 4, 3);
  seen(backwards, 30, 5);
  expect(seen(backwards, 0, 40)).toEqual(whole);
});

test('the coordinates of a sample stay together', () => {
  const points = seen(new Batches(numbered(9, 3), 2, 0), 0, 9);
  for (let i = 0; i < points.length; i += 3) {
    expect(points.slice(i, i + 3)).toEqual([points[i]!, points[i]! + 0.25, points[i]! + 0.5]);
  }
});

test('every order is as likely as another', () => {
  const counts = new Map<string, number>();
  const order = seen(new Batches(numbered(3), 3, 5), 0, 6000);
  for (let i = 0; i < order.length; i += 3) {
    const key = order.slice(i, i + 3).join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // Five standard deviations of a count of 1000.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000 * (5 / 6)));
});

describe('molecules of different sizes', () => {
  /** `frames` frames of a molecule of so many beads, every coordinate the molecule's number and the frame's. */
  const molecule = (number: number, beads: number, frames: number) =>
    setOf(
      {
        shape: [beads, 3],
        count: frames,
        positions: Float32Array.from(
          { length: frames * 3 * beads },
          (_, i) => 2 * (1000 * number + Math.floor(i / (3 * beads))),
        ),
        features: { shape: [beads, 2], values: new Float32Array(2 * beads).fill(number) },
      },
      2,
    );
  const sets = [molecule(1, 4, 30), molecule(2, 5, 100), molecule(3, 4, 70)];

  /** What each step saw: size, and for each sample its molecule and frame. */
  function walk(batches: Batches, steps: number, most = steps) {
    const found: { size: number; rows: [number, number][] }[] = [];
    for (let from = 0; from < steps; ) {
      const chunk = batches.chunk(from, Math.min(most, steps - from));
      const { x0, features } = batches.inputs(from, chunk) as { x0: Float32Array; features?: Float32Array };
      const width = 3 * batches.sizes[chunk.size]!.shape[0]!;
      for (let step = 0; step < chunk.count; step++) {
        const rows = Array.from({ length: BATCH }, (_, i): [number, number] => {
          const row = step * BATCH + i;
          const value = x0[row * width]!;
          const own = Math.floor(value / 1000);
          // Every bead of the sample, scaled, and its own molecule's features.
          expect(x0.subarray(row * width, (row + 1) * width).every((other) => other === value)).toBe(true);
          expect(features![(row * width * 2) / 3]).toBe(own);
          return [own, value % 1000];
        });
        found.push({ size: chunk.size, rows });
      }
      from += chunk.count;
    }
    return found;
  }
  const BATCH = 10;

  test('every size has steps in proportion to its frames, every frame its turn in each pass', () => {
    const batches = new Batches(sets, BATCH, 4);
    expect(batches.sizes.map(({ shape }) => shape)).toEqual([
      [4, 3],
      [5, 3],
    ]);
    const steps = walk(batches, 640);
    expect(steps.filter(({ size }) => size === 0).length).toBe(320);
    for (const [size, frames] of [
      [0, 100],
      [1, 100],
    ] as const) {
      const rows = steps.filter((step) => step.size === size).flatMap((step) => step.rows);
      for (let pass = 0; (pass + 1) * frames <= rows.length; pass++) {
        const seenInPass = new Set(rows.slice(pass * frames, (pass + 1) * frames).map(String));
        expect(seenInPass.size).toBe(frames);
      }
    }
  });

  test('a batch is a function of its step, however steps are grouped', () => {
    const whole = walk(new Batches(sets, BATCH, 4), 200);
    for (const most of [1, 7, 16, 50]) expect(walk(new Batches(sets, BATCH, 4), 200, most)).toEqual(whole);
  });
});

describe('columns', () => {
  const [beads, frames] = [2, 9];
  /** Every column says the frame, and the first set and the second differ by 100. */
  const setFrom = (first: number) => {
    const per = (width: number, unit: number) =>
      Float32Array.from({ length: width * frames }, (_, i) => unit * (first + Math.floor(i / width)));
    return setOf(
      {
        shape: [beads, 3],
        count: frames,
        positions: per(3 * beads, 0.5),
        features: { shape: [beads, 1], values: Float32Array.of(first, first) },
        forces: per(3 * beads, 8),
        energies: per(1, 2),
        weights: per(1, 1),
      },
      0.5,
      2,
    );
  };
  const sets = [setFrom(100), setFrom(200)];
  const all: readonly ColumnName[] = ['positions', 'features', 'forces', 'energies', 'weights'];

  test('of a sample stay together, each as wide as its kind, whatever it was measured in', () => {
    const steps = 36;
    const inputs = new Batches(sets, 1, 2, all).inputs(0, { size: 0, count: steps });
    expect(Object.keys(inputs).toSorted()).toEqual(['energies', 'features', 'forces', 'weights', 'x0']);
    const rowOf = (name: string, row: number) => {
      const values = inputs[name]!;
      const width = values.length / steps;
      return [...values.subarray(row * width, (row + 1) * width)];
    };
    const samples = Array.from({ length: steps }, (_, row) => {
      const [sample] = rowOf('weights', row) as [number];
      expect(rowOf('x0', row)).toEqual(Array(6).fill(sample));
      // 8 per frame, times the scale 0.5, over kT = 2.
      expect(rowOf('forces', row)).toEqual(Array(6).fill(2 * sample));
      expect(rowOf('energies', row)).toEqual([sample]);
      expect(rowOf('features', row)).toEqual(Array(2).fill(sample < 200 ? 100 : 200));
      return sample;
    });
    expect(new Set(samples.slice(0, 18)).size).toBe(18);
  });

  test('come in the same order whichever are wanted; no others come', () => {
    const some = { size: 0, count: 7 };
    const { weights } = new Batches(sets, 3, 2, all).inputs(4, some);
    expect(new Batches(sets, 3, 2, ['weights']).inputs(4, some)).toEqual({ weights });
    const { x0, features } = new Batches(sets, 3, 2, all).inputs(4, some);
    expect(new Batches(sets, 3, 2).inputs(4, some)).toEqual({ x0, features });
    const plain = sets.map(({ columns: { positions }, ...set }) => ({ ...set, columns: { positions } }));
    expect(new Batches(plain, 3, 2).inputs(4, some)).toEqual({ x0 });
  });
});
