import { describe, expect, it } from 'vitest';
import { evaluated, numbers, run } from '../models/evaluated.test-support.ts';
import { centred, type Energy } from '../models/score-model.ts';
import { square } from '../program/functions.ts';
import { add, constant, matmul, mul, neg, reshape, sin, sum } from '../program/primitives.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import { exactResidual, squaredResidual, weakResidual } from './fokker-planck.ts';
import { gaussianEnergy, gaussianModel } from './gaussian-model.test-support.ts';
import { betaAt } from './noise-schedule.ts';
import { residualCurve, residualCurveInputs } from './residual-curve.ts';

const SAMPLES = 6;
const TIMES = [1e-3, 0.01, 0.1, 0.4, 0.7, 0.99];

const residuals = (energy: Energy, shape: Shape, form: typeof exactResidual, samples = SAMPLES, sameX = false) => {
  const size = shape.reduce((a, b) => a * b, 1);
  const x = numbers(samples * size, 4);
  return evaluated(
    {
      x: { shape, values: sameX ? Float64Array.from(x, (_, i) => x[i % size]!) : x, perSample: true },
      t: {
        shape: [],
        values: Float64Array.from({ length: samples }, (_, i) => TIMES[sameX ? 2 : i]!),
        perSample: true,
      },
    },
    (inputs) => {
      const { score, estimates } = form(energy, inputs.x, inputs.t);
      const [first, second = first] = estimates as [Tensor, ...Tensor[]];
      return { score, first, second };
    },
    { samples },
  );
};

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

describe('the Fokker–Planck residual', () => {
  for (const shape of [[1], [2], [4], [6]]) {
    const size = shape.reduce((a, b) => a * b, 1);
    const energy = gaussianEnergy(shape, numbers(size, 7), 0.6);

    it(`of a Gaussian in [${shape}] is zero at every t, exactly and in the weak form`, async () => {
      const exact = await residuals(energy, shape, exactResidual);
      // A probe sees vᵀ(1/V)v = D/V for an isotropic Gaussian, so even single probes are exact here.
      expect(largest(exact.first!)).toBeLessThan(1e-9);
      expect(largest(exact.second!)).toBeLessThan(1e-9);
      const weak = await residuals(energy, shape, weakResidual);
      expect(Array.from(weak.score!)).toEqual(Array.from(exact.score!, (s) => expect.closeTo(s, 9)));
    });
  }

  it('of a Gaussian molecule, blind to its centre, is zero on average over the probes', async () => {
    const samples = 4000;
    const shape = [3, 3];
    const energy = gaussianEnergy(shape, numbers(9, 7), 0.6);
    for (const form of [exactResidual, weakResidual]) {
      const { first, second } = await residuals(energy, shape, form, samples, true);
      for (const estimates of [first!, second!]) {
        const mean = estimates.reduce((a, b) => a + b, 0) / samples;
        const spread = Math.sqrt(estimates.reduce((a, b) => a + (b - mean) ** 2, 0) / samples);
        expect(Math.abs(mean)).toBeLessThan((4 * spread) / Math.sqrt(samples));
        // Counting the centre would shift the mean by ½β·3.
        expect(spread / Math.sqrt(samples)).toBeLessThan(0.1 * 0.5 * betaAt(0.1) * 3);
      }
    }
  });

  it('of a Gaussian is zero on average in the weak form', async () => {
    const samples = 4000;
    const { first, second } = await residuals(gaussianEnergy([2], [0.3, -0.2], 0.6), [2], weakResidual, samples, true);
    // v·s′v/σ² has the variance 2D/V² for a normal v.
    const noise = 0.5 * betaAt(0.1) * Math.sqrt((2 * 2) / samples) * 3;
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / samples;
    expect(Math.abs(mean(first!))).toBeLessThan(4 * noise);
    expect(Math.abs(mean(second!))).toBeLessThan(4 * noise);
    expect(largest(first!)).toBeGreaterThan(noise);
  });

  it('sees what is wrong: an energy without its time dependence, and one scaled', async () => {
    // E = ½|x|² solves it for every t; 2E leaves ½β (D + 4|x|² − 2|x|² − 2D).
    const half: Energy = (x) => mul(sum(square(x)), 0.5);
    const right = await residuals(half, [2], exactResidual);
    expect(largest(right.first!)).toBeLessThan(1e-12);
    const wrong = await residuals((x, t) => mul(half(x, t), 2), [2], exactResidual);
    const x = numbers(SAMPLES * 2, 4);
    wrong.first!.forEach((residual, s) => {
      const squared = x[2 * s]! ** 2 + x[2 * s + 1]! ** 2;
      expect(residual).toBeCloseTo(0.5 * betaAt(TIMES[s]!) * (2 * squared - 2), 10);
    });
    const moving = await residuals((x, t) => add(half(x, t), mul(t, 3)), [2], exactResidual);
    moving.first!.forEach((residual) => {
      expect(residual).toBeCloseTo(3, 10);
    });
  });

  /** ½ xᵀKx with a matrix that is not diagonal, plus something anharmonic. */
  const coupled = (dimension: number): Energy => {
    const k = numbers(dimension * dimension, 3);
    const symmetric = constant(
      Array.from(k, (_, i) => k[i]! + k[(i % dimension) * dimension + Math.floor(i / dimension)]!),
      [dimension, dimension],
    );
    return (x, t) => {
      const row = reshape(x, [1, dimension]);
      const quadratic = reshape(matmul(matmul(row, symmetric), row, false, true), []);
      return add(mul(quadratic, 0.5), mul(sum(sin(x)), t));
    };
  };

  it('is estimated without bias by probes, and so is its square', async () => {
    const samples = 20_000;
    const dimension = 5;
    const energy = coupled(dimension);
    const { first, second } = await residuals(energy, [dimension], exactResidual, samples, true);
    const x = numbers(samples * dimension, 4).slice(0, dimension);
    const { residual } = await exactAt(energy, x, 0.1);
    const statistics = (of: (s: number) => number) => {
      const values = Float64Array.from({ length: samples }, (_, s) => of(s));
      const mean = values.reduce((a, b) => a + b, 0) / samples;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / samples;
      return { mean, error: Math.sqrt(variance / samples) };
    };
    const single = statistics((s) => first![s]!);
    const product = statistics((s) => first![s]! * second![s]!);
    expect(single.error).toBeGreaterThan(1e-3);
    expect(Math.abs(single.mean - residual)).toBeLessThan(4 * single.error);
    expect(Math.abs(product.mean - residual ** 2)).toBeLessThan(4 * product.error);
  });

  it('has a less noisy square with more probes, and no other mean', async () => {
    const samples = 20_000;
    const energy = coupled(5);
    const x = numbers(5, 4);
    const { residual } = await exactAt(energy, x, 0.1);
    const given = { x: { shape: [5], values: x }, t: { shape: [], values: [0.1] } };
    const squaresWith = async (probes: number) => {
      const { square: values } = await evaluated(
        given,
        (inputs) => ({ square: squaredResidual(exactResidual(energy, inputs.x, inputs.t, probes)) }),
        { samples },
      );
      const mean = values!.reduce((a, b) => a + b, 0) / samples;
      return { mean, variance: values!.reduce((a, b) => a + (b - mean) ** 2, 0) / samples };
    };
    const [two, six] = [await squaresWith(2), await squaresWith(6)];
    for (const { mean, variance } of [two, six]) {
      expect(Math.abs(mean - residual ** 2)).toBeLessThan(4 * Math.sqrt(variance / samples));
    }
    expect(six.variance).toBeLessThan(two.variance / 2);
  });

  /** R from the definition, Laplacian and time derivative by differences. */
  async function exactAt(energy: Energy, x: Float64Array, t: number) {
    const h = 1e-4;
    const D = x.length;
    const points = [x, ...Array.from(x, (_, k) => [x.with(k, x[k]! + h), x.with(k, x[k]! - h)]).flat(), x, x];
    const times = points.map((_, i) => (i === points.length - 2 ? t + h : i === points.length - 1 ? t - h : t));
    const { e } = await evaluated(
      {
        x: { shape: [D], values: points.flatMap((p) => [...p]), perSample: true },
        t: { shape: [], values: times, perSample: true },
      },
      (inputs) => ({ e: energy(inputs.x, inputs.t) }),
      { samples: points.length },
    );
    let bracket = D;
    for (let k = 0; k < D; k++) {
      const [up, down] = [e![1 + 2 * k]!, e![2 + 2 * k]!];
      const slope = (up - down) / (2 * h);
      bracket += slope ** 2 - x[k]! * slope - (up + down - 2 * e![0]!) / h ** 2;
    }
    const byTime = (e!.at(-2)! - e!.at(-1)!) / (2 * h);
    return { residual: 0.5 * betaAt(t) * bracket + byTime };
  }

  it('agrees with its definition by differences, at all unit vectors', async () => {
    for (const dimension of [1, 2, 3, 4]) {
      const energy = coupled(dimension);
      const { first } = await residuals(energy, [dimension], exactResidual, 2, true);
      const { residual } = await exactAt(energy, numbers(2 * dimension, 4).slice(0, dimension), 0.1);
      expect(first![0]).toBeCloseTo(residual, 5);
    }
  });

  it('drawn against t is zero for a Gaussian, and known for a wrong energy', async () => {
    const shape = [2, 3];
    const samples = 50;
    const x0 = numbers(samples * 6, 5);
    const times = [1e-3, 0.1, 0.8];
    const { inputs, ...call } = residualCurveInputs(times, shape, samples);
    const right = await run(
      residualCurve(gaussianModel(shape, numbers(6, 2), 0.6)),
      { ...inputs, x0 },
      { ...call, samples },
    );
    expect(right.residual!.length).toBe(3);
    expect(largest(right.residual!)).toBeLessThan(1e-9);
    // ½|x|² of a centred molecule alone would obey the equation, so what grows with t is all that is left: R = 3 everywhere.
    const field = { energy: (x: Tensor, t: Tensor) => add(mul(sum(square(centred(x))), 0.5), mul(t, 3)), score: neg };
    const wrong = await run(
      residualCurve({ shape, inputs: {}, field: () => field }),
      { ...inputs, x0 },
      { ...call, samples },
    );
    for (const value of wrong.residual!) expect(value).toBeCloseTo(3 / 6, 10);
    // It is an offset and nothing else: R has no spread over x.
    for (const value of wrong.mean!) expect(value).toBeCloseTo(3 / 6, 10);
    wrong.square!.forEach((value, i) => {
      expect(value - wrong.mean![i]! ** 2).toBeCloseTo(0, 10);
    });
    // Twice that energy is wrong in x, and its spread is that of ½β (2|x|² − 2f): f / D √(2 / f) per β for a unit normal.
    const twice = { energy: (x: Tensor, t: Tensor) => add(sum(square(centred(x))), mul(t, 3)), score: neg };
    const many = 4000;
    const spread = await run(
      residualCurve({ shape, inputs: {}, field: () => twice }),
      { ...residualCurveInputs([0.99], shape, many).inputs, x0: numbers(many * 6, 5) },
      { ...residualCurveInputs([0.99], shape, many), samples: many },
    );
    const deviation = Math.sqrt(spread.square![0]! - spread.mean![0]! ** 2);
    // The variance of |x|² is 2f; its error from 4000 samples is some 2.5 %.
    expect(deviation / ((betaAt(0.99) * Math.sqrt(2 * 3)) / 6)).toBeCloseTo(1, 1);
  });
});
