import { describe, expect, test } from 'vitest';
import { contourLevels, type EnergySurface, energyContours } from './energy-contours.ts';

const BINS = 60;

function surfaceOf(F: (x: number, y: number) => number, periodic = [false, false]): EnergySurface {
  const middle = (bin: number) => -3 + (6 * (bin + 0.5)) / BINS;
  const energy = new Float32Array(BINS * BINS);
  for (let i = 0; i < BINS; i++) {
    for (let j = 0; j < BINS; j++) energy[i * BINS + j] = F(middle(i), middle(j));
  }
  return { bins: [BINS, BINS], energy, periodic };
}

describe('lines of equal energy', () => {
  test('around a harmonic well are circles of radius √(2 F)', () => {
    const surface = surfaceOf((x, y) => (x * x + y * y) / 2);
    for (const [at, level] of [0.5, 1, 2].entries()) {
      const rings = energyContours(surface, [0.5, 1, 2])[at]!;
      expect(rings).toHaveLength(1);
      expect(rings[0]![0]).toEqual(rings[0]!.at(-1));
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
    const corners = energyContours(surface, [0.5]).flat(2);
    const middle = (index: 0 | 1) => corners.reduce((sum, corner) => sum + corner[index], 0) / corners.length;
    expect((6 * middle(0)) / BINS - 3).toBeCloseTo(1, 1);
    expect((6 * middle(1)) / BINS - 3).toBeCloseTo(-1, 1);
  });

  test('go on beyond the end of a periodic axis, and only there', () => {
    const beyond = (periodic: boolean) => {
      const surface = surfaceOf((x, y) => 2 * (1 + Math.cos((Math.PI * x) / 3)) + y * y, [periodic, false]);
      return energyContours(surface, [1])
        .flat(2)
        .some(([i]) => i < -1 || i > BINS + 1);
    };
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
    expect(energyContours({ ...surface, periodic: true }, [1])).toEqual([[]]);
  });

  test('close around what was seen, and are the same in every unit', () => {
    const inside = (x: number, y: number) => (Math.hypot(x, y) < 2 ? 0.1 : Number.NaN);
    const [lines] = energyContours(surfaceOf(inside), [1.1]);
    expect(lines).toHaveLength(1);
    for (const [i, j] of lines![0]!) expect(Math.hypot((6 * i) / BINS - 3, (6 * j) / BINS - 3)).toBeCloseTo(2.1, 0);
    const kT = 2.494;
    const inKilojoules = { ...surfaceOf((x, y) => kT * inside(x, y)), kT };
    const [again] = energyContours(inKilojoules, [kT * 1.1]);
    for (const [at, [i, j]] of again![0]!.entries()) {
      expect(i).toBeCloseTo(lines![0]![at]![0], 4);
      expect(j).toBeCloseTo(lines![0]![at]![1], 4);
    }
  });
});
