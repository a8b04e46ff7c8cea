import { describe, expect, it } from 'vitest';
import { evaluated } from '../models/evaluated.test-support.ts';
import { timeFeatures } from '../models/time-features.ts';
import { boundaries, checkCover, expertAt } from './time-experts.ts';

const ranges = (...cuts: number[]) => cuts.slice(1).map((t1, i) => ({ range: [cuts[i]!, t1] as const }));

describe('time experts', () => {
  const experts = ranges(0, 0.1, 0.6, 1);

  it('give a boundary to the expert above it', () => {
    expect([0, 0.05, 0.1, 0.3, 0.6, 1].map((t) => expertAt(experts, t))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(() => expertAt(experts, 1.1)).toThrow('No expert answers for t = 1.1.');
  });

  it('must cover diffusion time once', () => {
    expect(() => checkCover(experts)).not.toThrow();
    expect(boundaries(experts)).toEqual([0.1, 0.6]);
    expect(() => checkCover(ranges(0, 0.1, 0.6))).toThrow('must reach 1');
    expect(() => checkCover([...ranges(0, 0.1), ...ranges(0.2, 1)])).toThrow('gap or overlap at t = 0.1');
  });
});

describe('time features', () => {
  it('are those of the method page', async () => {
    const t = 0.04;
    const periodic = (u: number) => [Math.cos(2 * Math.PI * u), Math.sin(2 * Math.PI * u), -Math.cos(4 * Math.PI * u)];
    const { whole, expert } = await evaluated({ t: { shape: [], values: [t] } }, (inputs) => ({
      whole: timeFeatures(inputs.t, [0, 1]),
      expert: timeFeatures(inputs.t, [0, 0.1]),
    }));
    [t - 0.5, ...periodic(t)].forEach((value, i) => {
      expect(whole![i]).toBeCloseTo(value, 14);
    });
    expect(expert!.length).toBe(7);
    periodic(t / 0.1).forEach((value, i) => {
      expect(expert![4 + i]).toBeCloseTo(value, 14);
    });
  });
});
