import { describe, expect, test } from 'vitest';
import { isInside, type Point, simplified } from './outline.ts';

const circle = Array.from({ length: 400 }, (_, i): Point => {
  const angle = (2 * Math.PI * i) / 400;
  return [2 * Math.cos(angle), 2 * Math.sin(angle)];
});

describe('a region drawn around', () => {
  test('holds what lies in it', () => {
    for (let i = 0; i < 500; i++) {
      const at: Point = [3 * Math.sin(i * 7.1), 3 * Math.cos(i * 3.7)];
      const radius = Math.hypot(...at);
      if (Math.abs(radius - 2) > 0.01) expect(isInside(circle, at)).toBe(radius < 2);
    }
  });

  test('may be bent inwards', () => {
    const bent: Point[] = [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 1],
      [0, 4],
    ];
    expect(isInside(bent, [2, 0.5])).toBe(true);
    expect(isInside(bent, [2, 3])).toBe(false);
  });

  test('keeps its form with fewer corners', () => {
    const fewer = simplified(circle, 0.01);
    expect(fewer.length).toBeLessThan(60);
    expect(fewer[0]).toEqual(circle[0]);
    for (const [x, y] of circle) {
      expect(isInside(fewer, [0.98 * x, 0.98 * y])).toBe(true);
      expect(isInside(fewer, [1.02 * x, 1.02 * y])).toBe(false);
    }
  });

  test('a straight line is its ends', () => {
    expect(
      simplified(
        Array.from({ length: 50 }, (_, i): Point => [i, 2 * i]),
        1e-9,
      ),
    ).toEqual([
      [0, 0],
      [49, 98],
    ]);
  });
});
