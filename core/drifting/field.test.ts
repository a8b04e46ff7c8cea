import { describe, expect, test } from 'vitest';
import { evaluated } from '../models/evaluated.test-support.ts';
import { constant } from '../program/primitives.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { affinities, type Batch, drift, type Kernel, kernels, squaredDistances } from './field.ts';

const D = 2;
function normals(rows: number, seed: number, shift = 0): Float64Array {
  const next = gaussianSource(seed);
  return Float64Array.from({ length: rows * D }, () => next() + shift);
}

interface Given {
  readonly points: ArrayLike<number>;
  readonly data: ArrayLike<number>;
  readonly generated?: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

async function fieldOf(given: Given, kernel: Kernel, bandwidths: readonly number[]) {
  const rows = (values: ArrayLike<number>) => ({ shape: [values.length / D, D], values });
  const inputs = {
    points: rows(given.points),
    data: rows(given.data),
    generated: rows(given.generated ?? given.points),
    ...(given.weights ? { weights: { shape: [given.weights.length], values: given.weights } } : {}),
  };
  return evaluated(inputs, (tensors) => {
    const batch = { ...tensors, isOwn: given.generated === undefined } as unknown as Batch;
    const { field, sizes } = drift(
      batch,
      kernel,
      bandwidths.map((h) => constant(h)),
    );
    return { field, size: sizes[0]! };
  });
}

describe.each(kernels)('the drift field with the %s kernel', (kernel) => {
  const points = normals(7, 1);
  const [a, b] = [normals(40, 2), normals(40, 3, 0.5)];

  test('changes its sign where data and generated configurations change places', async () => {
    const there = await fieldOf({ points, data: a, generated: b }, kernel, [0.3, 1]);
    const back = await fieldOf({ points, data: b, generated: a }, kernel, [0.3, 1]);
    expect(Math.max(...there.field!.map(Math.abs))).toBeGreaterThan(0.5);
    there.field!.forEach((value, i) => {
      expect(value).toBeCloseTo(-back.field![i]!, 10);
    });
  });

  test('vanishes where they are the same', async () => {
    const { field, size } = await fieldOf({ points, data: a, generated: a }, kernel, [0.5]);
    expect(size![0]).toBeLessThan(1e-25);
    expect(Math.max(...field!.map(Math.abs))).toBeLessThan(1e-4);
  });

  test('does not push a configuration away from itself', async () => {
    const { k } = await evaluated(
      { x: { shape: [7, D], values: points }, y: { shape: [40, D], values: a } },
      ({ x, y }) => ({
        k: affinities({ points: x, data: y, generated: x, isOwn: true }, kernel, constant(0.5)).generated,
      }),
    );
    for (let i = 0; i < 7; i++) {
      expect(k![8 * i]).toBe(0);
      expect(k![7 * i + ((i + 1) % 7)]).toBeGreaterThan(0);
    }
  });

  test('pulls towards the data', async () => {
    const { field } = await fieldOf({ points: normals(50, 4, -1), data: normals(50, 5, 1) }, kernel, [1]);
    const mean = [0, 1].map((axis) => field!.reduce((sum, value, i) => sum + (i % D === axis ? value / 50 : 0), 0));
    for (const along of mean) expect(along).toBeGreaterThan(0.3);
  });
});

test('each bandwidth counts alike', async () => {
  const { field } = await fieldOf({ points: normals(60, 1), data: normals(60, 2, 1) }, 'gaussian', [0.2]);
  expect(field!.reduce((sum, value) => sum + value ** 2, 0) / field!.length).toBeCloseTo(1, 8);
});

test('with a kernel as wide as the world the data pull to their weighted mean', async () => {
  const [points, data] = [normals(9, 1), normals(20, 2, 0.5)];
  const weights = Float64Array.from({ length: 20 }, (_, i) => (i < 5 ? 3 : 1));
  const meanOf = (values: Float64Array, axis: number, of: (i: number) => number) => {
    let [sum, mass] = [0, 0];
    for (let i = 0; i < values.length / D; i++) {
      sum += of(i) * values[D * i + axis]!;
      mass += of(i);
    }
    return sum / mass;
  };
  const expected = [0, 1].reduce(
    (sum, axis) => sum + (meanOf(data, axis, (i) => weights[i]!) - meanOf(points, axis, () => 1)) ** 2,
    0,
  );
  const { size } = await fieldOf({ points, data, generated: Float64Array.from(points), weights }, 'gaussian', [1e4]);
  expect(size![0]).toBeCloseTo(expected, 6);
});

test('distances of configurations far from the origin stay exact enough, and are never negative', async () => {
  const a = normals(30, 1, 3);
  const { d } = await evaluated({ a: { shape: [30, D], values: a } }, (inputs) => ({
    d: squaredDistances(inputs.a, inputs.a),
  }));
  for (let i = 0; i < 30; i++) {
    for (let j = 0; j < 30; j++) {
      const exact = (a[2 * i]! - a[2 * j]!) ** 2 + (a[2 * i + 1]! - a[2 * j + 1]!) ** 2;
      expect(d![30 * i + j]).toBeGreaterThanOrEqual(0);
      expect(d![30 * i + j]).toBeCloseTo(exact, 10);
    }
  }
});
