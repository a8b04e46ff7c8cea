import { describe, expect, test } from 'vitest';
import { type Curve, columnsOf, rangeOf } from './curves.ts';

const curve = (name: string, x: number[], y: number[], error?: number[]): Curve => ({
  name,
  x,
  y,
  error,
  colour: 0,
});

describe('columns of curves', () => {
  test('of different places stand over the union of them', () => {
    const { x, columns } = columnsOf([curve('a', [1, 3], [10, 30]), curve('b', [2, 3], [200, 300])]);
    expect(x).toEqual([1, 2, 3]);
    expect(columns.map(({ values }) => values)).toEqual([
      [10, null, 30],
      [null, 200, 300],
    ]);
  });

  test('what is no number is a gap, and on a logarithmic axis what is not above 0', () => {
    const curves = [curve('a', [1, 2, 3, 4], [Number.NaN, 0, -1, 5])];
    expect(columnsOf(curves).columns[0]!.values).toEqual([null, 0, -1, 5]);
    expect(columnsOf(curves, 0, true).columns[0]!.values).toEqual([null, null, null, 5]);
  });

  test('a band comes before its curve, the lower edge first', () => {
    const { columns } = columnsOf([curve('a', [1], [5], [2])]);
    expect(columns.map(({ role, values }) => [role, values[0]])).toEqual([
      ['low', 3],
      ['high', 7],
      ['line', 5],
    ]);
  });

  test('smoothing keeps the bare values under the line', () => {
    const { columns } = columnsOf([curve('a', [1, 2, 3], [1, 9, 1])], 2);
    expect(columns.map(({ role }) => role)).toEqual(['raw', 'line']);
    expect(columns[0]!.values).toEqual([1, 9, 1]);
    expect(columns[1]!.values[1]).toBeLessThan(9);
  });

  test('on a logarithmic axis a steep fall is smoothed in decades, and a bare curve is left alone', () => {
    const fall = curve('a', [1, 2, 3, 4, 5], [1e4, 1e3, 1e2, 1e1, 1]);
    const { columns } = columnsOf([fall, { ...curve('b', [1, 2, 3], [1, 9, 1]), bare: true }], 1, true);
    expect(columns.map(({ role }) => role)).toEqual(['raw', 'line', 'line']);
    expect(columns[1]!.values[2]).toBeCloseTo(1e2, 6);
    expect(columns[2]!.values.slice(0, 3)).toEqual([1, 9, 1]);
  });

  test('a long stream is put in order in one go', () => {
    const steps = Array.from({ length: 100_000 }, (_, i) => i);
    const { x } = columnsOf([
      curve('a', steps, steps),
      curve(
        'b',
        steps.map((step) => step + 0.5),
        steps,
      ),
    ]);
    expect(x).toHaveLength(200_000);
    expect(x[1]).toBe(0.5);
  });
});

describe('what an axis shows', () => {
  test('has a width where the data have none', () => {
    for (const axis of [{ label: 'a' }, { label: 'a', from: 0 }, { label: 'a', log: true }]) {
      for (const data of [
        [null, null],
        [2, 2],
        [0, 0],
      ] as const) {
        const [low, high] = rangeOf(axis, data, 0.05);
        expect(high).toBeGreaterThan(low);
        expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
        if (axis.log) expect(low).toBeGreaterThan(0);
      }
    }
  });

  test('ends that were given stay', () => {
    expect(rangeOf({ label: 'a', from: 0, to: 8 }, [1, 30], 0.05)).toEqual([0, 8]);
  });
});
