import { describe, expect, test } from 'vitest';
import type { Axis, Surface } from '../../../core/host/contract.ts';
import { contourLevels, contourLines } from './contour-lines.ts';

const BINS = 60;
const axis = (periodic: boolean): Axis => ({ label: 'x', limits: [-3, 3], periodic });

function surfaceOf(F: (x: number, y: number) => number): Surface {
  const middle = (bin: number) => -3 + (6 * (bin + 0.5)) / BINS;
  const energy = new Float32Array(BINS * BINS);
  for (let i = 0; i < BINS; i++) {
    for (let j = 0; j < BINS; j++) energy[i * BINS + j] = F(middle(i), middle(j));
  }
  return { bins: [BINS, BINS], energy };
}

describe('lines of equal energy', () => {
  test('around a harmonic well are circles of radius √(2 F)', () => {
    const surface = surfaceOf((x, y) => (x * x + y * y) / 2);
    for (const { level, rings } of contourLines([axis(false), axis(false)], surface, [0.5, 1, 2])) {
      expect(rings).toHaveLength(1);
      for (const [i, j] of rings[0]!) {
        const radius = Math.hypot((6 * i) / BINS - 3, (6 * j) / BINS - 3);
        // Two smoothings widen the density by one bin (0.1) in each direction.
        expect(radius).toBeGreaterThan(Math.sqrt(2 * level) - 0.05);
        expect(radius).toBeLessThan(Math.sqrt(2 * level) + 0.05);
      }
    }
  });

  test('along x and along y are not mixed up', () => {
    const surface = surfaceOf((x, y) => 4 * (x - 1) ** 2 + (y + 1) ** 2 / 2);
    const [line] = contourLines([axis(false), axis(false)], surface, [0.5]);
    const corners = line!.rings.flat();
    const middle = (index: 0 | 1) => corners.reduce((sum, corner) => sum + corner[index], 0) / corners.length;
    expect((6 * middle(0)) / BINS - 3).toBeCloseTo(1, 1);
    expect((6 * middle(1)) / BINS - 3).toBeCloseTo(-1, 1);
  });

  test('go on beyond the end of a periodic axis, and only there', () => {
    const surface = surfaceOf((x, y) => 2 * (1 + Math.cos((Math.PI * x) / 3)) + y * y);
    const beyond = (periodic: boolean) =>
      contourLines([axis(periodic), axis(false)], surface, [1])[0]!
        .rings.flat()
        .some(([i]) => i < -1 || i > BINS + 1);
    expect(beyond(true)).toBe(true);
    expect(beyond(false)).toBe(false);
  });

  test('are not drawn where few counts are', () => {
    expect(contourLevels(8, 7).at(-1)).toBeLessThanOrEqual(7 - Math.log(4));
    expect(contourLevels(8, 1)).toEqual([]);
    expect(contourLevels(3, 9).every((level) => level < 3)).toBe(true);
  });

  test('of a surface on which nothing was seen are none', () => {
    const surface = surfaceOf(() => Number.NaN);
    expect(contourLines([axis(true), axis(true)], surface, [1]).flatMap(({ rings }) => rings)).toEqual([]);
  });
});
