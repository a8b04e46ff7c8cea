import { describe, expect, it } from 'vitest';
import { evaluated, numbers, relativeError } from '../models/evaluated.test-support.ts';
import { initialValues } from '../models/parameters.ts';
import { type Expert, expertModel } from './expert.ts';

const toy = (widths: number[]): Expert => ({
  range: [0, 1],
  network: { kind: 'mlp', dimension: 2, widths },
  conservative: true,
  alpha: 0,
  residual: 'exact',
  midpoint: 0.5,
});

describe('an expert', () => {
  it('has a score that is minus the gradient of its energy, for every width', async () => {
    for (const width of [3, 4, 8, 16]) {
      const model = expertModel(toy([width, width]));
      const parameters = { shape: [model.layout.size], values: initialValues(model.layout, 1) };
      const x = numbers(2);
      const h = 1e-4;
      const points = [x, [x[0]! + h, x[1]!], [x[0]! - h, x[1]!], [x[0]!, x[1]! + h], [x[0]!, x[1]! - h]].flatMap(
        (p) => [...p],
      );
      const { energy, score } = await evaluated(
        { parameters, x: { shape: [2], values: points, perSample: true }, t: { shape: [], values: [0.2] } },
        (inputs) => {
          const field = model.field(inputs);
          return { energy: field.energy!(inputs.x, inputs.t), score: field.score(inputs.x, inputs.t) };
        },
        { samples: 5 },
      );
      const differences = [energy![2]! - energy![1]!, energy![4]! - energy![3]!].map((d) => d / (2 * h));
      expect(relativeError(score!.slice(0, 2), differences)).toBeLessThan(1e-6);
    }
  });

  it('has as many parameters as the reference sizes say', () => {
    expect(expertModel(toy([92, 92, 92])).layout.size).toBe(6 * 92 + 92 + 2 * (92 * 92 + 92) + 92 + 1);
    const scoreOnly = expertModel({ ...toy([54, 54]), range: [0.1, 1], conservative: false });
    expect(scoreOnly.layout.size).toBe(9 * 54 + 54 + 54 * 54 + 54 + 54 * 2 + 2);
    expect(scoreOnly.shape).toEqual([2]);
  });

  it('without an energy cannot be asked to obey the Fokker–Planck equation', () => {
    expect(() => expertModel({ ...toy([3]), conservative: false, alpha: 1e-3 })).toThrow('set alpha to 0');
    expect(() => expertModel({ ...toy([3]), range: [0.5, 0.1] })).toThrow('0.5…0.1');
  });
});
