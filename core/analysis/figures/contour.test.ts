import { expect, test } from 'vitest';
import { contourLines, smooth } from './contour.ts';

const field = (bins: number, f: (i: number, j: number) => number) =>
  Float64Array.from({ length: bins * bins }, (_, cell) => f(Math.floor(cell / bins), cell % bins));

test('the contour of a cone is one closed circle', () => {
  const lines = contourLines(
    field(41, (i, j) => Math.hypot(i - 20, j - 20)),
    [41, 41],
    12.3,
  );
  expect(lines.length).toBe(1);
  expect(lines[0]![0]).toEqual(lines[0]!.at(-1));
  for (const [x, y] of lines[0]!) expect(Math.abs(Math.hypot(x - 20, y - 20) - 12.3)).toBeLessThan(0.02);
});

test('the contour of a slope is one open straight line', () => {
  const lines = contourLines(
    field(10, (i) => i),
    [10, 10],
    3.25,
  );
  expect(lines.length).toBe(1);
  expect(lines[0]!.length).toBe(10);
  for (const [x] of lines[0]!) expect(x).toBeCloseTo(3.25, 12);
});

test('a saddle gives two lines that do not cross', () => {
  expect(contourLines(Float64Array.of(1, 0, 0, 1), [2, 2], 0.4).length).toBe(2);
  expect(contourLines(Float64Array.of(1, 0, 0, 1), [2, 2], 0.6).length).toBe(2);
});

test('contours stop at blank cells', () => {
  const broken = field(10, (i, j) => (j === 5 ? Number.NaN : i));
  const lines = contourLines(broken, [10, 10], 3.5);
  expect(lines.length).toBe(2);
  for (const line of lines) for (const [, y] of line) expect(Math.abs(y - 5)).toBeGreaterThanOrEqual(1);
});

test('smoothing keeps constants, lowers noise and fills no blank', () => {
  const noisy = field(12, (i, j) => (i === 3 && j === 3 ? Number.NaN : (i + j) % 2));
  const soft = smooth(noisy, [12, 12]);
  expect(soft[3 * 12 + 3]).toBeNaN();
  expect(Math.abs(soft[6 * 12 + 6]! - 0.5)).toBeLessThan(0.05);
  expect(smooth(new Float64Array(9).fill(2), [3, 3])).toEqual(new Float64Array(9).fill(2));
});

test('a grid may be longer than it is high', () => {
  const wide = Float64Array.from({ length: 30 * 8 }, (_, cell) => Math.floor(cell / 8) + 0.5 * (cell % 8));
  const lines = contourLines(wide, [30, 8], 11.25);
  expect(lines.length).toBe(1);
  for (const [x, y] of lines[0]!) expect(x + 0.5 * y).toBeCloseTo(11.25, 12);
  expect(Math.max(...lines[0]!.map(([, y]) => y))).toBe(7);
});

test('every line is drawn once: circles within each other are as many lines', () => {
  const waves = field(60, (i, j) => Math.cos(Math.hypot(i - 29.5, j - 29.5) / 2));
  const lines = contourLines(waves, [60, 60], 0).filter((line) => line[0]![0] === line.at(-1)![0]);
  // Radii of the zeros of the cosine that lie on the grid: π, 3π, 5π, 7π, 9π.
  expect(
    lines.map((line) => Math.round(Math.hypot(line[0]![0] - 29.5, line[0]![1] - 29.5))).sort((a, b) => a - b),
  ).toEqual([1, 3, 5, 7, 9].map((k) => Math.round(k * Math.PI)));
});
