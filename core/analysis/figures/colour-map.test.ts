import { expect, test } from 'vitest';
import { SHADES, shadeOf } from './colour-bar.ts';
import { type ColourMap, diverging, sequential } from './colour-map.ts';
import { labOf } from './lab.test-support.ts';

const sampled = (map: ColourMap, count = 101) => Array.from({ length: count }, (_, i) => labOf(map(i / (count - 1))));
const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((value, i) => value - b[i]!));

test('the sequential map rises in lightness from dark to light in even steps', () => {
  const colours = sampled(sequential, 33);
  const steps = colours.slice(1).map((colour, i) => distance(colour, colours[i]!));
  colours.slice(1).forEach((colour, i) => {
    expect(colour[0]).toBeGreaterThan(colours[i]![0]);
  });
  expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.7);
  expect(colours.at(-1)![0] - colours[0]![0]).toBeGreaterThan(0.6);
});

test('the sequential map ends off the white of the paper', () => {
  expect(distance(labOf(sequential(1)), labOf('#ffffff'))).toBeGreaterThan(0.12);
});

test('the diverging map is neutral in the middle and equally dark at both ends', () => {
  const colours = sampled(diverging);
  const chroma = ([, a, b]: readonly number[]) => Math.hypot(a!, b!);
  expect(chroma(colours[50]!)).toBeLessThan(0.02);
  expect(colours[0]![0]).toBeCloseTo(colours[100]![0], 1);
  for (let i = 0; i < 50; i++) {
    expect(colours[i + 1]![0]).toBeGreaterThan(colours[i]![0]);
    expect(colours[99 - i]![0]).toBeGreaterThan(colours[100 - i]![0]);
  }
});

test('values outside the range take the last shades', () => {
  expect([-1, 0, 9.99, 10, 50].map((value) => shadeOf(value, [0, 10]))).toEqual([
    0,
    0,
    SHADES - 1,
    SHADES - 1,
    SHADES - 1,
  ]);
  expect(sequential(-3)).toBe(sequential(0));
});
