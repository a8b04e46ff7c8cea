import { describe, expect, test } from 'vitest';
import { freeEnergyOf } from '../../../core/analysis/free-energy/free-energy.ts';
import { histogram, innerCounts } from '../../../core/analysis/free-energy/histogram.ts';
import type { Axis, Surface } from '../../../core/host/contract.ts';
import { binAt, binCentre, energyDifference, energyOfCounts, summaryOf } from './free-energy.ts';

const axes: readonly [Axis, Axis] = [
  { label: 'x', limits: [0, 3], periodic: false },
  { label: 'y', limits: [-1, 1], periodic: false },
];

describe('free energies', () => {
  test('of counts are those that the core computes of the same points', () => {
    const x = Array.from({ length: 5000 }, (_, i) => Math.abs(Math.sin(i * 12.9898) * 3));
    const y = x.map((value, i) => Math.cos(value + i) * 0.9);
    const counted = histogram([x, y], {
      limits: [
        [0, 3],
        [-1, 1],
      ],
      bins: 20,
    });
    const expected = freeEnergyOf(counted, 1).values;
    const shown = energyOfCounts(innerCounts(counted));
    shown.forEach((F, bin) => {
      if (Number.isNaN(expected[bin]!)) expect(F).toBeNaN();
      else expect(F).toBeCloseTo(expected[bin]!, 5);
    });
  });

  test('of no counts at all are unknown everywhere', () => {
    expect([...energyOfCounts(new Float32Array(4))]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  test('a difference is unknown where either is', () => {
    expect([...energyDifference([3, Number.NaN, 1], [1, 1, Number.NaN])]).toEqual([2, Number.NaN, Number.NaN]);
  });

  test('bins and their middles belong together; the second axis runs fastest', () => {
    const energy = Float32Array.from([5, 5, 5, 5, 0, Number.NaN]);
    const surface: Surface = { bins: [3, 2], energy };
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 2; j++) expect(binAt(axes, surface, binCentre(axes, surface, [i, j]))).toEqual([i, j]);
    }
    expect(binCentre(axes, surface, [2, 0])).toEqual([2.5, -0.5]);
    expect(summaryOf(surface).lowest).toEqual([2, 0]);
    expect(summaryOf(surface).seen).toBeCloseTo(5 / 6, 12);
  });

  test('the upper end belongs to the last bin; beyond there is none', () => {
    const surface: Surface = { bins: [3, 2], energy: new Float32Array(6) };
    expect(binAt(axes, surface, [3, 1])).toEqual([2, 1]);
    expect(binAt(axes, surface, [3.01, 0])).toBeUndefined();
    expect(binAt(axes, surface, [1, -1.01])).toBeUndefined();
  });
});
