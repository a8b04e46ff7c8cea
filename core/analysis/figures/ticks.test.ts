import { expect, test } from 'vitest';
import { makeScale } from './scale.ts';
import { angleTicks, linearTicks, logTicks, niceRange, niceStep } from './ticks.ts';

const labels = (ticks: readonly { label: string }[]) => ticks.map(({ label }) => label);

test('steps are 1, 2 or 5 times a power of ten', () => {
  expect([0.003, 0.13, 1, 1.1, 2.1, 7, 4e5].map(niceStep)).toEqual([0.005, 0.2, 1, 2, 5, 10, 5e5]);
});

test('linear ticks have no rounding dust and a true minus', () => {
  expect(labels(linearTicks([-0.3, 0.3], 6))).toEqual(['−0.3', '−0.2', '−0.1', '0.0', '0.1', '0.2', '0.3']);
  expect(labels(linearTicks([-1.8, 1.1], 5))).toEqual(['−1', '0', '1']);
  expect(labels(linearTicks([0, 2e6], 4))).toEqual(['0', '5e5', '1.0e6', '1.5e6', '2.0e6']);
  expect(labels(linearTicks([0, 3e-6], 3))).toEqual(['0', '1e−6', '2e−6', '3e−6']);
});

test('logarithmic ticks: decades, thinned when there are many, 1-2-5 when there are few, even within one', () => {
  expect(labels(logTicks([0.01, 100]))).toEqual(['0.01', '0.1', '1', '10', '100']);
  expect(labels(logTicks([1e-9, 1e3], 5))).toEqual(['10⁻⁹', '10⁻⁶', '10⁻³', '10⁰', '10³']);
  expect(labels(logTicks([0.08, 0.9]))).toEqual(['0.1', '0.2', '0.5']);
  expect(labels(logTicks([0.18, 0.7]))).toEqual(['0.2', '0.3', '0.4', '0.5', '0.6', '0.7']);
  expect(logTicks([0.31, 0.34]).length).toBeGreaterThan(1);
});

test('a nice range holds the data and ends on ticks', () => {
  expect(niceRange([0.13, 7.2], 5)).toEqual([0, 8]);
  expect(niceRange([-0.07, 0.02], 5)).toEqual([-0.08, 0.02]);
  expect(niceRange([0, 0])).toEqual([0, 1]);
});

test('angles are in degrees: quarters of a whole turn, round steps of less', () => {
  expect(labels(angleTicks([-Math.PI, Math.PI]))).toEqual(['−180', '−90', '0', '90', '180']);
  expect(angleTicks([-Math.PI, Math.PI]).map(({ value }) => value / Math.PI)).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(labels(angleTicks([0, 2 * Math.PI]))).toEqual(['0', '90', '180', '270', '360']);
  expect(labels(angleTicks([1.6, 2.2], 4))).toEqual(['100', '110', '120']);
});

test('scales map their ends to pixels; a logarithmic one has no place for 0', () => {
  const scale = makeScale('log', [0.1, 1000], [10, 410], 5);
  expect([0.1, 1, 1000].map(scale.at)).toEqual([10, 110, 410]);
  expect(scale.at(0)).toBeNaN();
  expect(() => makeScale('log', [0, 1], [0, 1], 5)).toThrow(/above 0/);
  expect(makeScale('linear', [-1, 1], [100, 0], 5).at(0.5)).toBe(25);
});
