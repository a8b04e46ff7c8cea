import { describe, expect, test } from 'vitest';
import { evaluated } from '../models/evaluated.test-support.ts';
import { constant } from '../program/primitives.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { type Batch, drift } from './field.ts';
import { type Kernel, kernelAmong, kernels } from './kernel.ts';
import { squaredDistances } from './pairs.ts';

const D = 2;
function normals(rows: number, seed: number, shift = 0): Float64Array {
  const next = gaussianSource(seed);
  return Float64Array.from({ length: rows * D }, () => next() + shift);
}

interface Given {
  readonly points: ArrayLike<number>;
  readonly data: ArrayLike<number>;
  readonly generated?: ArrayLike<number>;
}

async function fieldOf(given: Given, kernel: Kernel, bandwidths: readonly number[]) {
  const rows = (values: ArrayLike<number>) => ({ shape: [values.length / D, D], values });
  const inputs = {
    points: rows(given.points),
    data: rows(given.data),
    generated: rows(given.generated ?? given.points),
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
    const { k } = await evaluated({ x: { shape: [7, D], values: points } }, ({ x }) => ({
      k: kernelAmong(kernel, squaredDistances(x, x), constant(0.5)),
    }));
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
