import { describe, expect, test } from 'vitest';
import { makeScale } from './scale.ts';
import { angleTicks, linearTicks, logTicks, niceRange, niceStep, written } from './ticks.ts';

const labels = (ticks: readonly { label: string }[]) => ticks.map(({ label }) => label);

test('steps are 1, 2 or 5 times a power of ten', () => {
  expect([0.003, 0.13, 1, 1.1, 2.1, 7, 4e5].map(niceStep)).toEqual([0.005, 0.2, 1, 2, 5, 10, 5e5]);
});

test('linear ticks have no rounding dust and a true minus', () => {
  expect(labels(linearTicks([-0.3, 0.3], 6))).toEqual(['−0.3', '−0.2', '−0.1', '0', '0.1', '0.2', '0.3']);
  expect(labels(linearTicks([-1.8, 1.1], 5))).toEqual(['−1', '0', '1']);
  expect(labels(linearTicks([0, 2e6], 4))).toEqual(['0', '5·10⁵', '1.0·10⁶', '1.5·10⁶', '2.0·10⁶']);
  expect(labels(linearTicks([0, 3e-6], 3))).toEqual(['0', '10⁻⁶', '2·10⁻⁶', '3·10⁻⁶']);
});

test('logarithmic ticks: decades, thinned when there are many, 1-2-5 when there are few, even within one', () => {
  expect(labels(logTicks([0.01, 100]))).toEqual(['0.01', '0.1', '1', '10', '100']);
  expect(labels(logTicks([1e-9, 1e3], 5))).toEqual(['10⁻⁹', '10⁻⁶', '0.001', '1', '1000']);
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

describe('steps and ranges', () => {
  test('steps are 1, 2 or 5 times a power of ten and never smaller than asked for', () => {
    for (const rough of [1e-7, 0.013, 0.2, 0.21, 0.51, 3, 7, 99, 12345]) {
      const step = niceStep(rough);
      expect(step).toBeGreaterThanOrEqual(rough * (1 - 1e-9));
      expect([1, 2, 5]).toContain(Number((step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toFixed(6)));
    }
  });

  test('a range is widened to whole steps and has a width even if the data have none', () => {
    expect(niceRange([0.3, 7.2], 4)).toEqual([0, 8]);
    expect(niceRange([0, 0])).toEqual([0, 1]);
    const [low, high] = niceRange([4, 4]);
    expect(low).toBeLessThan(4);
    expect(high).toBeGreaterThan(4);
  });
});

describe('ticks', () => {
  test('a linear axis has as many decimals as its steps need, and a true minus', () => {
    expect(labels(linearTicks([-1, 1], 4))).toEqual(['−1.0', '−0.5', '0', '0.5', '1.0']);
    expect(labels(linearTicks([-4.2, 4.7], 3.9))).toEqual(['−4', '−2', '0', '2', '4']);
    expect(labels(linearTicks([0, 0.004], 4))).toEqual(['0', '0.001', '0.002', '0.003', '0.004']);
  });

  test('a logarithmic axis has powers of ten, with 2 and 5 between where there is room', () => {
    expect(labels(logTicks([1e-6, 1], 10))).toEqual(['10⁻⁶', '10⁻⁵', '10⁻⁴', '0.001', '0.01', '0.1', '1']);
    expect(labels(logTicks([0.9, 60]))).toEqual(['1', '2', '5', '10', '20', '50']);
    expect(logTicks([0, 1])).toEqual([]);
  });

  test('a whole turn has its quarters, in degrees at places in rad', () => {
    const ticks = angleTicks([-Math.PI, Math.PI], 5, '°');
    expect(labels(ticks)).toEqual(['−180°', '−90°', '0°', '90°', '180°']);
    expect(ticks[1]!.value).toBeCloseTo(-Math.PI / 2, 12);
    expect(labels(angleTicks([0, 2 * Math.PI], 5, '°'))).toEqual(['0°', '90°', '180°', '270°', '360°']);
    expect(labels(angleTicks([0, 2 * Math.PI], 2, '°'))).toEqual(['0°', '180°', '360°']);
  });

  test('ticks of an axis lie on it, whatever it is', () => {
    for (const [low, high] of [
      [-3.7, 12.1],
      [1e-9, 2e-9],
      [4e7, 9e7],
      [0.1, 0.3],
    ] as const) {
      const ticks = linearTicks([low, high], 6);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      for (const { value } of ticks) {
        expect(value).toBeGreaterThanOrEqual(low - 1e-9 * Math.abs(low));
        expect(value).toBeLessThanOrEqual(high + 1e-9 * Math.abs(high));
      }
      expect(new Set(labels(ticks)).size).toBe(ticks.length);
    }
  });

  test('numbers are written as finely as their step', () => {
    expect(written(1.2345, 0.01)).toBe('1.23');
    expect(written(-0.5, 0.1)).toBe('−0.5');
    expect(written(1.5e7, 1e5)).toBe('1.50·10⁷');
    expect(written(0, 1)).toBe('0');
  });

  test('an axis is written in one style, whichever size its numbers have', () => {
    expect(labels(linearTicks([0, 120_000], 6))).toEqual([
      '0',
      '2·10⁴',
      '4·10⁴',
      '6·10⁴',
      '8·10⁴',
      '1.0·10⁵',
      '1.2·10⁵',
    ]);
    expect(written(0.0123456, 1e-6)).toBe('1.2346·10⁻²');
  });
});
