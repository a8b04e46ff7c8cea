import { expect, test } from 'vitest';
import { evaluated } from '../models/evaluated.test-support.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { langevinStep } from './langevin-step.ts';

const ROWS = 20_000;
const SIZE = 0.3;
const next = gaussianSource(2);
const unit = Float64Array.from({ length: ROWS }, () => next());
const varianceOf = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0) / x.length;

test.each([
  ['as wide as its well', 1, 1],
  ['too narrow', 0.6, 1],
])('data that are %s become as wide as the formula says', async (_, width, well) => {
  const x = unit.map((value) => Math.sqrt(width) * value);
  const forces = x.map((value) => -value / well);
  const given = { x: { shape: [ROWS, 1], values: x }, forces: { shape: [ROWS, 1], values: forces } };
  const { y } = await evaluated(given, (inputs) => ({ y: langevinStep(inputs.x, inputs.forces, SIZE) }));
  const epsilon = SIZE / varianceOf(forces);
  const expected = (1 - epsilon / well) ** 2 * varianceOf(x) + 2 * epsilon;
  expect(Math.abs(varianceOf(y!) / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / ROWS));
  // Nearer to the well than they were.
  if (width < well) expect(Math.abs(varianceOf(y!) - well)).toBeLessThan(well - width);
});
