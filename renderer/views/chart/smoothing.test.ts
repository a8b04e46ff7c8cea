import { describe, expect, test } from 'vitest';
import { smoothed } from './smoothing.ts';

describe('smoothing', () => {
  test('leaves a constant and a straight line where they are', () => {
    expect([...smoothed(new Float64Array(50).fill(3), 10)].every((value) => Math.abs(value - 3) < 1e-12)).toBe(true);
    const line = Array.from({ length: 401 }, (_, i) => i);
    expect(smoothed(line, 10)[200]).toBeCloseTo(200, 6);
  });

  test('takes most of the noise and neither delays nor lowers what is under it', () => {
    const under = (i: number) => 1 + Math.exp(-i / 100);
    const noise = (i: number) => Math.sin(i * 12.9898) * 0.3;
    const values = Array.from({ length: 600 }, (_, i) => under(i) + noise(i));
    const smooth = smoothed(values, 8);
    const error = (of: ArrayLike<number>) =>
      Math.sqrt(values.reduce((sum, _, i) => sum + (of[i]! - under(i)) ** 2, 0) / values.length);
    expect(error(smooth)).toBeLessThan(0.35 * error(values));
    expect(
      Math.abs(smooth.slice(100, 500).reduce((sum, value, i) => sum + value - under(i + 100), 0) / 400),
    ).toBeLessThan(0.01);
  });

  test('gaps stay gaps and spoil nothing', () => {
    const smooth = smoothed([1, 1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1], 3);
    expect([...smooth].map(Number.isNaN)).toEqual([false, false, true, false, true, false]);
    expect(smooth[3]).toBeCloseTo(1, 12);
  });

  test('over less than a point changes nothing', () => {
    expect([...smoothed([4, 1, 7], 0)]).toEqual([4, 1, 7]);
  });
});
