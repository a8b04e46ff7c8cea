import { describe, expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { Covariance, LaggedCovariance } from './covariance.ts';

const FEATURES = 7;

function randomRows(count: number, seed: number): Float64Array {
  const next = gaussianSource(seed);
  let previous = 0;
  return Float64Array.from({ length: count * FEATURES }, (_, i) => {
    previous = 0.8 * previous + next();
    return 1e5 * (i % FEATURES) + previous;
  });
}

/** ⟨(x − a)(y − b)ᵀ⟩ over pairs, in the plain way. */
function plain(pairs: readonly (readonly [Float64Array, Float64Array])[], mean: ArrayLike<number>): number[] {
  return Array.from({ length: FEATURES ** 2 }, (_, at) => {
    const [i, j] = [Math.floor(at / FEATURES), at % FEATURES];
    return pairs.reduce((sum, [x, y]) => sum + (x[i]! - mean[i]!) * (y[j]! - mean[j]!), 0) / pairs.length;
  });
}

const rowsOf = (rows: Float64Array) =>
  Array.from({ length: rows.length / FEATURES }, (_, i) => rows.subarray(i * FEATURES, (i + 1) * FEATURES));
const expectClose = (found: ArrayLike<number>, wanted: readonly number[]) => {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-9 + 1e-14 * Math.abs(value));
  });
};

test('mean and covariance are those of the definition, about means far from 0', () => {
  const rows = randomRows(1001, 1);
  const sum = new Covariance(FEATURES);
  sum.add(rows);
  const { count, mean, covariance } = sum.result();
  expect(count).toBe(1001);
  const frames = rowsOf(rows);
  const expected = Array.from({ length: FEATURES }, (_, k) => frames.reduce((s, row) => s + row[k]! / 1001, 0));
  expectClose(mean, expected);
  expectClose(
    covariance,
    plain(
      frames.map((row) => [row, row]),
      expected,
    ),
  );
});

test('frames that are no numbers do not count, wherever they stand', () => {
  const rows = randomRows(200, 2);
  const without = new Covariance(FEATURES);
  without.add(rows.subarray(FEATURES));
  rows[3] = Number.NaN;
  const broken = new Covariance(FEATURES);
  broken.add(rows);
  expect(broken.result()).toEqual(without.result());
});

describe('lagged covariance', () => {
  const lag = 5;
  const [first, second] = [randomRows(300, 3), randomRows(120, 4)];
  const pairsIn = (rows: Float64Array) => {
    const frames = rowsOf(rows);
    return frames.slice(lag).map((row, i) => [frames[i]!, row] as const);
  };

  test('is that of pairs in both directions of time; trajectories do not mix', () => {
    const sum = new LaggedCovariance(FEATURES, lag);
    sum.add(first);
    sum.endTrajectory();
    sum.add(second);
    const { count, mean, covariance, lagged } = sum.result();
    const pairs = [...pairsIn(first), ...pairsIn(second)];
    expect(count).toBe(295 + 115);
    const expected = Array.from(
      { length: FEATURES },
      (_, k) => pairs.reduce((s, [x, y]) => s + x[k]! + y[k]!, 0) / pairs.length / 2,
    );
    expectClose(mean, expected);
    const both = (of: (typeof pairs)[number][]) => plain(of, expected);
    expectClose(covariance, both(pairs.flatMap(([x, y]) => [[x, x] as const, [y, y] as const])));
    expectClose(lagged, both(pairs.flatMap(([x, y]) => [[x, y] as const, [y, x] as const])));
  });

  test('does not depend on the pieces that the trajectory comes in', () => {
    const whole = new LaggedCovariance(FEATURES, lag);
    whole.add(first);
    const pieces = new LaggedCovariance(FEATURES, lag);
    for (let start = 0, size = 1; start < 300; start += size, size = (2 * size) % 37) {
      pieces.add(first.subarray(start * FEATURES, Math.min(300, start + size) * FEATURES));
    }
    expect(pieces.result()).toEqual(whole.result());
  });

  test('a frame that is no number takes its two pairs away and no more', () => {
    const rows = first.slice();
    rows[100 * FEATURES + 2] = Number.NaN;
    const sum = new LaggedCovariance(FEATURES, lag);
    sum.add(rows);
    expect(sum.result().count).toBe(293);
  });

  test('trajectories shorter than the lag and impossible lags are errors', () => {
    const sum = new LaggedCovariance(FEATURES, lag);
    for (let i = 0; i < 10; i++) {
      sum.add(first.subarray(0, 4 * FEATURES));
      sum.endTrajectory();
    }
    expect(() => sum.result()).toThrow(/long enough for a lag of 5 frames/);
    expect(() => new LaggedCovariance(FEATURES, 0)).toThrow(/1 frame or more/);
  });
});
